import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.geometry.native_grid import NativeGrid
from synthetic import write_case


def test_names_follow_the_release(case, tmp_path):
    old = write_case(case, tmp_path / "someone")
    new = write_case(case, tmp_path, name="someone", naming="brats2023")
    assert [path.name for path in old.values()] == [
        f"someone_{end}.nii.gz" for end in ("t1", "t1ce", "t2", "flair", "seg")
    ]
    assert [path.name for path in new.values()] == [
        f"someone-{end}.nii.gz" for end in ("t1n", "t1c", "t2w", "t2f", "seg")
    ]
    assert list(old) == [*MODALITIES, "truth"]


def test_an_unknown_naming_lists_the_known(case, tmp_path):
    with pytest.raises(KeyError, match=r"'brats2030'.*brats2021, brats2023"):
        write_case(case, tmp_path, naming="brats2030")


def test_the_same_case_gives_the_same_bytes(case, tmp_path):
    first, second = (write_case(case, tmp_path / part, name="x") for part in "ab")
    for key, path in first.items():
        assert path.read_bytes() == second[key].read_bytes()


def test_the_default_geometry_is_that_of_brats(case, tmp_path):
    image = nib.load(write_case(case, tmp_path)["t1"])
    assert NativeGrid.of(image).axis_codes == "LPS"
    assert (int(image.header["qform_code"]), int(image.header["sform_code"])) == (1, 1)
    assert image.header.get_xyzt_units()[0] == "mm"
    assert image.get_data_dtype() == np.uint8
    np.testing.assert_allclose(image.get_qform(), image.affine, atol=1e-4)


@pytest.mark.parametrize("codes", ["LPS", "RAS", "SPL", "AIR"])
def test_any_orientation_reads_back_as_the_same_head(case, tmp_path, codes):
    affine = case.affine @ nib.orientations.inv_ornt_aff(
        nib.orientations.ornt_transform(
            nib.orientations.axcodes2ornt("RAS"), nib.orientations.axcodes2ornt(codes)
        ),
        case.truth.shape,
    )
    for key, path in write_case(case, tmp_path, affine=affine).items():
        image = nib.load(path)
        grid = NativeGrid.of(image)
        expected = case.truth if key == "truth" else case.volume[MODALITIES.index(key)]
        assert grid.axis_codes == codes
        np.testing.assert_array_equal(grid.to_ras(np.asarray(image.dataobj)), expected)
        np.testing.assert_allclose(grid.ras_affine, case.affine, atol=1e-3)
