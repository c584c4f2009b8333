import pytest

from model_zoo.registry import ALL_MODELS
from training.commands import make_parser
from training.scoring.evaluation_options import EvaluationOptions, evaluation_command


def test_the_command_names_no_folder_of_this_machine():
    assert evaluation_command("evaluate", "val", ALL_MODELS).endswith("--split val --model all")
    assert "--data DIR" in evaluation_command("protocols", "test", ("unet",))


@pytest.mark.parametrize(
    ("evaluation_options", "told"),
    [
        (EvaluationOptions(), ""),
        (EvaluationOptions(precision="float"), " --precision float"),
        (EvaluationOptions(planes=("sagittal", "coronal", "axial")), ""),
        (EvaluationOptions("float", ("axial",)), " --precision float --planes axial"),
    ],
)
def test_the_command_asks_in_the_same_way_again(evaluation_options, told):
    command = evaluation_command("evaluate", "test", ("unet",), evaluation_options)
    assert command.endswith(f"--model unet{told}")
    options = make_parser().parse_args(command.removeprefix("python -m training ").split())
    assert options.precision == evaluation_options.precision
    assert set(options.planes) == set(evaluation_options.planes)
