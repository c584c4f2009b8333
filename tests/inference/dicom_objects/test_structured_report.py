import highdicom as hd
import numpy as np
import pytest
from pydicom import dcmread

from inference.dicom_objects.figures import figures_of
from inference.dicom_objects.structured_report import structured_report
from tests.inference.dicom_objects.conftest import MADE, answered, drawn_labels


@pytest.fixture(scope="module")
def report(files):
    return hd.sr.srread(files["sr"])


def test_it_is_a_measurement_report_that_needs_reading(report):
    [template] = report.ContentTemplateSequence
    assert template.TemplateIdentifier == "1500"
    assert report.VerificationFlag == "UNVERIFIED"
    assert "research only" in report.SeriesDescription


def test_each_region_has_its_figures_and_its_segment(report, answer, files):
    figures = figures_of(answer.segmentation, answer.header.readable_grid)
    regions = dcmread(files["regions"])
    groups = report.content.get_volumetric_roi_measurement_groups()
    for number, (group, wanted) in enumerate(zip(groups, figures.values(), strict=True), 1):
        values = {m.name.meaning: m.value for m in group.get_measurements()}
        assert values == {
            "Volume": pytest.approx(wanted.volume_ml, abs=1e-3),
            "Long axis": pytest.approx(wanted.diameters.longest_mm, abs=0.06),
            "Short axis": pytest.approx(wanted.diameters.across_mm, abs=0.06),
            "Count": wanted.lesions,
        }
        segment = group.referenced_segment
        assert segment.referenced_sop_instance_uid == regions.SOPInstanceUID
        assert segment.referenced_segment_numbers == [number]
        assert group.tracking_uid == regions.SegmentSequence[number - 1].TrackingUID


def test_the_volume_is_that_of_the_voxels(answer):
    figures = figures_of(answer.segmentation, answer.header.readable_grid)
    voxels = np.count_nonzero(drawn_labels() == 3)
    assert figures["et"].volume_ml == pytest.approx(voxels * 0.8 * 1.2 * 1.0 / 1000)


def test_it_lists_what_it_refers_to(report, answer, files):
    [study] = report.CurrentRequestedProcedureEvidenceSequence
    uids = {
        item.ReferencedSOPInstanceUID
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    }
    assert dcmread(files["regions"]).SOPInstanceUID in uids


def test_nothing_drawn_is_reported_as_nothing(series_folder, saved):
    answer = answered(series_folder, np.zeros_like(drawn_labels()))
    figures = figures_of(answer.segmentation, answer.header.readable_grid)
    report = structured_report(answer.result, figures, answer.series, None, made=MADE)
    groups = hd.sr.srread(saved(report)).content.get_image_measurement_groups()
    volumes = [group.get_measurements()[0].value for group in groups]
    assert volumes == [0, 0, 0]
