"""Arrays: one slice as .npy, never more than it claims and never code."""

import tracemalloc

import numpy as np
import pytest
from numpy.lib import format as npy

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.slices.numpy_array import read_array
from inference.network.preprocess import to_slices


@pytest.fixture
def channels():
    """(40, 48, 4): each channel another gradient before a background of 0."""
    y, x = np.mgrid[:40, :48]
    inside = (y - 20) ** 2 + (x - 24) ** 2 < 200
    return np.stack([inside * (1 + y + n * x) for n in range(4)], -1).astype(np.int16)


@pytest.fixture
def save(tmp_path):
    def write(array, name="slice.npy"):
        np.save(tmp_path / name, array)
        return tmp_path / name

    return write


def refused(path, *words):
    with pytest.raises(InputError) as caught:
        read_array(path)
    assert path.name in str(caught.value)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("dtype", ["u1", "<i2", ">i2", "<f4", ">f8"])
def test_channels_last_or_first_in_any_kind_of_number(save, channels, order, first, dtype):
    array = np.moveaxis(channels, -1, 0) if first else channels
    path = save(np.asarray(array.astype(dtype), order=order))
    with open_cases([path]) as [files]:
        case = read_case(files)
    assert case.present == MODALITIES
    assert "The channels of slice.npy were taken to be T1, T1c, T2, FLAIR." in case.notes
    expected = np.moveaxis(channels.astype(dtype).astype(np.float32), -1, 0)
    np.testing.assert_array_equal(to_slices(case.volume)[0], expected)


def test_the_order_can_be_named(save, channels):
    path = save(channels)
    case = read_case(CaseFiles("x", stacked=path, channels=("flair", None, "t1", "t2")))
    assert case.present == ("t1", "t2", "flair")
    np.testing.assert_array_equal(to_slices(case.volume)[0, 3], channels[..., 0])


def test_one_modality(save, channels):
    case = read_case(CaseFiles("x", {"t2": save(channels[..., 0], "x_t2.npy")}))
    assert case.present == ("t2",)
    assert not case.voxel_size_known


@pytest.mark.parametrize("shape", [(), (40,), (40, 48, 3), (5, 40, 48), (40, 48, 30, 4), (9, 9, 4)])
def test_other_shapes_are_refused(save, shape):
    refused(save(np.zeros(shape, np.float32)), "numbers")


def test_what_can_be_read_in_two_ways_is_refused(save):
    refused(save(np.zeros((4, 40, 4))), "two ways")


@pytest.mark.parametrize("dtype", ["O", "c8", "U3", "M8[s]"])
def test_only_plain_numbers(save, dtype):
    refused(save(np.zeros((40, 48), dtype)), "one plain number a pixel")


def test_an_object_is_never_unpickled(save, tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    refused(save(np.array([[Trap()] * 40] * 40, object)), "holds objects")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("shape", "words"),
    [((90_000, 90_000, 4), "on each side"), ((2048, 2048, 4), "cut off"), ((-40, 48), "numbers")],
)
def test_a_claim_costs_nothing(tmp_path, shape, words):
    path = tmp_path / "x.npy"
    with path.open("wb") as stream:
        header = {"descr": "<f8", "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(stream, header)
        stream.write(bytes(1000))
    tracemalloc.start()
    refused(path, words)
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8', ", "damaged header"),
        (b"", "is empty"),
        (b"hello", "is a text file"),
        (b"\x93NUMPY", "damaged header"),
        (b"\x93NUMPY\x01\x00\xff\xff{", "damaged header"),
        (b"\x93NUMPY\x09\x00\x10\x00" + bytes(16), "damaged header"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"__import__('os')", "damaged header"),
    ],
)
def test_broken_files(tmp_path, content, words):
    path = tmp_path / "x.npy"
    path.write_bytes(content)
    refused(path, words)


def test_a_cut_array(save, channels):
    path = save(channels)
    path.write_bytes(path.read_bytes()[:-1])
    refused(path, "cut off")
