"""The table of faults is the one on the page, and names tests that there are."""

import ast

from tests.soak.cells import STAGES, faults
from tests.soak.page import PAGE, page
from tests.support.repository import ROOT


def functions_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_page_is_written_from_the_list():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_stage_is_reached_by_some_fault():
    assert {cell.stage for fault in faults() for cell in fault.cells} == set(STAGES)


def test_every_cell_is_held_by_tests_that_there_are():
    named = {test for fault in faults() for cell in fault.cells for test in cell.tests}
    assert all(cell.tests for fault in faults() for cell in fault.cells)
    missing = {
        test for test in named if test.split("::")[1] not in functions_in(test.split("::")[0])
    }
    assert missing == set()
