"""What takes long to compute has somewhere to go before it is computed."""

from pathlib import Path

import pytest

from common.interrupts import EXIT_STOPPED
from inference.cli.one_line import (
    OneLineParser,
    run_command,
    writable_file,
    writable_folder,
)
from inference.cli.options import make_parser
from inference.io.whole_file import write_whole


@pytest.fixture
def parser():
    parser = OneLineParser(prog="scores")
    commands = parser.add_subparsers()
    commands.add_parser("evaluate").add_argument("--json", type=writable_file)
    commands.add_parser("card")
    return parser


def test_a_file_that_can_be_written_passes(parser, tmp_path):
    file = tmp_path / "not" / "yet" / "there.json"
    assert parser.parse_args(["evaluate", "--json", str(file)]).json == file
    assert list(tmp_path.iterdir()) == []
    assert parser.parse_args(["evaluate"]).json is None
    assert not hasattr(parser.parse_args(["card"]), "json")


def test_a_place_that_cannot_be_written_is_told_before_the_work(parser, tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    for place, why in (
        (tmp_path, "is a folder; name a file in it"),
        (tmp_path / "file" / "scores.json", "is no folder"),
        (Path("/proc/scores.json"), "cannot be written in"),
    ):
        with pytest.raises(SystemExit) as left:
            parser.parse_args(["evaluate", "--json", str(place)])
        assert left.value.code == 2
        error = capsys.readouterr().err
        assert error.startswith("scores evaluate: argument --json: ")
        assert why in error
        assert error.count("\n") == 1
    assert (tmp_path / "file").read_text() == "x"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_an_output_folder_is_tried_before_the_work(tmp_path, capsys):
    parser = OneLineParser(prog="p")
    parser.add_argument("--output", type=writable_folder)
    fine = tmp_path / "not" / "yet"
    assert parser.parse_args(["--output", str(fine)]).output == fine
    assert not fine.exists()
    (tmp_path / "file").write_text("x")
    for place, why in (
        (tmp_path / "file", "is no folder"),
        (tmp_path / "file" / "below", "is no folder"),
        (Path("/proc/below"), "cannot be written in"),
        (tmp_path / ("x" * 300) / "out", "cannot be made (File name too long)"),
    ):
        with pytest.raises(SystemExit) as left:
            parser.parse_args(["--output", str(place)])
        assert left.value.code == 2
        assert why in capsys.readouterr().err


def test_the_options_of_inference_try_their_output(tmp_path, capsys):
    with pytest.raises(SystemExit):
        make_parser().parse_args(["scan", "--output", "/proc/below"])
    assert "cannot be written in" in capsys.readouterr().err


def test_ctrl_c_ends_in_one_line(capsys):
    def interrupted():
        raise KeyboardInterrupt

    assert run_command(interrupted) == EXIT_STOPPED
    assert capsys.readouterr().err == "Stopped; what was not finished was not written.\n"


def test_a_link_that_leads_nowhere_is_told_before_the_work(tmp_path, capsys):
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    parser = OneLineParser(prog="p")
    parser.add_argument("--output", type=writable_folder)
    parser.add_argument("--json", type=writable_file)
    for arguments in (
        ["--output", str(tmp_path / "link")],
        ["--output", str(tmp_path / "link" / "in" / "it")],
        ["--json", str(tmp_path / "link" / "a.json")],
    ):
        with pytest.raises(SystemExit):
            parser.parse_args(arguments)
        assert "link is a link that leads nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--output", "--json"])
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_not_the_folder_one_stands_in(option, name, capsys):
    """As of a variable of the shell that is not set."""
    with pytest.raises(SystemExit) as left:
        make_parser().parse_args(["case", option, name])
    assert left.value.code == 2
    assert "is named" in capsys.readouterr().err


def test_a_full_disk_is_a_sentence_that_names_the_file(tmp_path, capsys):
    def full(_file):
        raise OSError(28, "No space left on device")

    assert run_command(lambda: write_whole(tmp_path / "unet.nii.gz", full)) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path}/unet.nii.gz could not be written: its disk has no room")
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())
