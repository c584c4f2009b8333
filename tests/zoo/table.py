"""The page ``docs/zoo.md``: every file of the zoo and its answer."""

from functools import cache

from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "zoo.md"
READ = "read"
HEAD = """# Odd files and their answers

Every file of the zoo that the tests keep (`tests/zoo`), and what the command line says to it. Each
answer is given within 0.1 s of processor time after start-up and within 50 MB of memory, under a
limit of the address space; the app's Open page reads and refuses the same ones. What is read is
compared with what other programs read. The networks are left out, and the preparation of studies.
`make test` compares this page with what is said. Limits: [Files](files.md#limits-of-size).

| File | Answer |
| --- | --- |
"""


def answer_of(outcome) -> str:
    """What a row of the page says of how the command ended."""
    return READ if outcome.code == 0 else " ".join(outcome.error.split())


def write(answers: dict[str, str]) -> None:
    """Write the page anew."""
    rows = (f"| {about} | {answer.replace('|', '∣')} |\n" for about, answer in answers.items())
    PAGE.write_text(HEAD + "".join(rows), encoding="utf-8")


@cache
def answers_on_page() -> dict[str, str]:
    """The answers by what is odd about a file."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()[HEAD.count("\n") :]
    return dict(line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines)
