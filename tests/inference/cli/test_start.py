"""What a command waits for before it does anything: no library that it does not use."""

import json
import os
import resource
import subprocess
import sys
import time
import zipfile

import pytest

from tests.conftest import ROOT
from tests.zoo.dicom import dicom

HELP_SECONDS, REFUSED_SECONDS = 0.3, 0.7
# Importing pydicom leaves little of it: .53 to .67 s on an idle core without AVX-512, and on one
# that other work shares up to a third more.
DICOM_SECONDS = 0.9
# What takes longest to import, in the order in which a case comes to need it.
# One for each place where DICOM is refused: its headers, what unpacks, and a compressed picture.
DICOM_FILES = ("slices cut off", "a deflated file of 600 MB", "a picture of a million precincts")
HEAVY = ("pydicom", "scipy.ndimage", "SimpleITK", "openvino", "torch")

IMPORTED = """
import json, sys
from inference.__main__ import main
for arguments in json.loads(sys.argv[1]):
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    print(json.dumps([code, sorted(sys.modules)]))
"""


def imported(*commands):
    """Of commands in one process the exit code, and the modules that are imported by then."""
    given = json.dumps([[str(each) for each in command] for command in commands])
    command = [sys.executable, "-c", IMPORTED, given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert len(told) == len(commands)
    return [(code, set(modules)) for code, modules in told]


@pytest.fixture
def comes_within(tmp_path):
    """Whether one of four runs of a command takes no longer, by the clock or of the processor.

    Other work on the machine must not count, nor that the first run compiles its modules.
    """
    compiled = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"),  # as after the first run of a command
    }

    def take(*arguments):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", "inference", *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, env=compiled, capture_output=True, check=False)
        seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return min(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    return lambda seconds, *arguments: any(take(*arguments) <= seconds for _ in range(4))


@pytest.fixture
def refused(tmp_path):
    """Files that cannot be read, each in its own way."""
    text, empty, bomb = (tmp_path / name for name in ("x_t1.nii", "x_flair.nii.gz", "zeros.zip"))
    text.write_text("I am a text file. " * 100)
    empty.touch()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x_t1.nii", bytes(200 * 10**6))
    return text, empty, bomb, tmp_path / "nowhere"


def test_help_imports_no_library():
    [(code, modules)] = imported(["--help"])
    assert code == 0
    assert modules & {"numpy", "nibabel", *HEAVY} == set()


def test_a_mistyped_option_imports_no_library():
    [(code, modules)] = imported(["case", "--model", "vnet"])
    assert code == 2
    assert modules & {"numpy", "nibabel", *HEAVY} == set()


def test_a_file_that_is_refused_waits_for_what_reads_it_alone(refused):
    each = imported(*([file] for file in refused))
    for file, (code, modules) in zip(refused, each, strict=True):
        assert (file.name, code) == (file.name, 2)
        assert (file.name, modules & set(HEAVY)) == (file.name, set())


@pytest.mark.slow
def test_help_and_a_refusal_come_at_once(comes_within, refused):
    assert comes_within(HELP_SECONDS, "--help")
    for file in refused:
        assert comes_within(REFUSED_SECONDS, file), file.name


@pytest.mark.slow
@pytest.mark.parametrize("about", DICOM_FILES)
def test_dicom_is_refused_at_once(comes_within, tmp_path, about):
    [animal] = [each for each in dicom() if each.about == about]
    animal.make(tmp_path / animal.file)
    assert comes_within(DICOM_SECONDS, tmp_path / animal.file)
