"""Packed files are read as Python's own readers do; what is packed to cost much costs little."""

import bz2
import gzip
import io
import lzma
import time

import numpy as np
import pytest

from inference.io.packed_stream import DAMAGE, is_packed, open_unpacked, unpacked_start

CONTENT = np.random.default_rng(0).integers(0, 9, 300_000, np.uint8).tobytes()
PACKERS = [lambda data: gzip.compress(data, mtime=0), bz2.compress, lzma.compress]


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("at_once", [1, 700, 1024**2])
def test_content_is_given_whole(pack, at_once):
    content = CONTENT[:3000] if at_once == 1 else CONTENT
    packed = pack(content[:500]) + pack(b"") + pack(content[500:])
    assert is_packed(packed)
    stream = open_unpacked(io.BytesIO(packed))
    assert b"".join(iter(lambda: stream.read(at_once), b"")) == content
    assert unpacked_start(packed, 400) == content[:400]


def test_padding_after_a_gzip_is_passed_over():
    packed = gzip.compress(CONTENT) + bytes(100_000)
    assert open_unpacked(io.BytesIO(packed)).read() == CONTENT


@pytest.mark.parametrize("pack", PACKERS)
def test_what_is_cut_off_is_said_to_be(pack):
    packed = pack(CONTENT)
    with pytest.raises(EOFError):
        open_unpacked(io.BytesIO(packed[:-20])).read()


@pytest.mark.parametrize("pack", PACKERS)
def test_what_is_damaged_is_said_to_be(pack):
    packed = bytearray(pack(CONTENT))
    packed[len(packed) // 2] ^= 255
    with pytest.raises((*DAMAGE, EOFError)):
        open_unpacked(io.BytesIO(bytes(packed))).read()


COSTLY = {
    "a name without end": b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 20_000_000,
    "members that hold nothing": gzip.compress(b"") * 1_000_000,
    "padding without end": gzip.compress(b"x") + bytes(20_000_000),
}


@pytest.mark.parametrize("data", COSTLY.values(), ids=COSTLY.keys())
def test_a_long_stretch_that_unpacks_to_nothing_is_damage(data):
    start = time.process_time()
    with pytest.raises(ValueError, match="unpacks to nothing"):
        open_unpacked(io.BytesIO(data)).read(10**6)
    assert time.process_time() - start < 1


def test_a_window_of_a_gigabyte_is_damage():
    """A header of some bytes has xz ask for as much memory before it unpacks anything."""
    large = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]
    with pytest.raises(lzma.LZMAError, match="limit"):
        open_unpacked(io.BytesIO(lzma.compress(b"x" * 600, filters=large))).read()
