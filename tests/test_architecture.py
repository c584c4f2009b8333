"""Who may import whom: docs/architecture.md in a form that fails when it is not kept."""

import pytest

from tests.support.imports import (
    imported_when_loaded,
    module_name,
    modules_imported,
    python_files,
)
from tests.support.repository import ROOT

# A folder imports those named here and itself; each stands below those that import it. The command
# line of inference is a place of its own: it reports, and what reports imports inference.
COMMAND_LINE = "inference/cli"
TOP = {
    "common": (),
    "model_zoo": ("common",),
    "inference": ("common", "model_zoo"),
    "viewer": ("common",),
    "report": ("common", "model_zoo", "inference"),
    COMMAND_LINE: ("common", "model_zoo", "inference", "report"),
    "scene": ("common", "report"),
    "quicklook": ("common", "model_zoo", "inference", "viewer"),
    "workspace": ("common", "model_zoo", "inference", "viewer", "report", "scene"),
    "pages": (
        *("common", "model_zoo", "inference", "viewer", "report", "scene"),
        *("quicklook", "workspace"),
    ),
    "app.py": ("workspace",),
    "synthetic": ("common",),
    "training": ("common", "model_zoo", "inference", "report", COMMAND_LINE, "synthetic"),
    "benchmarks": (
        *("common", "model_zoo", "inference", "viewer"),
        *(COMMAND_LINE, "workspace", "training", "synthetic"),
    ),
}
ENTRY = ROOT / "inference" / "__main__.py"
# Inside these, a folder or file at the top imports only what stands before it in its list; what
# is not listed (entry points, an architecture a file) may import anything of the same folder.
FLOORS = {
    "inference": (
        *("geometry", "case", "metrics", "network", "naming", "io", "analysis"),
        *("dicom", "study", "preparation", "dicom_objects", "pacs", "cli"),
    ),
    "workspace": (
        *("models", "events", "kept_file", "images_on_disk", "memory_budget", "held_cases"),
        *("open_case", "own_frames"),
        *("jobs", "streamlit_patches", "session", "load", "case_results"),
        *("display", "desk", "study", "picture", "benchmark"),
    ),
    "training": (
        "data",
        "scoring",
        "cards",
        "run",
        "release",
        "experiments",
        "template",
        "brain_mask",
        "hospital",
        "commands",
    ),
}
# Floors that stand side by side: the later one does without the earlier.
APART = {
    ("workspace", "study", "desk"),
    ("workspace", "picture", "desk"),
    ("workspace", "picture", "study"),
    ("workspace", "benchmark", "study"),
    ("workspace", "benchmark", "desk"),
    ("workspace", "benchmark", "picture"),
    ("training", "release", "scoring"),
    ("training", "release", "cards"),
    ("training", "release", "run"),
}
# What the app and the command line are made of. On a processor they run without PyTorch: what
# imports it stands in the files named here, which the others import where they need it.
SERVING = (
    *("common", "model_zoo", "inference", "viewer", "report", "scene", "quicklook"),
    *("workspace", "pages", "app.py"),
)
_NETWORKS = ("brain_mask", "edge_unet", "resnet_unet", "transunet", "unet", "vgg16_unet")
BY_PYTORCH = {
    *(f"model_zoo.{name}" for name in (*_NETWORKS, "segmenter", "_torchvision")),
    *("model_zoo.weights.tensors", "inference.analysis.explanation"),
    *("inference.network.precision", "inference.network.pytorch"),
}
PYTORCH = {"torch", "torchvision", "segmentation_models_pytorch", "captum"}


def imported_below(place: str, floors: tuple[str, ...], floor: str) -> set[str]:
    """The floors of a folder that one of them imports."""
    there = ROOT / place / floor
    files = python_files(there if there.is_dir() else there.with_suffix(".py"))
    names = [name.split(".") for file in files for name in modules_imported(file)]
    return {parts[1] for parts in names if parts[0] == place and len(parts) > 1} & set(floors)


def place_of(module: str) -> str:
    """The place of a module that is imported."""
    return COMMAND_LINE if module.startswith("inference.cli") else module.split(".")[0]


def files_of(place: str) -> list:
    """The files of a place, without those of a place inside it and the entry to that one."""
    inside = [ROOT / other for other in TOP if other.startswith(f"{place}/")]
    return [
        file
        for file in python_files(ROOT / place)
        if file != ENTRY and not any(file.is_relative_to(folder) for folder in inside)
    ]


@pytest.mark.parametrize("place", TOP)
def test_folders_at_the_top_import_one_way(place):
    imported = {place_of(name) for file in files_of(place) for name in modules_imported(file)}
    assert (imported & TOP.keys()) - {place} <= set(TOP[place])


def test_the_entry_to_the_command_line_imports_little_else():
    imported = {place_of(name) for name in modules_imported(ENTRY)} & TOP.keys()
    assert imported == {COMMAND_LINE, "common"}


@pytest.mark.parametrize("place", TOP)
def test_no_source_imports_tests(place):
    names = [name for file in python_files(ROOT / place) for name in modules_imported(file)]
    assert [name for name in names if name.split(".")[0] == "tests"] == []


def test_every_folder_at_the_top_has_its_place():
    packages = {folder.name for folder in ROOT.iterdir() if any(folder.glob("*.py"))}
    assert packages - {"tests"} <= TOP.keys()


@pytest.mark.parametrize("place", FLOORS)
def test_every_folder_inside_has_its_floor(place):
    folders = {folder.parent.name for folder in (ROOT / place).glob("*/__init__.py")}
    assert folders <= set(FLOORS[place])


@pytest.mark.parametrize(
    ("place", "floor"), [(place, floor) for place, floors in FLOORS.items() for floor in floors]
)
def test_floors_import_downwards(place, floor):
    floors = FLOORS[place]
    allowed = {
        below for below in floors[: floors.index(floor) + 1] if (place, floor, below) not in APART
    }
    assert imported_below(place, floors, floor) <= allowed


def serving_files():
    """Every file of the rooms that serve, by the name it is imported by."""
    files = [file for place in SERVING for file in python_files(ROOT / place)]
    return {module_name(file, ROOT): file for file in files}


def test_pytorch_is_imported_with_few_files_of_what_serves():
    found = {
        module
        for module, file in serving_files().items()
        if {name.split(".")[0] for name in imported_when_loaded(file)} & PYTORCH
    }
    assert found == BY_PYTORCH


def test_the_others_import_those_where_they_need_them():
    found = {
        module: imported_when_loaded(file) & BY_PYTORCH
        for module, file in serving_files().items()
        if module not in BY_PYTORCH
    }
    assert {module: names for module, names in found.items() if names} == {}
