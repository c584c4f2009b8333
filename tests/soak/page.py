"""The page ``docs/faults.md``: every fault at every stage, and what is answered."""

from tests.soak.cells import STAGES, faults
from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "faults.md"
HEAD = f"""# Faults and their answers

What goes wrong around the app, at each stage of its work ({", ".join(STAGES)}).
In each the visitor reads what happened and what to do, others go on, and nothing wrong is shown
as a result. Each row names the tests that hold it; `make test` runs the cheap ones, `make soak`
all. The page is written by `python -m tests.soak` from `tests/soak/faults.toml`.

| Fault | Stage | Answer | Held by |
| --- | --- | --- | --- |
"""


def page() -> str:
    """Its text."""
    rows = [
        f"| {fault.name} | {cell.stage} | {cell.answer} | {_held_by(cell.tests)} |\n"
        for fault in faults()
        for cell in fault.cells
    ]
    beyond = [f"- {fault.name}: {fault.beyond}\n" for fault in faults()]
    return f"{HEAD}{''.join(rows)}\n## Stages that a fault does not reach\n\n{''.join(beyond)}"


def _held_by(tests: tuple[str, ...]) -> str:
    return ", ".join(
        f"`tests/{file}`" for file in dict.fromkeys(test.split("::")[0] for test in tests)
    )
