"""Headers with two forms, with a form of zeros, and in other units than millimetres."""

import nibabel as nib
import numpy as np
import pytest

from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles
from inference.io.export import write_labels

LPS = np.diag([-1.0, -1.0, 2.0, 1.0])
RPS = np.diag([1.0, -1.0, 2.0, 1.0])


@pytest.fixture
def read(tmp_path, make_image):
    def read(edit):
        header = nib.Nifti1Image(make_image(), LPS).header
        edit(header)
        path = tmp_path / "x_t1.nii"
        # With an affine of its own nibabel would mend the header.
        nib.save(nib.Nifti1Image(make_image(), None, header), path)
        return read_case(CaseFiles("x", {"t1": path}))

    return read


def two_forms(sform, qform):
    def edit(header):
        header.set_sform(sform, code=1)
        header.set_qform(qform, code=1)

    return edit


def test_forms_that_disagree_on_the_side_are_said(read):
    case = read(two_forms(LPS, RPS))
    assert any("disagree on which side is left; the sform was" in note for note in case.notes)
    np.testing.assert_array_equal(case.grid.affine, LPS)


def test_forms_that_disagree_on_the_axes_are_said(read):
    turned = LPS[:, [0, 2, 1, 3]]
    assert any("disagree on how its axes lie" in n for n in read(two_forms(LPS, turned)).notes)


@pytest.mark.parametrize("degrees", [0, 5, 30])
def test_forms_that_agree_but_for_a_turn_are_not(read, degrees):
    turn = np.eye(4)
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn[:2, :2] = [[c, -s], [s, c]]
    assert not any("form" in note for note in read(two_forms(LPS, turn @ LPS)).notes)


def test_a_form_of_zeros_yields_to_the_other(read, tmp_path):
    case = read(two_forms(np.zeros((4, 4)), LPS))
    np.testing.assert_allclose(case.grid.affine, LPS)
    assert any("its qform was taken" in note for note in case.notes)
    write_labels(case, np.zeros(case.shape, np.uint8), tmp_path / "out.nii.gz")
    np.testing.assert_allclose(nib.load(tmp_path / "out.nii.gz").header.get_qform(), LPS)


@pytest.mark.parametrize(("unit", "factor"), [("meter", 0.001), ("micron", 1000.0)])
def test_other_units_are_converted(read, tmp_path, unit, factor):
    def edit(header):
        header.set_sform(np.diag([factor, factor, factor, 1]) @ LPS, code=1)
        header.set_xyzt_units(unit)

    case = read(edit)
    np.testing.assert_allclose(case.grid.affine, LPS)
    np.testing.assert_allclose(case.voxel_volume_ml, 0.002, rtol=1e-5)
    assert any("were converted to millimetres" in note for note in case.notes)
    # What is written lies on the file as it is, in its own unit.
    write_labels(case, np.zeros(case.shape, np.uint8), tmp_path / "out.nii.gz")
    written = nib.load(tmp_path / "out.nii.gz").header
    assert written.get_xyzt_units()[0] == unit
    np.testing.assert_allclose(written.get_sform(), np.diag([factor] * 3 + [1]) @ LPS, rtol=1e-6)


@pytest.mark.parametrize("unit", ["meter", "micron"])
def test_a_unit_that_cannot_be_meant_is_not_believed(read, unit):
    case = read(lambda header: header.set_xyzt_units(unit))
    np.testing.assert_allclose(case.grid.affine, LPS)
    assert not any("converted" in note for note in case.notes)
