"""A compressed picture is held against what a slice can be before its decoder makes room for it."""

import numpy as np
import pytest

from inference.dicom.volumes.codestream import MAX_LAYERS, Codestream, read_codestream
from tests.inference.dicom.codestreams import (
    as_file,
    in_layers,
    in_precincts,
    in_tiles,
    jpeg,
    jpeg_2000,
    jpeg_of_components,
    of_components,
    with_marker,
)

PIXELS = np.arange(48 * 64, dtype=np.uint8).reshape(48, 64)
GREY = Codestream(48, 64, 1)
RAW = jpeg_2000(PIXELS)
LARGE = jpeg_2000(np.zeros((4096, 4096), np.uint8))


@pytest.mark.parametrize(
    "frame",
    [
        RAW,
        as_file(RAW),
        as_file(RAW, decoy=b"something"),
        in_tiles(RAW, 16),
        in_precincts(RAW, 7),
        in_layers(RAW, MAX_LAYERS),
        jpeg(PIXELS),
    ],
    ids=["bare", "a file", "a file of more boxes", "tiles", "precincts", "layers", "JPEG"],
)
def test_what_programs_write_is_usual(frame):
    assert read_codestream(frame) == GREY


@pytest.mark.parametrize(
    "frame",
    [
        in_tiles(LARGE, 8),
        in_precincts(LARGE, 1),
        in_precincts(LARGE, 4),
        in_layers(RAW, 65_535),
        with_marker(RAW, 0x30),
        as_file(in_tiles(LARGE, 8)),
    ],
    ids=["tiles", "precincts of 2", "precincts of 16", "layers", "a marker", "in a file"],
)
def test_what_would_cost_a_decoder_memory_is_not(frame):
    found = read_codestream(frame)
    assert found is not None
    assert not found.usual


def test_every_component_is_counted():
    assert read_codestream(of_components(RAW, 16_384)).components == 16_384
    assert read_codestream(jpeg_of_components(jpeg(PIXELS), 255)).components == 255


def test_a_codestream_in_another_box_is_not_the_one_that_is_decoded():
    """A decoder goes by the boxes; what is sought by its first bytes would be found here."""
    found = read_codestream(as_file(of_components(RAW, 500), decoy=RAW))
    assert found.components == 500


def test_so_many_scans_are_drawn_by_no_program():
    raw = jpeg(PIXELS)
    start = raw.index(b"\xff\xda")
    assert not read_codestream(raw[:-2] + raw[start:-2] * 200 + raw[-2:]).usual


@pytest.mark.parametrize("frame", [b"", b"\xff\xd8", b"\0" * 64, RAW[:20], as_file(RAW)[:40]])
def test_what_has_no_header_is_none(frame):
    assert read_codestream(frame) is None


@pytest.mark.parametrize("frame", [RAW, as_file(RAW), jpeg(PIXELS)])
def test_cut_off_anywhere_it_is_read_or_none(frame):
    for length in range(len(frame)):
        found = read_codestream(frame[:length])
        assert found is None or isinstance(found, Codestream)
