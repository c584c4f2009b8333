"""Checks: what should make a user careful is said, and nothing of what is as it should be."""

import nibabel as nib
import numpy as np
import pytest
from nibabel.affines import rescale_affine
from scipy import ndimage

from inference.geometry.native_grid import NativeGrid
from inference.io.image_warnings import concerns, notes_on_grid, notes_on_scale, warnings_on
from inference.io.names.file_names import recognise
from synthetic import make_case

SHAPE = (120, 120, 40)
SPACING = (2.0, 2.0, 155 / 40)


@pytest.fixture(scope="module")
def brain():
    """(4, X, Y, Z) float32, skull-stripped."""
    return make_case(shape=SHAPE, seed=1).volume.astype(np.float32)


def with_skull(image, *, spacing=SPACING, scalp=1.2):
    """The same head with its skull and scalp: a dark ring of 8 mm, then a bright one of 6 mm."""
    tissue = ndimage.binary_fill_holes(image != 0, structure=np.ones((3, 3, 1)))
    distance = np.stack(
        [ndimage.distance_transform_edt(~cut, sampling=spacing[:2]) if cut.any() else cut * 0 + 99
         for cut in np.moveaxis(tissue, 2, 0)], -1)  # fmt: skip
    level = np.median(image[image != 0])
    head = np.where((distance > 0) & (distance <= 8), 0.1 * level, image)
    return np.where((distance > 8) & (distance <= 14), scalp * level, head).astype(np.float32)


def grid(shape=(240, 240, 155), spacing=(1.0, 1.0, 1.0), codes=1):
    header = nib.Nifti1Header()
    header.set_data_shape(shape)
    affine = rescale_affine(np.eye(4), shape, spacing)
    header.set_sform(affine, codes)
    return NativeGrid(shape, affine, header)


@pytest.mark.parametrize("channel", range(4))
def test_a_brain_without_a_skull_gives_no_rise_to_anything(brain, channel):
    assert concerns(brain[channel], SPACING) == set()
    middle = brain[channel][..., 20:21]
    assert concerns(middle, None) == set()


@pytest.mark.parametrize("scalp", [0.8, 1.2, 2.0])
@pytest.mark.parametrize("channel", range(4))
def test_a_skull_is_seen(brain, channel, scalp):
    head = with_skull(brain[channel], scalp=scalp)
    assert "skull" in concerns(head, SPACING)
    assert "skull" in concerns(head[..., 20:21], None)


def test_a_background_other_than_0_is_seen(brain):
    assert concerns(brain[0] + 5, SPACING) == {"skull"}


def test_a_head_larger_than_a_brain_can_be_is_seen(brain):
    assert "skull" in concerns(brain[0], (3.0, 3.0, 6.0))


def test_clipped_intensities_are_seen(brain):
    image = brain[0]
    tissue = image[image != 0]
    assert "clipped" in concerns(np.minimum(image, np.percentile(tissue, 90)), SPACING)
    assert "clipped" not in concerns(np.minimum(image, np.percentile(tissue, 99.9)), SPACING)


@pytest.mark.parametrize("spacing", [(0.5, 0.5, 1.0), (8.0, 8.0, 8.0)])
def test_a_head_of_a_size_no_head_has(brain, spacing):
    assert "shape" in concerns(brain[0], spacing)


def test_what_is_no_head(brain):
    random = np.random.default_rng(0)
    rod = np.zeros(SHAPE, np.float32)
    rod[20:100, 55:65] = random.uniform(50, 200, (80, 10, 40))
    assert "shape" in concerns(rod, SPACING)
    cross = np.zeros(SHAPE, np.float32)
    cross[10:110, 55:65] = cross[55:65, 10:110] = 100 + random.uniform(0, 99, (10, 100, 40))[:1, :1]
    assert "shape" in concerns(cross, SPACING)


def test_an_empty_image_gives_no_rise_to_anything():
    assert concerns(np.zeros((9, 9, 9)), (1.0, 1.0, 1.0)) == set()


def test_the_images_of_a_kind_share_a_sentence():
    found = {"T1": {"skull"}, "T2": {"clipped", "skull"}, "FLAIR": set()}
    skull, clipped = warnings_on(found)
    assert "skull-stripped" in skull
    assert "T1, T2." in skull
    assert "cut off: T2." in clipped
    assert warnings_on({"T1": set()}) == []


def test_few_slices_are_told():
    assert not list(notes_on_grid(grid(), size_known=True))
    [note] = notes_on_grid(grid((240, 240, 5)), size_known=True)
    assert note.startswith("Only 5 axial slices")
    thick = list(notes_on_grid(grid((240, 240, 14), (1.0, 1.0, 10.0)), size_known=True))
    assert not any("Only" in note for note in thick), "14 slices of 10 mm are a whole head"


@pytest.mark.parametrize(("length", "told"), [(60, True), (170, False), (500, True)])
def test_a_picture_at_another_scale_is_told(length, told):
    tissue = np.zeros((600, 600), bool)
    tissue[20 : 20 + length, 20:60] = True
    assert bool(list(notes_on_scale(tissue))) == told


@pytest.mark.parametrize(
    "name", ["Brats18_2013_3_1", "Brats18_CBICA_AQN_1", "Brats18_TCIA01_378_1", "BraTS2021_01483"]
)
def test_on_real_patients(real_data, name):
    """Skull-stripped as they are shipped; the same with a skull around them."""
    if not (real_data / name).is_dir():
        pytest.skip(f"{name} is not in {real_data}")
    for path in (real_data / name).glob("*.nii.gz"):
        if recognise(path.name) != "truth":
            image = nib.as_closest_canonical(nib.load(path)).get_fdata(dtype=np.float32)
            assert concerns(image, (1.0, 1.0, 1.0)) == set(), path.name
            thin = image[..., 60:101:10]
            head = with_skull(thin, spacing=(1.0, 1.0, 1.0))
            assert "skull" in concerns(head, (1.0, 1.0, 1.0)), path.name
