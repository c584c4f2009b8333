"""What takes long to compute has somewhere to go before it is computed."""

from pathlib import Path

import pytest

from inference.cli.one_line import OneLineParser, writable_file


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
