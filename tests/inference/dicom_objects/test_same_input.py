"""The same input gives the same bytes, dates aside."""

import copy
from datetime import timedelta
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread

from inference.dicom_objects.document import pdf_document
from inference.dicom_objects.origin.instance import save
from inference.dicom_objects.write import Source, Writer
from tests.inference.dicom_objects.conftest import EVERY, MADE

DATES = ("DA", "TM", "DT")


def undated(dataset: Dataset) -> Dataset:
    """A copy whose dates and times, in all its sequences, are empty."""

    def empty(_, element):
        if element.VR in DATES:
            element.value = ""

    bare = copy.deepcopy(dataset)
    bare.walk(empty)
    return bare


def bytes_without_dates(file: Path, folder: Path) -> bytes:
    save(undated(dcmread(file)), folder / "undated.dcm")
    return (folder / "undated.dcm").read_bytes()


@pytest.mark.parametrize("kind", EVERY)
def test_made_a_week_later_it_differs_in_dates_alone(answer, tmp_path, kind):
    def written(name, made):
        writer = Writer(Source(answer.series, answer.header.grid), tmp_path / name, made)
        files = writer.objects(answer.result, answer.segmentation, EVERY)
        return next(file for file in files if file.stem.endswith(f"_{kind}"))

    one = written("one", MADE)
    other = written("other", MADE + timedelta(days=7, seconds=1))
    assert one.name == other.name
    assert one.read_bytes() != other.read_bytes()
    assert bytes_without_dates(one, tmp_path) == bytes_without_dates(other, tmp_path)


def test_so_does_the_document(answer, tmp_path):
    def saved(made):
        document = pdf_document(b"%PDF-1.4", [answer.result], answer.series, made=made)
        save(document, tmp_path / "document.dcm")
        return bytes_without_dates(tmp_path / "document.dcm", tmp_path)

    assert saved(MADE) == saved(MADE + timedelta(days=7, seconds=1))
