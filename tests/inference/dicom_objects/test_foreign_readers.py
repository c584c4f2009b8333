"""What is written, read by programs that were not written here."""

import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from nibabel.affines import apply_affine

from common.colours import LABEL_COLOURS
from common.vocabulary import REGION_LABELS
from inference.dicom_objects.derived_images import derived_images, write_images
from inference.dicom_objects.description.structures import PARTS
from inference.dicom_objects.document import pdf_document
from inference.dicom_objects.seg import segmentation_object
from inference.io.scan_images import ScanImage
from tests.inference.dicom import made
from tests.inference.dicom_objects.conftest import (
    COLUMNS,
    MADE,
    PLANES,
    ROWS,
    answered,
    drawn_labels,
    enlarge,
)
from tests.support.foreign_readers import dcmjs, program, run
from tests.support.repository import ROOT

KINDS = ("seg", "regions", "rtstruct", "sr")


def assert_valid(file):
    printed = run(program("dciodvfy"), file)
    assert not [line for line in printed.splitlines() if line.startswith("Error")], printed


@pytest.mark.parametrize("kind", KINDS)
def test_dciodvfy_finds_no_error(files, kind):
    assert_valid(files[kind])


def test_dciodvfy_finds_none_in_a_document(answer, saved):
    assert_valid(saved(pdf_document(b"%PDF-1.4", [answer.result], answer.series, made=MADE)))


def test_dciodvfy_finds_none_in_derived_images_and_what_lies_on_them(answer, saved, tmp_path):
    grid = answer.header.readable_grid
    voxels = np.random.default_rng(0).normal(size=grid.ras_shape).astype(np.float32)
    images = derived_images(ScanImage("t1c", "t1c", voxels, grid))
    assert_valid(write_images(images, tmp_path / "images", made=MADE)[0])
    seg = segmentation_object(answer.result, images.series, PARTS, kind="parts", made=MADE)
    assert_valid(saved(seg))


@pytest.mark.parametrize("edit", ["nothing is empty", "a slice is missing", "enhanced"])
def test_dciodvfy_finds_none_in_what_lies_on_odd_series(edit, tmp_path):
    if edit == "enhanced":
        dataset = made.enhanced(PLANES, spacing=1.0)
        enlarge(dataset, 0)
        dataset.PixelData = dataset.PixelData * PLANES
        made.write(dataset, tmp_path / "in" / "enhanced")
    else:
        there = [i for i in range(PLANES) if edit != "a slice is missing" or i != 4]
        made.write_series(tmp_path / "in", edit=enlarge, slices=there, spacing=1.0)
    labels = drawn_labels() if edit != "nothing is empty" else np.zeros_like(drawn_labels())
    for file in answered(tmp_path / "in", labels).write(tmp_path / "out").values():
        assert_valid(file)


def labels_on(grid, file):
    """The voxels of a NIfTI file on a grid that shares its places: (planes, rows, columns)."""
    image = nib.load(file)
    voxels = np.asarray(image.dataobj)
    there = np.argwhere(voxels > 0)
    places = apply_affine(np.linalg.inv(grid.affine) @ image.affine, there)
    np.testing.assert_allclose(places, np.rint(places), atol=1e-3)
    found = np.zeros(grid.shape, voxels.dtype)
    found[tuple(np.rint(places).astype(int).T)] = voxels[tuple(there.T)]
    return found.transpose(2, 1, 0)


def test_dcmqi_reads_the_labels_voxel_for_voxel(files, answer, tmp_path):
    reader = Path(sys.executable).with_name("segimage2itkimage")
    options = ("--outputType", "nii", "--mergeSegments", "--outputDirectory", tmp_path)
    run(reader, "--inputDICOM", files["seg"], *options)
    [file] = tmp_path.glob("*.nii.gz")
    assert np.array_equal(labels_on(answer.header.readable_grid, file), drawn_labels())


def test_plastimatch_fills_the_contours_as_they_were(files, answer, tmp_path):
    grid = answer.header.readable_grid
    fixed = tmp_path / "fixed.nii.gz"
    nib.save(nib.Nifti1Image(np.zeros(grid.shape, np.float32), grid.affine), fixed)
    folder = tmp_path / "structures"
    options = ("--prefix-format", "nii.gz", "--output-prefix", folder)
    run(program("plastimatch"), "convert", "--input", files["rtstruct"], "--fixed", fixed, *options)
    for region, labels in REGION_LABELS.items():
        [file] = folder.glob(f"{region.upper()} *.nii.gz")
        found = labels_on(grid, file) > 0
        wanted = np.isin(drawn_labels(), labels)
        assert 2 * (found & wanted).sum() / (found.sum() + wanted.sum()) >= 0.99, region


def test_dcmjs_reads_pixels_images_and_colours(files, answer):
    script = ROOT / "tests" / "support" / "read_seg.mjs"
    read = json.loads(run(program("node"), script, dcmjs(), files["seg"]))
    planes = {uid: at for at, uid in enumerate(answer.header.sop_instance_uids)}
    found = np.zeros((PLANES, ROWS * COLUMNS), np.uint8)
    for frame in read["frames"]:
        found[planes[frame["image"]], frame["pixels"]] = frame["segment"]
    assert np.array_equal(found.reshape(PLANES, ROWS, COLUMNS), drawn_labels())
    for segment, colour in zip(read["segments"], LABEL_COLOURS.values(), strict=True):
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        np.testing.assert_allclose(segment["rgb"], wanted, atol=1)
