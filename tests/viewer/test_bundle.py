"""The viewer imports nothing from above; its browser modules are all reached, and all used."""

import re

import pytest

from tests.support.imports import modules_imported
from viewer.bundle import BROWSER, bundle

MODULES = sorted(BROWSER.rglob("*.js"))
IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
DECLARED = re.compile(r"^(?:async )?(?:const|let|class|function) (\w+)", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:const|class|function) (\w+)", re.MULTILINE)
# A component's own module: Streamlit calls its default export.
COMPONENTS = [file for file in MODULES if "export default" in file.read_text("utf-8")]


def imports_of(file):
    """The file that each import names, with the names taken from it."""
    for names, path in IMPORT.findall(file.read_text("utf-8")):
        yield (file.parent / path).resolve(), [name.strip() for name in names.split(",")]


def reached_from(file, reached):
    if file not in reached:
        reached.add(file)
        for imported, _ in imports_of(file):
            reached_from(imported, reached)
    return reached


def test_python_imports_the_standard_terms_and_nothing_from_above():
    files = BROWSER.parent.glob("*.py")
    rooms = {name.split(".")[0] for file in files for name in modules_imported(file)}
    folders = {folder.name for folder in BROWSER.parents[1].iterdir() if folder.is_dir()}
    assert rooms & folders == {"common", "viewer"}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_a_module_takes_what_there_is_and_uses_what_it_takes(file):
    text = file.read_text("utf-8")
    assert text.count("\nimport ") + text.startswith("import ") == len(IMPORT.findall(text))
    for imported, names in imports_of(file):
        assert imported.is_relative_to(BROWSER), f"{imported} is not the viewer's"
        missing = set(filter(None, names)) - set(EXPORTED.findall(imported.read_text("utf-8")))
        assert not missing, f"{imported.name} has no {missing}"
        body = IMPORT.sub("", text)
        unused = [name for name in names if name and not re.search(rf"\b{name}\b", body)]
        assert not unused


@pytest.mark.parametrize("file", COMPONENTS, ids=lambda file: file.name)
def test_the_modules_of_one_script_declare_every_name_once(file):
    source = bundle(str(file.relative_to(BROWSER)))
    names = DECLARED.findall(source)
    assert sorted(names) == sorted(set(names))
    assert not re.search(r"^(import|export (?!default))", source, re.MULTILINE)


def test_no_module_is_left_over():
    reached = set()
    for file in COMPONENTS:
        reached_from(file, reached)
    assert reached == set(MODULES)


def test_shared_folders_take_nothing_from_a_single_view():
    views = {"compare", "heat", "components"}
    for file in MODULES:
        folder = file.relative_to(BROWSER).parts[0]
        taken = {imported.relative_to(BROWSER).parts[0] for imported, _ in imports_of(file)}
        assert folder in views or not taken & views, file
    heat = {i for file in (BROWSER / "heat").glob("*.js") for i, _ in imports_of(file)}
    assert not [file for file in heat if file.is_relative_to(BROWSER / "compare")]
