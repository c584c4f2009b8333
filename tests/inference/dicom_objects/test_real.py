"""Segmentations on real series of several vendors: the smallest of each."""

import math
import os
from pathlib import Path

import highdicom as hd
import numpy as np
import pytest

from inference.dicom.exams import find_exams
from inference.dicom_objects.image_series import series_of_dicom
from inference.dicom_objects.result import results_of
from inference.dicom_objects.write import Source, Writer
from tests.inference.dicom_objects.conftest import MADE, segmentation_of
from tests.support.foreign_readers import program, run
from tests.support.repository import ROOT

_ODD = (
    Path(os.environ.get("GLIOLENS_DATA", ROOT.parent / "shared" / "data")).resolve()
    / "hospital"
    / "odd"
)
VENDORS = ("ge", "hitachi", "philips", "philips_enhanced", "siemens")

pytestmark = pytest.mark.slow


def smallest_series(vendor):
    if not (_ODD / vendor).is_dir():
        pytest.skip("no DICOM series in GLIOLENS_DATA/hospital/odd")
    exams = find_exams([_ODD / vendor]).exams
    readable = [s for exam in exams for s in exam.series if s.grid and not s.refusal]
    return min(readable, key=lambda series: math.prod(series.grid.shape))


def ball(header):
    """(planes, rows, columns): three shells in the middle of a series."""
    columns, rows, planes = header.grid.shape
    places = np.indices((planes, rows, columns), sparse=True)
    away = sum(
        (2 * at / (size - 1) - 1) ** 2
        for at, size in zip(places, (planes, rows, columns), strict=True)
    )
    return np.select([away < 0.2, away < 0.4, away < 0.7], [1, 3, 2]).astype(np.uint8)


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_lies_on_a_real_series_is_valid_and_reads_back(vendor, tmp_path):
    header = smallest_series(vendor)
    segmentation = segmentation_of(ball(header), header)
    [result] = results_of({"unet": segmentation}, header.grid)
    series = series_of_dicom(header)
    writer = Writer(Source(series, header.grid), tmp_path, MADE)
    files = list(writer.objects(result, segmentation, ("seg", "rtstruct", "sr")))
    for file in files:
        printed = run(program("dciodvfy"), file)
        assert not [line for line in printed.splitlines() if line.startswith("Error")], printed
    seg = hd.seg.segread(files[0])
    frames = [plane.frame_number for plane in series.planes]
    if None in frames:
        uids = list(series.sop_instance_uids)
        labels = seg.get_pixels_by_source_instance(uids, combine_segments=True)
    else:
        [uid] = series.sop_instance_uids
        labels = seg.get_pixels_by_source_frame(uid, frames, combine_segments=True)
    assert np.array_equal(labels, ball(header))
