from pathlib import Path

import pytest

from common.errors import InputError
from model_zoo.weights.folder import read_config as read_weights_config
from model_zoo.weights.provenance import EMBEDDED
from training.config import read_config

CONFIGS = Path(__file__).parents[2] / "training" / "configs"
MODELS = ("unet", "resnet_unet", "transunet")


@pytest.mark.parametrize("stage", ["first", "."])
def test_training_is_equal_for_all_but_the_learning_rate(stage):
    own = {"model", "learning_rate", "run_folder", "weights_folder", "start_from"}
    configs = [vars(read_config(CONFIGS / stage / f"{name}.toml")) for name in MODELS]
    shared = [{k: v for k, v in config.items() if k not in own} for config in configs]
    assert shared[0] == shared[1] == shared[2]


def test_the_shipped_weights_were_trained_equally():
    """What the files say of the training they come from, not what the next one would be."""
    own = {"model", "learning_rate", "run_folder", "weights_folder", "start_from"}
    shipped = [read_weights_config(EMBEDDED / name, name) for name in MODELS]
    assert shipped[0]["patients"] == shipped[1]["patients"] == shipped[2]["patients"]
    for stage in (shipped, [config.get("first_stage") or {} for config in shipped]):
        trained = [config.get("training", {}) for config in stage]
        shared = [{k: v for k, v in each.items() if k not in own} for each in trained]
        assert shared[0] == shared[1] == shared[2]


@pytest.mark.parametrize("name", MODELS)
def test_the_second_stage_starts_where_the_first_ends(name):
    first, second = (read_config(CONFIGS / stage / f"{name}.toml") for stage in ("first", "."))
    assert second.start_from == first.weights_folder


def test_of_what_is_learned_from_one_thing_changes_at_a_time():
    files = {file.stem: file for file in (CONFIGS / "learners").glob("*.toml")}
    own = {"about", "run_folder", "weights_folder"}
    configs = {
        name: {k: v for k, v in vars(read_config(file)).items() if k not in own}
        for name, file in files.items()
    }
    whole = configs.pop("whole")
    half = read_config(CONFIGS / "widths" / "unet_half.toml")
    assert whole["options"] == half.options, "what is said of it on the Benchmark page"
    changed = {
        name: {key for key in config if config[key] != whole[key]}
        for name, config in configs.items()
    }
    assert changed == {
        "partial": {"partial"},
        "lgg_heads": {"lgg_heads", "lgg_weight"},
        "hospital": {"volume"},
        "carvemix": {"volume"},
        "weak_enhancement": {"volume"},
    }
    assert len({read_config(file).run_folder for file in files.values()}) == len(files)


def test_what_more_patients_are_worth_to_flair_alone_is_one_change():
    whole, more = (
        vars(read_config(CONFIGS / "flair" / f"{name}.toml")) for name in ("whole", "more")
    )
    own = {"about", "run_folder", "weights_folder"}
    changed = {key for key in whole.keys() - own if whole[key] != more[key]}
    assert changed == {"partial", "lgg_heads", "lgg_weight"}


def test_narrower_networks_differ_in_their_widths_alone():
    own = {"about", "run_folder", "weights_folder"}
    for name in ("unet", "resnet_unet"):
        one = vars(read_config(CONFIGS / "widths" / f"{name}_half.toml"))
        other = vars(read_config(CONFIGS / "widths" / f"{name}.toml"))
        assert {key for key in one.keys() - own if one[key] != other[key]} == {"options"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("model = ", "is not a training configuration"),
        ('model = "unet"', "is not a training configuration"),
        (
            'model="unet"\nlearning_rate=1\nrun_folder="a"\nweights_folder="b"\nstepps=3',
            "stepps",
        ),
        (
            'model="unet"\nlearning_rate=1\nrun_folder="a"\nweights_folder="b"\nplanes=["oblique"]',
            "axial, coronal, sagittal",
        ),
        (
            'model="unet"\nlearning_rate=1\nrun_folder="a"\nweights_folder="b"\n'
            "[volume]\nmisalign=2",
            "volume.misalign is from 0 to 1",
        ),
    ],
)
def test_a_wrong_configuration_is_named(tmp_path, text, says):
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=says):
        read_config(file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.toml cannot be read"):
        read_config(tmp_path / "nowhere.toml")
