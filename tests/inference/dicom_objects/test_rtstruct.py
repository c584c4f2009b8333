import numpy as np
import pytest
from pydicom import dcmread
from pydicom.config import RAISE
from pydicom.valuerep import validate_value
from skimage.draw import polygon2mask

from common.vocabulary import REGION_LABELS
from inference.dicom_objects.rtstruct import structure_set
from tests.inference.dicom import made
from tests.inference.dicom_objects.conftest import (
    COLUMNS,
    MADE,
    PLANES,
    ROWS,
    answered,
    drawn_labels,
    enlarge,
)


@pytest.fixture(scope="module")
def contours(files):
    return dcmread(files["rtstruct"])


def filled(roi, series):
    """(planes, rows, columns) bool: what lies within the contours, pixel by pixel."""
    mask = np.zeros((PLANES, ROWS, COLUMNS), bool)
    directions = np.array(series.geometry.orientation).reshape(2, 3)[::-1]
    steps = directions * np.array(series.geometry.pixel_spacing)[:, None]
    planes = {plane.sop_instance_uid: at for at, plane in enumerate(series.planes)}
    for contour in roi.ContourSequence:
        at = planes[contour.ContourImageSequence[0].ReferencedSOPInstanceUID]
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        away = points - np.array(series.planes[at].position)
        pixels = away @ np.linalg.pinv(steps)
        np.testing.assert_allclose(pixels @ steps, away, atol=1e-3)  # they lie in the plane
        mask[at] ^= polygon2mask((ROWS, COLUMNS), pixels)
    return mask


def test_filled_again_the_contours_give_the_regions(contours, answer):
    for roi, (region, labels) in zip(
        contours.ROIContourSequence, REGION_LABELS.items(), strict=True
    ):
        found, wanted = filled(roi, answer.series), np.isin(drawn_labels(), labels)
        dice = 2 * (found & wanted).sum() / (found.sum() + wanted.sum())
        assert dice >= 0.99, region


def test_decimals_are_legal(contours):
    texts = [
        text
        for roi in contours.ROIContourSequence
        for contour in roi.ContourSequence
        for text in contour["ContourData"].value
    ]
    assert max(len(str(text)) for text in texts) <= 16
    for text in {str(text) for text in texts}:
        validate_value("DS", text, RAISE)


def test_structures_have_names_that_planning_systems_show_and_types(contours):
    names = [roi.ROIName for roi in contours.StructureSetROISequence]
    assert names == ["WT unet", "TC unet", "ET unet"]
    observed = contours.RTROIObservationsSequence
    assert {each.RTROIInterpretedType for each in observed} == {"GTV"}
    assert [each.ReferencedROINumber for each in observed] == [1, 2, 3]
    assert [list(roi.ROIDisplayColor) for roi in contours.ROIContourSequence] == [
        [0xF0, 0xE4, 0x42],
        [0x56, 0xB4, 0xE9],
        [0xD5, 0x5E, 0x00],
    ]


def test_nobody_has_approved_it_and_it_says_what_drew_it(contours):
    assert contours.ApprovalStatus == "UNAPPROVED"
    assert "research only" in contours.SeriesDescription
    assert f"unet_weights_sha256={'a' * 64}" in contours.StructureSetDescription
    assert len(contours.StructureSetLabel) <= 16


def test_it_refers_to_the_whole_series_and_its_space(contours, answer):
    [space] = contours.ReferencedFrameOfReferenceSequence
    assert space.FrameOfReferenceUID == answer.header.frame_of_reference_uid
    [series] = space.RTReferencedStudySequence[0].RTReferencedSeriesSequence
    assert series.SeriesInstanceUID == answer.header.series_uid
    uids = [item.ReferencedSOPInstanceUID for item in series.ContourImageSequence]
    assert tuple(uids) == answer.header.sop_instance_uids


def test_nothing_drawn_is_no_structure_set(series_folder):
    answer = answered(series_folder, np.zeros_like(drawn_labels()))
    assert structure_set(answer.result, answer.series, made=MADE) is None


def test_contours_on_a_slice_that_is_missing_name_no_image(tmp_path):
    there = [index for index in range(PLANES) if index != 4]
    made.write_series(tmp_path, edit=enlarge, slices=there, spacing=1.0)
    answer = answered(tmp_path)
    found = structure_set(answer.result, answer.series, made=MADE)
    named = [
        "ContourImageSequence" in contour for contour in found.ROIContourSequence[0].ContourSequence
    ]
    assert named.count(False) == 1
