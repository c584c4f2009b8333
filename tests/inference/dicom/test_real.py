"""Real series of several vendors, and pydicom's own files, held against dcm2niix."""

import contextlib
import itertools
import os
import shutil
import subprocess
from pathlib import Path

import dcm2niix
import nibabel as nib
import numpy as np
import pydicom
import pytest

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes.pixels import middle_slice, read_volume
from inference.geometry.native_grid import NativeGrid
from tests.support.repository import ROOT

_HOSPITAL = (
    Path(os.environ.get("GLIOLENS_DATA", ROOT.parent / "shared" / "data")).resolve() / "hospital"
)
_TEST_FILES = Path(pydicom.__file__).parent / "data" / "test_files"


def _folders() -> list[Path]:
    candidates = [path for path in (_HOSPITAL / "study_1", _HOSPITAL / "odd") if path.is_dir()]
    folders = (folder for root in candidates for folder in sorted(root.rglob("*")))
    return [f for f in folders if f.is_dir() and any(path.is_file() for path in f.iterdir())]


def _by_dcm2niix(folder: Path, output: Path) -> list[nib.Nifti1Image]:
    command = [dcm2niix.bin, "-b", "n", "-z", "n", "-f", "%s_%d_%e", "-o", output, folder]
    subprocess.run(command, check=False, capture_output=True)
    return [nib.load(path) for path in sorted(output.glob("*.nii"))]


def _same_values(ours: np.ndarray, theirs: nib.Nifti1Image) -> bool:
    other = nib.as_closest_canonical(theirs).get_fdata()
    return np.allclose(ours, other, atol=1e-3 * max(ours.max(), 1))


def _same_place(ours: NativeGrid, theirs: nib.Nifti1Image) -> bool:
    other = NativeGrid.of(theirs)
    if ours.ras_shape != other.ras_shape:
        return False
    corners = np.array(np.meshgrid(*[(0, n - 1) for n in ours.ras_shape])).reshape(3, -1).T
    here, there = (nib.affines.apply_affine(g.ras_affine, corners) for g in (ours, other))
    return float(np.abs(here - there).max()) < 0.01


@pytest.mark.skipif(not _folders(), reason=f"no real studies in {_HOSPITAL}")
@pytest.mark.parametrize("folder", _folders(), ids=lambda folder: str(folder)[-40:])
def test_every_real_volume_lies_where_dcm2niix_puts_it_and_holds_the_same(folder, tmp_path):
    theirs = [image for image in _by_dcm2niix(folder, tmp_path) if image.ndim == 3]
    found = find_exams([folder])
    volumes = [s for exam in found.exams for s in exam.series if s.refusal is None]
    for series in volumes:
        same = [image for image in theirs if _same_place(series.grid, image)]
        assert same, (series.name, series.grid.affine, [image.affine for image in theirs])
        image = series.grid.to_ras(read_volume(series))
        # dcm2niix multiplies by Philips' private scale instead of the standard one.
        philips = series.facts.manufacturer.startswith("Philips")
        assert np.isfinite(image).all()
        assert philips or any(_same_values(image, other) for other in same)
    assert volumes or "slicecount" in str(folder)


@pytest.mark.skipif(not (_HOSPITAL / "odd").is_dir(), reason=f"no real studies in {_HOSPITAL}")
def test_one_scan_reads_the_same_however_it_is_compressed():
    generic = _HOSPITAL / "odd" / "generic"
    read = {}
    for name in ("compressed_j2k", "compressed_jpeg", "compressed_jpegls", "compressed_rle"):
        (exam,) = find_exams([generic / name]).exams
        read[name] = read_volume(exam.series[0])
    first, *others = read.values()
    assert first.std() > 0
    for other in others:
        assert np.array_equal(first, other)


def _readings(path: Path) -> int:
    """How often something could be read; what cannot must be a sentence."""
    series = [series for exam in find_exams([path]).exams for series in exam.series]
    read = 0
    for reader, header in itertools.product((middle_slice, read_volume), series):
        with contextlib.suppress(InputError):
            read += reader(header).size > 0
    return read


def test_no_file_of_pydicoms_own_is_more_than_a_sentence(tmp_path, caplog, capsys):
    """Each alone, its header, its middle slice and its volume."""
    files = [path for path in sorted(_TEST_FILES.rglob("*")) if path.is_file()]
    assert len(files) > 100
    read = sum(_readings(path) for path in files)
    assert read >= 10
    assert not caplog.records
    assert capsys.readouterr() == ("", "")


def test_files_of_any_name_are_found_under_a_folder(tmp_path):
    shutil.copy(_TEST_FILES / "MR_small.dcm", tmp_path / "no name at all")
    (exam,) = find_exams([tmp_path]).exams
    (series,) = exam.series
    assert "only 1 slice" in series.refusal
    assert np.array_equal(
        middle_slice(series), pydicom.dcmread(tmp_path / "no name at all").pixel_array
    )
