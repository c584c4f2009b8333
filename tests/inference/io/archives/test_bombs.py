"""Bombs: a small file that claims or unpacks to much is refused before it costs anything."""

import gzip
import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

REPOSITORY = Path(__file__).parents[4]


def header_bytes(shape, dtype=np.int16):
    header = nib.Nifti1Header()
    header.set_data_shape(shape)
    header.set_data_dtype(dtype)
    header.set_sform(np.eye(4), 1)
    header["magic"], header["vox_offset"] = b"n+1", 352
    return header.binaryblock + bytes(4)


def zeros_after(start, megabytes):
    """Gzip members of a megabyte of zeros each, 1 kB a member."""
    return gzip.compress(start) + gzip.compress(bytes(10**6)) * megabytes


def test_an_empty_truth_of_1_mm_is_no_bomb(tmp_path, read_stored):
    """The most compressible file that is honest: 71 MB of zeros."""
    path = tmp_path / "x_seg.nii.gz"
    path.write_bytes(zeros_after(header_bytes((240, 240, 155), np.int64), 72))
    assert not read_stored(path).any()


def zip_that_claims(claimed):
    """A zip of one file whose table of contents claims a size."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_t1.nii", bytes(1000))
    content = bytearray(stream.getvalue())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", claimed)
    return bytes(content)


def zip_of_zeros(gigabytes):
    """A zip of one file that is called like a scan; it packs to a megabyte a gigabyte."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x_t1.nii", "w", force_zip64=True) as entry,
    ):
        for _ in range(1000 * gigabytes):
            entry.write(bytes(10**6))
    return stream.getvalue()


def zip_of_entries(count):
    """The table of contents of many empty files, with nothing to unpack."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"x"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 9, 9, len(entry) * count, 4, 0)
    return b"PK\x03\x04" + entry * count + end


def picture_that_claims(side):
    """A PNG of a side as long, with a megabyte of zeros in it."""

    def chunk(kind, content):
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = chunk(b"IHDR", struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0))
    zeros = zlib.compress(bytes(10**6))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")


def tiff_of_pages(count, side):
    """A TIFF of as many pages, each empty, which pack to a few hundred bytes."""
    page = Image.new("L", (side, side))
    stream = io.BytesIO()
    others = [page] * (count - 1)
    page.save(stream, "TIFF", save_all=True, append_images=others, compression="tiff_deflate")
    return stream.getvalue()


def bombs():
    return {
        "claims 8 GB.nii.gz": gzip.compress(header_bytes((2000, 2000, 1000))),
        "holds 8 GB.nii.gz": zeros_after(header_bytes((2000, 2000, 1000)), 8000),
        "50 million zeros.nii.gz": zeros_after(header_bytes((400, 400, 312), np.float64), 400),
        "small and then 4 GB.nii.gz": zeros_after(header_bytes((64, 64, 64)), 4000),
        "long header.nii.gz": zeros_after(
            header_bytes((9, 9, 9)).replace(struct.pack("<f", 352), struct.pack("<f", 4e9)), 4000
        ),
        "text.nii.gz": zeros_after(b"name,age\n", 4000),
        "large.nii": b"name,age\n" * 10**6,
        "claims 40 GB.png": picture_that_claims(200_000),
        "claims 67 MB.png": picture_that_claims(8192),
        "claims 200 MB.tif": tiff_of_pages(50, 2048),
        "many pages.tif": tiff_of_pages(2000, 32),
        "claims 4 GB.zip": zip_that_claims(4 * 10**9),
        "holds 1 GB.zip": zip_of_zeros(1),
        "many entries.zip": zip_of_entries(10**5),
    }


MEASURE = """
import json, pathlib, sys, time
# Time of the processor: other work on the machine must not make a refusal look slow.
from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases

def peak_mb():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

def read(path):
    if path.suffix == ".zip":
        with open_cases([path]) as cases:
            read_case(cases[0])
    else:
        read_case(CaseFiles("x", modalities={"t1": path}))

def refused(path):
    before, start = peak_mb(), time.process_time()
    try:
        read(path)
    except InputError as error:
        message = str(error)
    return time.process_time() - start, peak_mb() - before, message

print(json.dumps({path.name: refused(path) for path in map(pathlib.Path, sys.argv[1:])}))
"""


def measure(paths):
    """Seconds, megabytes and the message of each file's refusal, in a process of its own."""
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    return json.loads(subprocess.check_output(command, cwd=REPOSITORY, text=True))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_bombs_are_refused_in_100_ms_and_50_mb(tmp_path):
    contents = bombs()
    paths = [tmp_path / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    for name, (seconds, megabytes, message) in measure(paths).items():
        assert name in message
        assert seconds <= 0.1, f"{name} took {seconds:.3f} s"
        assert megabytes <= 50, f"{name} took {megabytes:.0f} MB"


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_zeros_within_the_limits_are_given_no_memory(tmp_path):
    """As a scan they would take 160 MB."""
    path = tmp_path / "80 MB of zeros.nii.gz"
    path.write_bytes(zeros_after(header_bytes((400, 400, 250)), 80))
    [(_, megabytes, message)] = measure([path]).values()
    assert "holds the value 0 only" in message
    assert megabytes <= 50
