import base64
import io

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from inference.geometry.native_grid import NativeGrid
from inference.io.inspection import FoundImage, inspect_file
from tests.workspace.desk.drops import Upload, disc, laid, picture, uploads
from workspace.desk.thumbnails import described, facts_of, thumbnail


def found(preview, *, spacing=(1.0, 1.0, 1.0), **options):
    height, width = preview.shape
    image = nib.Nifti1Image(np.zeros((width, height, 2), np.uint8), np.diag([*spacing, 1.0]))
    options = {"size_known": True} | options
    return FoundImage("x_t1.nii", "", 0, "t1", NativeGrid.of(image), preview=preview, **options)


def decoded(image):
    content = thumbnail(image).removeprefix("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


def test_it_shows_the_tissue_from_dark_to_bright():
    preview = np.zeros((96, 96), np.float32)
    preview[20:70, 30:80] = np.linspace(1000, 3000, 50)
    shown = decoded(found(preview))
    assert shown.shape == (96, 96)
    assert not shown[:19].any()
    assert shown[40, 35] < 60
    assert shown[40, 78] > 230


@pytest.mark.parametrize(("spacing", "shape"), [((1, 2, 1), (96, 48)), ((3, 1, 1), (32, 96))])
def test_it_keeps_its_true_proportions(spacing, shape):
    assert decoded(found(np.ones((48, 48), np.float32), spacing=spacing)).shape == shape


def test_labels_are_told_apart_and_not_blurred():
    preview = np.zeros((12, 12), np.float32)
    preview[:, 6:] = 1
    preview[:, 9:] = 3
    shown = decoded(found(preview, label_values=(0, 1, 3)))
    assert set(np.unique(shown)) == {0, 85, 255}


def test_an_empty_image_is_black():
    assert not decoded(found(np.zeros((9, 9), np.float32))).any()


def test_the_facts():
    preview = np.ones((240, 200), np.float32)
    known = found(preview, spacing=(0.9375, 1.0, 5.0), label_values=(0, 1))
    assert facts_of(known) == [
        "200 × 240 × 2 voxels",
        "0.938 × 1 × 5 mm",
        "RAS",
        "values 0, 1",
    ]
    assert facts_of(found(preview, size_known=False)) == [
        "200 × 240 pixels",
        "2 slices",
        "size of a pixel unknown",
    ]


def test_a_picture_alone_has_no_slices():
    [row] = laid(Upload("P1_t1.png", picture(disc()))).rows
    assert facts_of(row.image) == ["64 × 64 pixels", "size of a pixel unknown"]


def test_the_picture_can_be_read_aloud():
    assert 'alt="Middle slice of a &amp; b"' in described("a & b", found(np.ones((9, 9))))


def test_a_name_brings_no_markup_of_its_own(small_case_folder):
    [upload] = uploads(small_case_folder, "*_t1.*")
    [row] = laid(Upload('"><img onerror=x src=y>_t1.nii.gz', upload.content)).rows
    shown = described(row.title, row.image)
    assert shown.count("<img") == 1
    assert "64 × 64 × 32 voxels" in shown
    assert "LPS" in shown


def test_a_large_image_is_described_as_it_is_stored(small_case_folder):
    path = next(small_case_folder.glob("*_t1.*"))
    [whole], [shrunk] = inspect_file(path), inspect_file(path, max_voxels=30_000)
    assert facts_of(shrunk)[:2] == facts_of(whole)[:2]
    assert facts_of(shrunk)[2].startswith("worked on at ")
    assert len(facts_of(shrunk)) == len(facts_of(whole)) + 1
