"""DICOM results of a study, for the Report page."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from pydicom import dcmread

from inference.network.segmentation import Segmentation
from model_zoo.weights.provenance import Provenance
from workspace.case_results.hospital_files import (
    OFFERED,
    HospitalChoice,
    came_as_dicom,
    object_writer,
    series_of,
)
from workspace.open_case import packed
from workspace.own_frames import on_frames


@pytest.fixture(scope="module")
def opened(small_study):
    return packed(small_study, read_seconds=0.1)


def record_of(case):
    """What the page would export of a case: one model that drew a box."""
    labels = np.zeros(case.shape, np.uint8)
    labels[tuple(slice(n // 3, n // 2 + 1) for n in case.shape)] = 3
    weights = Provenance("embedded", "c7f5446", "a" * 64)
    box = (slice(0, 0),) * 3
    found = Segmentation("unet", labels, np.zeros((3, 0, 0, 0), np.float16), box, {}, weights)
    finding = SimpleNamespace(name="unet", segmentation=found)
    return SimpleNamespace(segmented=(finding,), made=datetime(2026, 11, 29, tzinfo=UTC))


def written(shown, folder, choice):
    pdf = folder / "report.pdf"
    pdf.write_bytes(b"%PDF-1.4")
    files = object_writer(shown, record_of(shown.case), choice)(folder / "dicom", pdf)
    return {file.name: dcmread(file) for file in files}


@pytest.mark.parametrize("frames", ["t1c", "flair"])
def test_objects_lie_on_the_frames_that_are_shown(opened, tmp_path, frames):
    shown = on_frames(opened, frames)
    assert came_as_dicom(shown)
    assert series_of(shown) == frames
    found = written(shown, tmp_path, HospitalChoice(tuple(OFFERED)))
    assert set(found) == {
        *("unet_seg.dcm", "unet_regions.dcm", "unet_rtstruct.dcm", "unet_sr.dcm"),
        "report.dcm",
    }
    series = opened.came.examination.dicom[frames].series_uid
    assert found["unet_seg.dcm"].ReferencedSeriesSequence[0].SeriesInstanceUID == series
    assert found["unet_seg.dcm"].PatientID == "P1"


def test_as_the_networks_saw_it_they_lie_on_the_t1c(opened, tmp_path):
    found = written(opened, tmp_path, HospitalChoice(("seg",)))
    series = opened.came.examination.dicom["t1c"].series_uid
    assert series_of(opened) == "t1c"
    assert found["unet_seg.dcm"].ReferencedSeriesSequence[0].SeriesInstanceUID == series


def test_without_identifiers_the_images_come_along(opened, tmp_path):
    found = written(on_frames(opened, "t1c"), tmp_path, HospitalChoice(("seg",), True))
    assert "0001.dcm" in found
    assert {str(each.PatientName) for each in found.values()} != {"Doe^Jane"}
    assert len({each.PatientID for each in found.values()}) == 1
    # The images are those of the scan, not zeros that were kept in their place.
    assert max(each.pixel_array.max() for name, each in found.items() if name[0] == "0") == 700


def test_what_came_as_files_has_none(opened):
    assert not came_as_dicom(replace(opened, came=None))
