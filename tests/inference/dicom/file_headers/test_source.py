"""Files that lie, end early or begin oddly."""

import struct
import tracemalloc
import zlib

import numpy as np
import pytest

from inference.dicom.exams import find_exams
from inference.dicom.file_headers import source
from inference.dicom.volumes.pixels import read_volume
from tests.inference.dicom.made import dataset, uid, write, write_series


def _sentences(folder):
    return [left.sentence for left in find_exams([folder]).left_out]


def test_a_header_without_dicm_is_read(tmp_path):
    for path in write_series(tmp_path):
        raw = path.read_bytes()
        start = raw.index(b"\x02\0\0\0UL") + 12 + int.from_bytes(raw[140:144], "little")
        path.write_bytes(raw[start:])
    (exam,) = find_exams([tmp_path]).exams
    assert read_volume(exam.series[0]).shape == (6, 8, 10)


def test_a_truncated_file_is_one_sentence_and_the_others_go_on(tmp_path):
    paths = write_series(tmp_path)
    paths[0].write_bytes(paths[0].read_bytes()[:-7])
    paths[9].write_bytes(paths[9].read_bytes()[:400])
    found = find_exams([tmp_path])
    assert len(found.exams[0].series[0].slices) == 8
    assert [left.files for left in found.left_out] == [1, 1]
    assert "IM0000 is cut off" in found.left_out[0].sentence
    assert "IM0009 is cut off" in found.left_out[1].sentence


def test_a_length_that_lies_asks_for_no_memory(tmp_path):
    (path,) = write_series(tmp_path, slices=[0])
    raw = bytearray(path.read_bytes())
    element = struct.pack("<HH", 0x0008, 0x103E) + b"LO"  # SeriesDescription
    at = raw.index(element)
    raw[at + 4 : at + 8] = b"UT\0\0"  # with a length of four bytes
    raw[at + 8 : at + 8] = struct.pack("<I", 0xFFFFFFF0)
    path.write_bytes(raw)
    tracemalloc.start()
    sentences = _sentences(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sentences == ["IM0000 is cut off before its end; copy or download it again."]
    assert peak < 20e6


@pytest.mark.parametrize(
    ("keyword", "value", "said"),
    [
        ("Rows", 60000, "claims 6×60000 pixels"),
        ("NumberOfFrames", "2000000000", "claims 2000000000 slices"),
        ("NumberOfFrames", "50000", "is cut off"),
        ("BitsAllocated", 1, "1 bits a pixel"),
    ],
)
def test_claims_are_held_against_the_file(tmp_path, keyword, value, said):
    ds = dataset(0)
    setattr(ds, keyword, value)
    write(ds, tmp_path / "x")
    (sentence,) = _sentences(tmp_path)
    assert said in sentence


def test_a_deflated_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_MAX_INFLATED_BYTES", 1_000_000)
    (path,) = write_series(tmp_path, slices=[0], syntax="1.2.840.10008.1.2.1.99")
    raw = path.read_bytes()
    start = 144 + int.from_bytes(raw[140:144], "little")
    worker = zlib.compressobj(wbits=-15)
    path.write_bytes(raw[:start] + worker.compress(bytes(5_000_000)) + worker.flush())
    (sentence,) = _sentences(tmp_path)
    assert "would unpack to more than" in sentence


def test_sequences_without_end_are_a_sentence(tmp_path):
    (path,) = write_series(tmp_path, slices=[0])
    raw = path.read_bytes()
    at = raw.index(struct.pack("<HH", 0x0010, 0x0010))
    nested = struct.pack("<HH2sHI", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    nested += struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    path.write_bytes(raw[:at] + nested * 5000 + raw[at:])
    (sentence,) = _sentences(tmp_path)
    assert sentence.startswith("IM0000 is damaged")


ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 0)


def test_more_items_than_any_header_has_are_a_sentence(tmp_path):
    (path,) = write_series(tmp_path, slices=[0])
    raw = path.read_bytes()
    at = raw.index(struct.pack("<HH", 0x0018, 0x0023))  # MRAcquisitionType, after where it goes
    length = 10_000 * len(ITEM)
    agents = struct.pack("<HH2sHI", 0x0018, 0x0012, b"SQ", 0, length) + ITEM * 10_000
    path.write_bytes(raw[:at] + agents + raw[at:])
    (sentence,) = _sentences(tmp_path)
    assert sentence.startswith("IM0000 has a header of more parts than that of any scan")


EMPTY = struct.pack("<HH2sH", 0x5400, 0x0100, b"SH", 0)


OPEN = struct.pack("<HH2sHI", 0x0018, 0x0012, b"SQ", 0, 0xFFFFFFFF)
END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


@pytest.mark.parametrize(("items", "each", "read"), [(0, 12_000, False), (40, 500, True)])
def test_so_many_elements_are_read_in_items_alone(tmp_path, items, each, read):
    """The pixels are as large as those of a scan with so long a header."""
    ds = dataset(0)
    ds.Rows = ds.Columns = 1024
    ds.PixelData = bytes(2 * 1024 * 1024)
    write(ds, tmp_path / "IM0000")
    raw = (tmp_path / "IM0000").read_bytes()
    at = raw.index(struct.pack("<HH", 0x0018, 0x0023))
    item = struct.pack("<HHI", 0xFFFE, 0xE000, each * len(EMPTY)) + EMPTY * each
    inserted = OPEN + item * items + END if items else EMPTY * each
    (tmp_path / "IM0000").write_bytes(raw[:at] + inserted + raw[at:])
    found = find_exams([tmp_path])
    assert len(found.exams) == read
    assert all("more parts" in left.sentence for left in found.left_out)


def test_what_looks_like_items_in_the_pixels_is_no_header(tmp_path):
    ds = dataset(0)
    ds.Rows = ds.Columns = 256
    ds.PixelData = ITEM * (256 * 256 * 2 // len(ITEM))
    write(ds, tmp_path / "x")
    assert len(find_exams([tmp_path]).exams) == 1


def test_noise_is_no_dicom_and_a_damaged_header_quotes_nothing(tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "noise").write_bytes(rng.bytes(5000))
    (tmp_path / "empty").write_bytes(b"")
    write_series(tmp_path / "d", slices=[0])
    raw = (tmp_path / "d" / "IM0000").read_bytes()
    for number in range(40):  # a byte changed here and there
        spoilt = bytearray(raw)
        for place in rng.integers(128, len(raw), 20):
            spoilt[place] = rng.integers(256)
        (tmp_path / f"s{number}").write_bytes(spoilt)
    found = find_exams([tmp_path])
    assert all("Doe" not in left.sentence for left in found.left_out)
    assert any("not DICOM" in left.what for left in found.left_out)
    assert uid("P1", "study") in [exam.uid for exam in found.exams]
