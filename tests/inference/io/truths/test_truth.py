"""Truths as others number and save them: read right where it is sure, asked about where not."""

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.truths.label_conventions import CONVENTIONS
from inference.io.truths.truth_evidence import Evidence, borne_out_alone, contradicted
from tests.conftest import ROOT

SAMPLE = ROOT / "assets/sample/synthetic_glioma"
MODALITIES = {"t1": "t1", "t1c": "t1ce", "t2": "t2", "flair": "flair"}
PARTS = [name for name, convention in CONVENTIONS.items() if convention.labels]


# Some slices through its tumour, so that reading takes no time.
CROP = np.s_[40:200, 36:216, 76:100]


@pytest.fixture(scope="module")
def scan(tmp_path_factory):
    """A folder with the images of some slices of the sample."""
    folder = tmp_path_factory.mktemp("scan")
    for name in MODALITIES.values():
        image = nib.load(SAMPLE / f"synthetic_glioma_{name}.nii.gz")
        nib.save(
            nib.Nifti1Image(np.asarray(image.dataobj)[CROP], image.affine), folder / f"{name}.nii"
        )
    return folder


@pytest.fixture(scope="module")
def expert():
    """The truth of these slices: the image and its numbers of 2023."""
    image = nib.load(SAMPLE / "synthetic_glioma_seg.nii.gz")
    numbers = np.asarray(image.dataobj)[CROP].astype(np.uint8)
    numbers[numbers == 4] = 3
    return image, numbers


@pytest.fixture
def scored(scan, expert, tmp_path):
    """Read the sample with a truth in other numbers, under another name."""
    image, _ = expert

    def score(numbers, name="seg.nii", *, given=tuple(MODALITIES), convention=None):
        path = tmp_path / name
        nib.save(nib.Nifti1Image(numbers, image.affine), path)
        files = {m: scan / f"{MODALITIES[m]}.nii" for m in given}
        return read_case(CaseFiles("x", files, truth=path, truth_convention=convention))

    return score


def renumbered(numbers, table):
    return np.array([0, *table], np.uint8)[numbers]


def notes_on_truth(case):
    return [note for note in case.notes if "seg" in note.lower() or "PED" in note]


@pytest.mark.parametrize("table", [(1, 2, 3), (1, 2, 4)])
def test_numbers_of_brats_are_read_without_a_word(scored, expert, table):
    case = scored(renumbered(expert[1], table))
    np.testing.assert_array_equal(case.grid.to_native(case.truth), expert[1])
    assert notes_on_truth(case) == []


@pytest.mark.parametrize(
    ("table", "title"),
    [((2, 1, 3), "Decathlon"), ((2, 4, 1), "BraTS of children")],
)
def test_other_numberings_are_told_by_the_images(scored, expert, table, title):
    case = scored(renumbered(expert[1], table))
    np.testing.assert_array_equal(case.grid.to_native(case.truth), expert[1])
    [note] = notes_on_truth(case)
    assert title in note
    assert "by what the images show" in note


def test_hd_glio_is_told_by_the_images(scored, expert):
    case = scored(renumbered(expert[1], (1, 1, 2)))
    assert case.truth_regions == ("wt", "et")
    np.testing.assert_array_equal(case.grid.to_native(case.truth), renumbered(expert[1], (2, 2, 3)))


def test_a_resection_cavity_is_no_tumour(scored, expert):
    numbers = expert[1].copy()
    x, y, z = (int(at.mean()) for at in np.nonzero(numbers))
    cavity = numbers[x - 4 : x + 4, y - 4 : y + 4, z - 3 : z + 3]
    cavity[cavity != 3] = 4
    case = scored(numbers, "BraTS-GLI-00001-100-seg.nii")
    np.testing.assert_array_equal(
        case.grid.to_native(case.truth), np.where(numbers == 4, 0, numbers)
    )


def test_a_name_tells_where_no_image_can(scored, expert):
    numbers = renumbered(expert[1], (2, 4, 1))
    case = scored(numbers, "BraTS-PED-00001-000-seg.nii", given=("flair",))
    np.testing.assert_array_equal(case.grid.to_native(case.truth), expert[1])
    assert "by its name" in notes_on_truth(case)[0]


