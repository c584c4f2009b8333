import pytest

from tests.conftest import ROOT
from tests.rooms import modules_imported, rooms_imported

TRAINING = ROOT / "training"
# Each may import from those before it.
ORDER = ("data", "scoring", "cards", "run", "experiments")
MAY_IMPORT = {room: {room, *ORDER[:place]} for place, room in enumerate(ORDER)}
MAY_IMPORT["release"] = {"release", "data"}
MAY_IMPORT["brain_mask"] = {"brain_mask"}
MAY_IMPORT["commands"] = {"commands", *MAY_IMPORT}


def test_every_room_has_its_place():
    assert {file.parent.name for file in TRAINING.glob("*/__init__.py")} == set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_one_way(room):
    assert rooms_imported(TRAINING, f"{room}/*.py") <= MAY_IMPORT[room]


@pytest.mark.parametrize("shared", ["config.py", "log.py", "results.py"])
def test_what_the_rooms_share_imports_none_of_them(shared):
    assert not rooms_imported(TRAINING, shared)


@pytest.mark.parametrize("place", ["app.py", "pages", "inference", "model_zoo", "workspace"])
def test_what_serves_visitors_never_imports_training(place):
    files = [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")
    imported = {name.split(".")[0] for file in files for name in modules_imported(file)}
    assert "training" not in imported
