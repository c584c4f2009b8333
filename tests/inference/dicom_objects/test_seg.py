import highdicom as hd
import numpy as np
import pytest
from pydicom import dcmread

from inference.dicom_objects.description.structures import PARTS
from inference.dicom_objects.seg import segmentation_object
from tests.inference.dicom import made
from tests.inference.dicom_objects.conftest import (
    MADE,
    PLANES,
    answered,
    drawn_labels,
    enlarge,
)


def parts(answer):
    return segmentation_object(answer.result, answer.series, PARTS, kind="parts", made=MADE)


def first_segment(seg):
    """Its frames in the order of the slices; highdicom begins at the other end."""
    return seg.PerFrameFunctionalGroupsSequence[:PLANES][::-1]


@pytest.fixture(scope="module")
def seg(files):
    return hd.seg.segread(files["seg"])


def test_it_holds_the_labels_voxel_for_voxel_on_the_images(seg, answer):
    uids = list(answer.header.sop_instance_uids)
    labels = seg.get_pixels_by_source_instance(uids, combine_segments=True)
    assert np.array_equal(labels, drawn_labels())


def test_every_frame_is_kept_at_the_place_of_its_image(seg, answer):
    assert seg.SegmentationType == "BINARY"
    assert seg.NumberOfFrames == 3 * PLANES
    for frame, image in zip(first_segment(seg), answer.header.slices, strict=True):
        [source] = frame.DerivationImageSequence[0].SourceImageSequence
        assert source.ReferencedSOPInstanceUID == image.sop_instance_uid
        assert source.ReferencedSOPClassUID == made.MR
        place = frame.PlanePositionSequence[0].ImagePositionPatient
        np.testing.assert_allclose(place, image.position, atol=1e-6)


def test_it_states_the_distance_of_its_slices(seg):
    measures = seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.SpacingBetweenSlices == pytest.approx(1.0)
    assert list(measures.PixelSpacing) == list(made.PIXEL_SPACING)


def test_it_refers_to_the_whole_series_and_its_space(seg, answer):
    [series] = seg.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == answer.header.series_uid
    uids = [item.ReferencedSOPInstanceUID for item in series.ReferencedInstanceSequence]
    assert tuple(uids) == answer.header.sop_instance_uids
    assert seg.FrameOfReferenceUID == answer.header.frame_of_reference_uid
    assert made.uid("P1", "study") == seg.StudyInstanceUID


def test_segments_have_codes(seg):
    found = [(s.SegmentLabel, s.segmented_property_type.value) for s in seg.SegmentSequence]
    assert found == [
        ("Necrotic core", "6574001"),
        ("Oedema", "79654002"),
        ("Enhancing tumour", "C113842"),
    ]


def test_it_names_what_drew_it_and_what_it_is_for(seg):
    [algorithm] = seg.SegmentSequence[0].SegmentationAlgorithmIdentificationSequence
    assert (algorithm.AlgorithmName, algorithm.AlgorithmVersion) == ("GlioLens U-Net", "c7f5446")
    assert f"unet_weights_sha256={'a' * 64}" in algorithm.AlgorithmParameters
    assert "research only" in seg.SeriesDescription
    assert "research only" in seg.ContentDescription
    assert "Not a medical device" in seg.SegmentSequence[0].SegmentDescription


def test_what_was_not_drawn_has_no_segment(series_folder):
    labels = drawn_labels()
    labels[labels == 1] = 3
    found = parts(answered(series_folder, labels))
    assert [s.SegmentLabel for s in found.SegmentSequence] == ["Oedema", "Enhancing tumour"]
    assert [s.SegmentNumber for s in found.SegmentSequence] == [1, 2]
    assert parts(answered(series_folder, np.zeros_like(labels))) is None


def test_one_structure_alone_is_written_too(series_folder):
    """A single segment goes to the shared groups of frames."""
    found = parts(answered(series_folder, 2 * (drawn_labels() > 0).astype(np.uint8)))
    assert found.NumberOfFrames == PLANES
    assert found.get_volume(combine_segments=True).array.any()


def test_a_model_of_the_whole_tumour_alone_calls_nothing_oedema(series_folder, tmp_path):
    labels = 2 * (drawn_labels() > 0).astype(np.uint8)
    answer = answered(series_folder, labels, model="flair_unet", regions=("wt",))
    seg = dcmread(answer.write(tmp_path)["seg"])
    assert [s.SegmentLabel for s in seg.SegmentSequence] == ["Whole tumour"]


def test_regions_lie_one_in_the_other(files, answer):
    regions = hd.seg.segread(files["regions"])
    assert [s.SegmentLabel for s in regions.SegmentSequence] == [
        "Whole tumour",
        "Tumour core",
        "Enhancing tumour",
    ]
    uids = list(answer.header.sop_instance_uids)
    found = regions.get_pixels_by_source_instance(uids)
    labels = drawn_labels()
    for at, inside in enumerate(((1, 2, 3), (1, 3), (3,))):
        assert np.array_equal(found[..., at], np.isin(labels, inside))
    assert dcmread(files["seg"]).SOPInstanceUID != regions.SOPInstanceUID


def test_other_labels_or_other_weights_give_another_object(answer, series_folder):
    other = answered(series_folder, np.where(drawn_labels() == 1, 3, drawn_labels()))
    elsewhere = answered(series_folder, model="transunet")
    uids = {parts(each).SOPInstanceUID for each in (answer, other, elsewhere)}
    assert len(uids) == 3


def test_every_frame_has_its_image_where_the_source_lacks_a_slice(tmp_path):
    there = [index for index in range(PLANES) if index != 4]
    made.write_series(tmp_path, edit=enlarge, slices=there, spacing=1.0)
    answer = answered(tmp_path)
    found = parts(answer)
    assert found.NumberOfFrames == 3 * (PLANES - 1)
    sources = [
        frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        for frame in found.PerFrameFunctionalGroupsSequence
    ]
    there_uids = [uid for uid in answer.header.sop_instance_uids if uid]
    assert set(sources) == set(there_uids)
    measures = found.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    assert measures.SpacingBetweenSlices == pytest.approx(1.0)
    labels = hd.seg.Segmentation.from_dataset(found).get_pixels_by_source_instance(
        there_uids, combine_segments=True
    )
    assert np.array_equal(labels, drawn_labels()[there])


def test_frames_of_an_enhanced_file_are_referred_to_by_number(tmp_path):
    dataset = made.enhanced(PLANES, echoes=(30.0, 94.0), spacing=1.0)
    enlarge(dataset, 0)
    dataset.PixelData = dataset.PixelData * 2 * PLANES
    made.write(dataset, tmp_path / "enhanced")
    found = parts(answered(tmp_path, echo=94.0))
    [image] = found.SourceImageSequence
    assert image.ReferencedSOPClassUID == made.ENHANCED_MR
    assert image.ReferencedSOPInstanceUID == dataset.SOPInstanceUID
    numbers = [
        frame.DerivationImageSequence[0].SourceImageSequence[0].ReferencedFrameNumber
        for frame in first_segment(found)
    ]
    assert list(map(int, numbers)) == list(range(2, 2 * PLANES + 1, 2))
