from tests.support.repository import ROOT
from tests.support.sharing_out import FIRST, TOGETHER, share_of, turn_of


def test_a_folder_that_shares_a_server_goes_to_one_worker():
    files = [str(file.relative_to(ROOT)) for file in (ROOT / "tests" / "flows").glob("test_*.py")]
    assert len(files) > 1
    assert {share_of(f"{file}::test_it[a/b::c]") for file in files} == {"tests/flows/"}


def test_other_files_are_each_free_to_go_to_either():
    assert share_of("tests/pages/test_about.py::test_it[a::b]") == "tests/pages/test_about.py"


def test_the_long_ones_come_first():
    long, short = "tests/viewer/test_component.py::test_it", "tests/common/test_labels.py::test_it"
    assert sorted([short, long], key=turn_of) == [long, short]


def test_what_is_named_is_there():
    for start in {*FIRST, *TOGETHER}:
        assert list(ROOT.glob(f"{start}*")), start
