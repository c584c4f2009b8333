"""What an open project has, and that its pages say what the repository holds."""

import re

import pytest
import yaml

from model_zoo.registry import registry
from tests.conftest import ROOT
from tests.docs.pages import text_of, words_of
from tests.support.imports import modules_imported, python_files
from tests.test_architecture import FLOORS, TOP
from training.data.data_sets import BRATS, LGG


def test_the_licence_is_apache_2():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert re.search(r"Copyright \d{4} GlioLens contributors", text)


def test_the_citation_has_what_its_format_requires():
    """Source: https://github.com/citation-file-format/citation-file-format, schema 1.2.0."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert citation["license"] == "Apache-2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    for reference in citation["references"]:
        assert {"type", "title", "authors"} <= reference.keys()


def test_the_citation_is_of_the_papers_that_the_weights_ask_for():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    for reference in citation["references"]:
        first = reference["authors"][0]["family-names"]
        assert f"{first} et al. {reference['year']}" in BRATS.licence + LGG.licence
        assert (reference.get("doi") or reference["url"]) in text_of("docs/licences")


@pytest.mark.parametrize("name", registry())
def test_the_licence_of_every_models_weights_is_named(name):
    rows = [
        row for row in text_of("docs/licences").splitlines() if f"`assets/weights/{name}`" in row
    ]
    [row] = rows
    card = (ROOT / "assets" / "weights" / name / "README.md").read_text()
    licence = re.search(r"^license_name: (\S+)$", card, re.MULTILINE)[1]
    assert licence.replace("-", " ") in row.lower().replace("-", " ")


# What a host does without that only runs the models, on a processor.
NOT_SERVED = {"torch", "torchvision", "segmentation-models-pytorch", "captum"}


def required(file):
    """The lines of a file of requirements."""
    lines = (ROOT / file).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def test_what_serves_is_what_there_is_without_pytorch():
    served = set(required("requirements-serve.txt"))
    everything = {line: line.split("==")[0] for line in required("requirements.txt")}
    assert served == {line for line, name in everything.items() if name not in NOT_SERVED}


def test_every_dependency_has_its_reason():
    kinds = ("", "-hospital", "-cluster", "-sign-in", "-dev")
    names = [line.split("==")[0] for kind in kinds for line in required(f"requirements{kind}.txt")]
    named = re.findall(r"^\| ([^|]+) \|", text_of("docs/dependencies"), re.MULTILINE)
    reasons = {name for cell in named for name in cell.split(", ")}
    assert [name for name in names if name not in reasons] == []


def test_the_page_on_architecture_says_who_imports_whom():
    page = text_of("docs/architecture")
    for place, others in TOP.items():
        assert f"| `{place}` | {_listed(others) or 'none'} |" in page
    for place, floors in FLOORS.items():
        assert f"| `{place}` | {_listed(floors)} |" in page


def _listed(names):
    return ", ".join(f"`{name}`" for name in names)


def test_the_page_on_architecture_says_who_knows_streamlit():
    knows = {
        place
        for place in TOP
        for file in python_files(ROOT / place)
        if any(name.split(".")[0] == "streamlit" for name in modules_imported(file))
    }
    listed = ", ".join(f"`{place}`" for place in ("app.py", "pages", "workspace", "viewer"))
    assert f"is imported by {listed} and `quicklook` only" in words_of("docs/architecture")
    assert knows == {"app.py", "pages", "workspace", "viewer", "quicklook"}


def test_every_page_of_the_app_is_described():
    titles = re.findall(r'st\.Page\(.+?title="([^"]+)"', (ROOT / "app.py").read_text())
    assert len(titles) == len(list((ROOT / "pages").glob("*.py")))
    assert [title for title in titles if f"| {title} |" not in text_of("docs/app")] == []
