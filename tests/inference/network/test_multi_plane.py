import numpy as np
import pytest

from common.planes import PLANES
from inference.network.multi_plane import between, context, predict_volume, suspicious_place
from inference.network.preprocess import Prepared, from_slices, to_slices
from inference.network.working_scale import Sampling

SHAPE = (80, 96, 70)
TUMOUR = (slice(20, 45), slice(30, 60), slice(25, 50))
# Without its rim, which may be halfway between a slice with tumour and one without.
INSIDE = tuple(slice(side.start + 1, side.stop - 1) for side in TUMOUR)
ALL = tuple(PLANES)


def prepared(sampling=None, shape=SHAPE):
    """A head whose first channel is where its tumour is."""
    volume = np.ones((4, *shape), np.float32)
    volume[0] = 0.1
    volume[(0, *TUMOUR)] = 2
    whole = tuple(slice(0, side) for side in shape)
    slices = to_slices(volume)
    return Prepared(slices, whole, 0.0, sampling) if sampling else Prepared(slices, whole, 0.0)


class Answers:
    """Answers tumour where it is, by so much in each plane; told apart by the slices' sizes."""

    def __init__(self, **likely):
        self.likely, self.shown = likely, []

    def __call__(self, slices, *, sampling=None, progress=None):
        plane = list(self.likely)[min(len(self.shown), 2)]
        self.shown.append(slices.shape)
        if progress:
            progress(1.0)
        found = (slices[:, :1] > 1) * np.float16(self.likely[plane])
        return np.repeat(found, 3, axis=1).astype(np.float16)


@pytest.mark.parametrize("plane", PLANES)
def test_slices_of_a_plane_go_there_and_back(plane):
    volume = np.random.default_rng(0).random((2, 3, 4, 5))
    slices = to_slices(volume, plane)
    assert len(slices) == volume.shape[1 + PLANES[plane].normal]
    np.testing.assert_array_equal(from_slices(slices, plane), volume)


def test_as_they_are_looked_at():
    """The crown on top of coronal and sagittal slices; right on the left, the face on the left."""
    volume = np.zeros((1, 4, 5, 6))
    volume[0, 3, 4, 5] = 1  # the patient's right, front and top, where RAS+ ends
    for plane in PLANES:
        assert to_slices(volume, plane)[-1, 0, 0, 0] == 1


def test_the_answer_is_the_mean_of_the_planes():
    answers = Answers(axial=0.9, coronal=0.6, sagittal=0.3)
    found = predict_volume(answers, prepared(), planes=ALL)
    np.testing.assert_allclose(found[(slice(None), *INSIDE)].astype(float), 0.6, atol=1e-3)
    assert found.dtype == np.float16
    outside = np.ones(SHAPE, bool)
    outside[tuple(slice(side.start - 1, side.stop + 1) for side in TUMOUR)] = False
    assert not found[:, outside].any()


def test_the_other_planes_are_read_around_the_tumour_alone():
    answers = Answers(axial=0.9, coronal=0.6, sagittal=0.3)
    predict_volume(answers, prepared(), planes=ALL)
    _, coronal, sagittal = answers.shown
    assert coronal == ((30 + 16) / 2, 4, 70, 80)
    assert sagittal == ((25 + 16 + 1) / 2, 4, 70, 96)


@pytest.mark.parametrize("count", [1, 2, 3, 6, 7])
def test_slices_left_out_stand_halfway_between(count):
    ramp = np.arange(count, dtype=np.float32)
    whole = between(ramp[::2, None, None, None], count)[:, 0, 0, 0]
    expected = np.minimum(ramp, 2 * ((count - 1) // 2))
    np.testing.assert_array_equal(whole, expected)


def test_what_only_another_plane_sees_is_weighed_too():
    answers = Answers(axial=0.2, coronal=0.9, sagittal=0.9)
    found = predict_volume(answers, prepared(), planes=ALL)
    assert (found[(slice(None), *INSIDE)] > 0.6).all()


def test_nothing_suspicious_asks_no_other_plane():
    answers, told = Answers(axial=0.01, coronal=1, sagittal=1), []
    found = predict_volume(answers, prepared(), planes=ALL, progress=told.append)
    assert len(answers.shown) == 1
    assert found.max() < 0.02
    assert told[-1] == 1


@pytest.mark.parametrize(
    "scan",
    [
        prepared(Sampling(slice_mm=3.0)),
        prepared(Sampling(slice_mm=None)),
        prepared(Sampling(size=(90, 90))),
        prepared(shape=(80, 96, 55)),
    ],
    ids=["thick slices", "unknown voxels", "fine pixels", "a slab"],
)
def test_a_scan_that_looks_otherwise_from_the_side_is_read_in_axial_slices(scan):
    answers = Answers(axial=0.9, coronal=0.1, sagittal=0.1)
    found = predict_volume(answers, scan, planes=ALL)
    assert len(answers.shown) == 1
    assert found.max() == np.float16(0.9)


def test_a_network_that_knows_one_plane_is_asked_in_that():
    answers = Answers(axial=0.9)
    assert predict_volume(answers, prepared()).max() == np.float16(0.9)
    assert len(answers.shown) == 1


def test_progress_never_falls_and_ends():
    told = []
    answers = Answers(axial=0.9, coronal=0.6, sagittal=0.3)
    predict_volume(answers, prepared(), planes=ALL, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert len(told) >= 3


def test_a_speck_far_away_does_not_widen_the_place():
    whole = np.zeros(SHAPE)
    whole[TUMOUR] = 1
    whole[78, 94, 68] = 1
    assert suspicious_place(whole) == (slice(12, 53), slice(22, 68), slice(17, 58))
    assert suspicious_place(np.zeros(SHAPE)) is None


def test_context_stays_inside_and_comes_in_few_sizes():
    place = (slice(2, 22), slice(60, 180), slice(140, 150))
    around = context(place, "sagittal", (148, 181, 150))
    assert around == (slice(2, 22), slice(53, 181), slice(54, 150))
    for inner, outer, length in zip(place, around, (148, 181, 150), strict=True):
        assert 0 <= outer.start <= inner.start < inner.stop <= outer.stop <= length
