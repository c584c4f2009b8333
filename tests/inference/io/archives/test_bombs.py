"""What packs as small as a bomb and is none; bombs are in the zoo (``tests/zoo``)."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

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


MEASURE = """
import json, pathlib, sys, time
# Time of the processor: other work on the machine must not make a refusal look slow.
from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles

def peak_mb():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

def read(path):
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


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory from /proc")
def test_zeros_within_the_limits_are_given_no_memory(tmp_path):
    """As a scan they would take 160 MB."""
    path = tmp_path / "80 MB of zeros.nii.gz"
    path.write_bytes(zeros_after(header_bytes((400, 400, 250)), 80))
    [(_, megabytes, message)] = measure([path]).values()
    assert "holds the value 0 only" in message
    assert megabytes <= 50
