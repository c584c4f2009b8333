import ast

import pytest

from tests.conftest import ROOT

# Each may import from those before it.
ORDER = ("data", "scoring", "cards", "run", "experiments")
TRAINING = ROOT / "training"
MAY_IMPORT = {room: {room, *ORDER[:place]} for place, room in enumerate(ORDER)}
MAY_IMPORT["release"] = {"release", "data"}
MAY_IMPORT["commands"] = {"commands", *MAY_IMPORT}


def modules_imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def rooms_imported(folder, files="*.py"):
    parts = [name.split(".") for file in folder.glob(files) for name in modules_imported(file)]
    named = {part[1] for part in parts if part[0] == "training" and len(part) > 1}
    return {name for name in named if (TRAINING / name).is_dir()}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_one_way(room):
    assert rooms_imported(TRAINING / room) <= MAY_IMPORT[room]


def test_what_all_rooms_share_imports_no_room():
    for shared in ("config.py", "log.py", "results.py"):
        assert not rooms_imported(TRAINING, shared)


@pytest.mark.parametrize("place", ["app.py", "pages", "inference", "model_zoo", "workspace"])
def test_what_serves_visitors_never_imports_training(place):
    files = [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")
    imported = {name.split(".")[0] for file in files for name in modules_imported(file)}
    assert "training" not in imported
