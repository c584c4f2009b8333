"""A large case is the head of the others, in smaller voxels, with the air a scanner leaves."""

import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from synthetic.grid import Grid
from synthetic.large import large_grid, write_large_case
from synthetic.skull import make_head


@pytest.fixture(scope="module")
def head():
    return make_head(spacing=6.0)


def test_the_files_hold_the_head_and_its_truth(head, tmp_path):
    files = write_large_case(tmp_path / "mine", side=40, head=head)
    assert [file.name for file in files.values()] == [
        f"mine_{ending}.nii.gz" for ending in (*MODALITIES, "seg")
    ]
    images = {key: nib.load(file) for key, file in files.items()}
    assert {image.shape for image in images.values()} == {(40, 40, 40)}
    assert images["flair"].get_data_dtype() == np.int16
    assert images["truth"].get_data_dtype() == np.uint8
    tumour = np.asarray(images["truth"].dataobj) > 0
    ml = tumour.sum() * np.prod(images["truth"].header.get_zooms()) / 1000
    assert ml == pytest.approx((head.truth > 0).sum() * 6.0**3 / 1000, rel=0.15)
    flair = np.asarray(images["flair"].dataobj)
    assert 0 < np.median(flair[:3]) < np.median(flair[tumour]) / 4


def test_the_same_seed_gives_the_same_bytes(head, tmp_path):
    first, again = (
        write_large_case(tmp_path / place / "x", side=20, head=head)["t2"].read_bytes()
        for place in "ab"
    )
    assert first == again


def test_the_cube_lies_about_the_middle_of_the_head():
    grid = large_grid(Grid((-10.0, 0.0, 5.0), (2.0, 2.0, 2.0), (11, 6, 1)), 4)
    middles = [np.mean(grid.axis(number)) for number in range(3)]
    np.testing.assert_allclose(middles, [0.0, 5.0, 5.0], atol=1e-4)