def test_what_nothing_tells_is_asked(scored, expert):
    numbers = np.where(expert[1] > 0, 3, 0).astype(np.uint8)
    numbers[:, :, : numbers.shape[2] // 2][numbers[:, :, : numbers.shape[2] // 2] > 0] = 4
    with pytest.raises(InputError, match=r"may mean several things.*--truth-labels"):
        scored(numbers, given=("flair",))
    case = scored(numbers, given=("flair",), convention="brats2024")
    assert set(np.unique(case.truth)) == {0, 3}


def test_files_of_the_decathlon_have_its_order_and_its_numbers(scan, expert, tmp_path):
    image, numbers = expert
    (tmp_path / "labels").mkdir()
    stack = np.stack(
        [
            np.asarray(nib.load(scan / f"{name}.nii").dataobj)
            for name in ("flair", "t1", "t1ce", "t2")
        ],
        axis=-1,
    )
    given, truth = tmp_path / "BRATS_001.nii", tmp_path / "labels/BRATS_001.nii"
    nib.save(nib.Nifti1Image(stack, image.affine), given)
    nib.save(nib.Nifti1Image(renumbered(numbers, (2, 1, 3)), image.affine), truth)
    case = read_case(CaseFiles("x", stacked=given, truth=truth))
    with open_cases([scan]) as [files]:
        np.testing.assert_array_equal(case.volume, read_case(files).volume)
    np.testing.assert_array_equal(case.grid.to_native(case.truth), numbers)


# --- what is no truth of a tumour -----------------------------------------------------------


@pytest.mark.parametrize("tissue", ["brain", "grey and white"])
def test_a_mask_of_something_else_is_not_scored(scan, scored, tissue):
    t1 = np.asarray(nib.load(scan / "t1.nii").dataobj)
    numbers = (t1 != 0).astype(np.uint8) * 2
    if tissue != "brain":
        numbers[(t1 > np.median(t1[t1 != 0]))] = 3
    case = scored(numbers, "T1_seg.nii")
    assert case.truth is None
    assert any("T1_seg.nii was not used as a truth, since it marks" in n for n in case.notes)
    assert scored(numbers, "T1_seg.nii", convention="brats2023").truth is not None


def test_a_truth_outside_the_head_is_not_scored(scored, expert):
    numbers = np.zeros_like(expert[1])
    numbers[:12, :12] = 2
    assert any("lies outside the head" in note for note in scored(numbers).notes)


# --- how it was saved -----------------------------------------------------------------------


@pytest.mark.parametrize("greys", [(85, 170, 255), (63, 127, 255), (64, 128, 255)])
def test_stretched_numbers_are_read_back(scored, expert, greys):
    case = scored(renumbered(expert[1], greys))
    np.testing.assert_array_equal(case.grid.to_native(case.truth), expert[1])
    assert "were read as its parts" in notes_on_truth(case)[0]


def test_greys_that_may_stand_for_two_things_are_refused(scored, expert):
    with pytest.raises(InputError, match="the greys 127, 255"):
        scored(renumbered(expert[1], (127, 127, 255)))


@pytest.mark.parametrize(("most", "table"), [(255, (0, 0, 0)), (3, (2, 1, 0)), (4, (3, 2, 0))])
def test_an_inverted_map_is_turned_back(scored, expert, most, table):
    numbers = np.array([most, *table], np.uint8)[expert[1]]
    case = scored(numbers)
    truth = case.grid.to_native(case.truth)
    expected = np.where(expert[1] > 0, 2, 0) if most == 255 else expert[1]
    np.testing.assert_array_equal(truth, expected)
    assert any("read as inverted" in note for note in case.notes)


@pytest.mark.parametrize("how", ["float32 slope", "uint16", "uint8", "nearly"])
def test_numbers_that_are_whole_but_for_rounding(scan, expert, tmp_path, how):
    image, numbers = expert
    path = tmp_path / "seg.nii"
    if how == "float32 slope":
        header = nib.Nifti1Image((numbers * 85), image.affine)
        header.header.set_slope_inter(1 / 85, 0)
        nib.save(header, path)
    elif how == "nearly":
        nib.save(nib.Nifti1Image(numbers * np.float32(0.9999999), image.affine), path)
    else:
        saved = nib.Nifti1Image(numbers.astype(np.float64), image.affine)
        saved.set_data_dtype(how)
        saved.header.set_slope_inter(float("nan"), float("nan"))
        nib.save(saved, path)
    case = read_case(CaseFiles("x", {"t1": scan / "t1.nii"}, truth=path))
    np.testing.assert_array_equal(case.grid.to_native(case.truth), numbers)


@pytest.mark.parametrize("value", [0.5, 1.25, -1, 1.05])
def test_fractions_stay_refused(scan, expert, tmp_path, value):
    image, numbers = expert
    fractions = np.where(numbers == 1, float(value), numbers).astype(np.float32)
    nib.save(nib.Nifti1Image(fractions, image.affine), tmp_path / "seg.nii")
    with pytest.raises(InputError, match=f"holds the value {value:g}"):
        read_case(CaseFiles("x", {"t1": scan / "t1.nii"}, truth=tmp_path / "seg.nii"))


# --- the rules ------------------------------------------------------------------------------


def test_weak_evidence_overturns_nothing():
    weak = Evidence({1: 0.2, 2: 0.1, 3: 0.4}, {1: 0.3, 2: 0.4, 3: 0.3})
    assert not contradicted(CONVENTIONS["brats2023"], weak)
    assert borne_out_alone(PARTS, weak) is None


def test_a_cavity_does_not_enhance():
    enhancing_4 = Evidence({1: -0.4, 2: -0.1, 4: 3.1}, {1: 0.0, 2: 0.6, 4: 0.2})
    assert contradicted(CONVENTIONS["brats2024"], enhancing_4)
    assert not contradicted(CONVENTIONS["brats2021"], enhancing_4)
    assert borne_out_alone(["brats2021", "brats2024", "brats-ped"], enhancing_4) == "brats2021"


def test_no_enhancement_decides_between_the_decathlon_and_hd_glio():
    little = Evidence({1: 0.05, 2: 0.37}, {1: 0.93, 2: 0.06})
    assert contradicted(CONVENTIONS["brats2023"], little)
    assert borne_out_alone(["brats2023", "decathlon", "hd-glio"], little) is None
