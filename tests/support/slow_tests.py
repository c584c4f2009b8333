"""Which tests ``make check`` leaves out for the time they took when it was last measured.

Run on what ``pytest --junit-xml=FILE`` wrote, it writes the list anew::

    .venv/bin/python -m tests.support.slow_tests FILE
"""

import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean
from xml.etree import ElementTree

from tests.support.repository import ROOT

LIST = ROOT / "tests" / "slow_tests.txt"
SLOW_SECONDS = 0.12


def slow_tests() -> frozenset[str]:
    """Their names, without parameters: ``tests/x/test_y.py::test_z``."""
    return frozenset(LIST.read_text(encoding="utf-8").split())


def function_of(nodeid: str) -> str:
    """What all cases of one test share."""
    return nodeid.partition("[")[0]


def is_there(name: str) -> bool:
    """Whether a file has such a test, or the class that has or inherits it."""
    file, first, *_ = name.split("::")
    if not (ROOT / file).is_file():
        return False
    text = (ROOT / file).read_text(encoding="utf-8")
    return f"def {first}(" in text or f"class {first}" in text


def measured(report: Path) -> dict[str, float]:
    """Seconds that a case of each test took in the mean, by its name."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("skipped") is None:
            seconds[_name(case)].append(float(case.get("time", 0)))
    return {name: mean(each) for name, each in seconds.items()}


def _name(case: ElementTree.Element) -> str:
    *modules, last = case.get("classname", "").split(".")
    is_class = last[:1].isupper()
    file = "/".join(modules if is_class else [*modules, last])
    inside = [last] if is_class else []
    return "::".join([f"{file}.py", *inside, function_of(case.get("name", ""))])


def main(report: Path) -> None:
    slow = sorted(name for name, took in measured(report).items() if took >= SLOW_SECONDS)
    LIST.write_text("".join(f"{name}\n" for name in slow if is_there(name)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
