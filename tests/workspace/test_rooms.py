import pytest

from tests.conftest import ROOT
from tests.rooms import rooms_imported

WORKSPACE = ROOT / "workspace"
ROOMS = {"benchmark", "desk", "picture"}


def test_what_the_rooms_share_imports_none_of_them():
    assert {file.parent.name for file in WORKSPACE.glob("*/__init__.py")} == ROOMS
    assert not rooms_imported(WORKSPACE)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_no_room_imports_another(room):
    assert rooms_imported(WORKSPACE, f"{room}/*.py") == {room}
