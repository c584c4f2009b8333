"""Every command that the documentation names can be given."""

import re
import shlex

import pytest

from benchmarks.commands import make_parser as benchmarks_parser
from inference.cli.listen_options import LISTEN, make_listen_parser
from inference.cli.one_line import EXIT_BAD_INPUT, EXIT_DONE, EXIT_INTERNAL, EXIT_NO_WEIGHTS
from inference.cli.options import make_parser as inference_parser
from synthetic.__main__ import main as write_synthetic
from tests.conftest import ROOT
from tests.docs.pages import PAGES, text_of
from training.commands import make_parser as training_parser

_PROGRAM = re.compile(r"python -m (inference|training|benchmarks|synthetic) ([^\n`]*)")
_MAKE = re.compile(r"^ {4,}make ([a-z-]+)|`make ([a-z-]+)", re.MULTILINE)
_PLACEHOLDERS = {"NAME": "unet", "HUB_NAME": "someone", "N": "1", "…": None}
PARSERS = {
    "inference": inference_parser,
    "training": training_parser,
    "benchmarks": benchmarks_parser,
}


def commands() -> list[tuple[str, str]]:
    """(program, arguments) as they stand on the pages."""
    return sorted({found for page in PAGES for found in _PROGRAM.findall(page.read_text())})


def arguments_of(text: str) -> list[str]:
    """What a person would type, with every option that is in brackets."""
    plain = re.sub(r"[\[\])]", "", text.replace("`,", " ").replace("(", " "))
    words = [word.split("|")[-1] for word in shlex.split(plain, comments=True)]
    filled = [_PLACEHOLDERS.get(word, word) for word in words]
    return [word for word in filled if word is not None]


def test_commands_are_found():
    assert len(commands()) > 15
    assert {program for program, _ in commands()} == {*PARSERS, "synthetic"}


@pytest.mark.parametrize(("program", "text"), commands())
def test_programs_take_the_options_that_are_written(program, text, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # a --json that is named must be writable, and is not written
    arguments = arguments_of(text)
    if (program == "training" and len(arguments) == 1) or arguments == [LISTEN]:
        arguments = [*arguments, "--help"]  # a command that is only named
    if program == "synthetic":
        arguments = [*arguments, "--help"]
    if "--help" in arguments:
        with pytest.raises(SystemExit, match="0"):
            _run(program, arguments)
    else:
        _run(program, arguments)


def _run(program, arguments):
    if program == "synthetic":
        write_synthetic(arguments)
        return
    parser = PARSERS[program]()
    if program == "inference" and arguments[:1] == [LISTEN]:
        parser, arguments = make_listen_parser(), arguments[1:]
    parser.parse_args(arguments)
    for each in parser._actions:
        if isinstance(each.choices, dict):
            parser = each.choices[arguments[0]]
    # argparse would take the beginning of an option for it.
    assert {word for word in arguments if word.startswith("--")} <= set(options_of(parser))


def test_make_has_every_target_that_is_written():
    named = {a or b for page in PAGES for a, b in _MAKE.findall(page.read_text())}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test", "lint", "setup-dev"} <= named
    assert named <= targets


@pytest.mark.parametrize(
    ("heading", "parser"),
    [
        ("Segmentation: `python -m inference`", inference_parser),
        ("Listener: `python -m inference listen`", make_listen_parser),
    ],
)
def test_the_reference_has_every_option_of_the_segmentation(heading, parser):
    text = text_of("docs/command-line")
    section = text[text.index(f"\n## {heading}\n") + 1 :]
    section = section[: section.index("\n## ")]
    assert len(options_of(parser())) > 5
    for option in options_of(parser()):
        assert f"\n| `{option}` |" in section


@pytest.mark.parametrize("program", ["training", "benchmarks"])
def test_the_reference_has_every_command_with_its_options(program):
    [commands] = [each for each in PARSERS[program]()._actions if not each.option_strings]
    for name, parser in commands.choices.items():
        row = re.search(rf"^\| `{name}` \|.*\|$", text_of("docs/command-line"), re.MULTILINE)[0]
        assert set(re.findall(r"--[a-z-]+", row)) == set(options_of(parser))


def options_of(parser):
    options = [each.option_strings[-1] for each in parser._actions if each.option_strings]
    return [option for option in options if option != "--help"]


def test_the_reference_names_every_model():
    [models] = [a.choices for a in inference_parser()._actions if "--model" in a.option_strings]
    assert [name for name in models if f"`{name}`" not in text_of("docs/command-line")] == []


def test_the_reference_names_every_exit_code():
    for code in (EXIT_DONE, EXIT_INTERNAL, EXIT_BAD_INPUT, EXIT_NO_WEIGHTS):
        assert f"\n| {code} |" in text_of("docs/command-line")
