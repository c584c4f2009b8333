"""Runs of equal bytes are unpacked as pydicom does it, and no further than the pixels go."""

import tracemalloc

import numpy as np
import pytest
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import RLELossless

from inference.dicom.volumes.run_lengths import unpacked
from tests.inference.dicom.codestreams import runs

SHAPE = {"rows": 33, "columns": 47}


@pytest.mark.parametrize("kind", ["<u1", "<u2", "<i2"])
def test_it_is_what_was_packed(kind):
    dtype = np.dtype(kind)
    chance = np.random.default_rng(0)
    # Of both kinds of run: noise, and a stretch of one value.
    pixels = chance.integers(0, np.iinfo(dtype).max, (33, 47)).astype(dtype)
    pixels[5:20] = 7
    packed = RLELosslessEncoder.encode(
        pixels,
        **SHAPE,
        samples_per_pixel=1,
        photometric_interpretation="MONOCHROME2",
        bits_allocated=8 * dtype.itemsize,
        bits_stored=8 * dtype.itemsize,
        pixel_representation=int(dtype.kind == "i"),
        number_of_frames=1,
    )
    assert RLELossless == RLELosslessEncoder.UID
    np.testing.assert_array_equal(unpacked(packed, **SHAPE, dtype=dtype), pixels)


def test_what_comes_after_the_last_pixel_is_not_unpacked():
    pixels = np.arange(33 * 47, dtype=np.uint16).reshape(33, 47)
    packed = runs(pixels, more=1_000_000)  # 128 MB each of two times
    tracemalloc.start()
    found = unpacked(packed, **SHAPE, dtype=np.dtype("<u2"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(found, pixels)
    assert peak < 10e6


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda packed: b"", "segment for each byte"),
        (lambda packed: packed[:60], "segment for each byte"),
        (lambda packed: b"\1" + packed[1:], "segment for each byte"),
        (lambda packed: packed[:-3], "before the last pixel"),
        (lambda packed: packed[:8] + b"\xff" * 4 + packed[12:], "before the last pixel"),
    ],
)
def test_what_is_damaged_is_told(change, words):
    packed = change(runs(np.zeros((33, 47), np.uint16)))
    with pytest.raises(ValueError, match=words):
        unpacked(packed, **SHAPE, dtype=np.dtype("<u2"))
