"""What our own reader makes of the study, and of each variant of it."""

import numpy as np
import pytest

from inference.dicom.exams import find_exams
from inference.study.dicom_examination import read_dicom_examination
from synthetic.study.protocol import ANATOMY
from synthetic.study.write import MISSING


@pytest.fixture(scope="module")
def classic(plain):
    return read_dicom_examination([plain])


@pytest.fixture
def variant(written):
    return lambda name: read_dicom_examination([written(name)])


def test_every_sequence_is_read_as_what_it_is_with_the_voxels_that_were_written(classic, exam):
    assert set(classic.images) == {"t1", "t1c", "t2", "flair"}
    for sequence in ANATOMY:
        ((stack, values),) = exam[sequence.key].volumes
        image = classic.images[sequence.key]
        # The order of slices is the reader's own: the place of each voxel is what counts.
        np.testing.assert_array_equal(_by_place(image), _laid_out(values, stack.affine))
        assert sorted(image.grid.shape) == sorted(stack.shape)


def test_the_localiser_and_the_map_are_in_the_table_and_not_read(classic):
    left = {row.number: row.reason for row in classic.series if row.modality is None}
    assert set(left) == {1, 5}
    assert "diffusion" in left[5]


@pytest.mark.parametrize("name", ["enhanced", "latin1", "japanese"])
def test_a_variant_gives_the_same_volumes_as_the_classic_study(variant, classic, name):
    other = variant(name)
    assert set(other.images) == set(classic.images)
    for modality, image in classic.images.items():
        assert other.images[modality].grid.differs_from(image.grid) is None
        np.testing.assert_array_equal(other.images[modality].voxels, image.voxels)


def test_a_missing_slice_is_named_and_filled_and_nothing_else_changes(variant, classic):
    key, _ = MISSING
    other = variant("missing-slice")
    apart = {
        modality: np.flatnonzero((image.voxels != other.images[modality].voxels).any(axis=(0, 1)))
        for modality, image in classic.images.items()
    }
    assert {modality: len(slices) for modality, slices in apart.items() if len(slices)} == {key: 1}
    [filled] = apart[key]
    voxels = other.images[key].voxels
    neighbours = (voxels[..., filled - 1] + voxels[..., filled + 1]) / 2
    np.testing.assert_allclose(voxels[..., filled], neighbours, atol=0.5)
    assert any("missing" in note and "26" in note for note in other.notes)


def test_copies_are_dropped_and_counted(classic):
    notes = " ".join(classic.notes)
    assert "2 slices were given twice" in notes
    assert "1 slice was given twice" in notes


def test_neither_name_nor_number_of_the_patient_is_in_what_is_read(written):
    folder = written("latin1")
    text = repr((find_exams([folder]), read_dicom_examination([folder]).notes))
    assert "Muster" not in text
    assert "SYNTHETIC-1" not in text


def _by_place(image):
    return _laid_out(image.grid.to_native(image.voxels), image.grid.affine)


def _laid_out(values, affine):
    """The slices in one direction, whatever the order they are stored in."""
    down = affine[np.abs(affine[:3, 2]).argmax(), 2] < 0
    return np.asarray(values[..., ::-1] if down else values, float)
