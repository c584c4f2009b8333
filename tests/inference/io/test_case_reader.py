"""Reader: a case holds what its files hold, in RAS+ order, and says what a user must know."""

import itertools
import time

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases

SHAPE = (9, 8, 7)


def read(*paths, **options):
    with open_cases(paths, **options) as [case]:
        return read_case(case)


def one(path, modality="t1"):
    """The case of one file, whatever it is called."""
    return read_case(CaseFiles("x", modalities={modality: path}))


def notes_on_files(case):
    """What is said of the files; that an image of 9 mm is no head is another matter."""
    of_size = ("Only 7 axial slices", "This does not look like the axial slices of one head")
    return [note for note in case.notes if not note.startswith(of_size)]


def refused(files, *words):
    with pytest.raises(InputError) as caught:
        read_case(files)
    for word in words:
        assert word in str(caught.value)
    return caught.value


# --- values and places -----------------------------------------------------------------------


def test_a_whole_case(write_case, make_image):
    case = read(write_case("P1", truth=True))
    assert case.name == "P1"
    assert case.present == MODALITIES
    assert case.volume.shape == (4, *SHAPE)
    assert case.volume.dtype == np.float32
    assert case.volume.flags.c_contiguous
    assert notes_on_files(case) == []
    for seed, channel in enumerate(case.volume):
        np.testing.assert_array_equal(channel, make_image(seed)[::-1, ::-1])
    assert case.truth.dtype == np.uint8
    np.testing.assert_array_equal(case.truth, make_image(9)[::-1, ::-1])


def test_reading_twice_gives_the_same(write_case):
    folder = write_case("P1", truth=True)
    first, second = read(folder), read(folder)
    np.testing.assert_array_equal(first.volume, second.volume)
    np.testing.assert_array_equal(first.truth, second.truth)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("signs", list(itertools.product((1, -1), repeat=3)))
def test_every_orientation_reads_the_same(write_nifti, make_image, order, signs):
    ras = nib.Nifti1Image(make_image(), np.diag([1.0, 1.1, 1.2, 1.0]), dtype=np.int16)
    turned = ras.as_reoriented(np.array([order, signs]).T)
    path = write_nifti("t1.nii.gz", np.asarray(turned.dataobj), affine=turned.affine)
    case = read_case(CaseFiles("x", modalities={"t1": path}, truth=path))
    np.testing.assert_array_equal(case.volume[0], make_image())
    np.testing.assert_array_equal(case.truth, make_image())
    assert case.spacing == pytest.approx((1.0, 1.1, 1.2))
    np.testing.assert_array_equal(case.grid.to_native(case.volume[0]), turned.dataobj)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
@pytest.mark.parametrize("dtype", ["u1", "<i2", ">i2", "<i8", ">f4", "<f8"])
def test_every_kind_of_number(write_nifti, make_image, suffix, kind, dtype):
    path = write_nifti(f"t1{suffix}", make_image().astype(dtype), kind=kind, affine=np.eye(4))
    np.testing.assert_array_equal(one(path).volume[0], make_image())


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_slope_and_intercept_are_honoured(write_nifti, make_image, suffix):
    stored = write_nifti(
        f"t1{suffix}", make_image(), affine=np.eye(4), edit=lambda h: h.set_slope_inter(0.5, -1)
    )
    expected = nib.load(stored).get_fdata()
    assert expected.min() == -1.0
    case = one(stored)
    np.testing.assert_array_equal(case.volume[0], expected + 1)
    assert any("the constant -1 around the head" in note for note in case.notes)


def test_slope_of_a_truth_is_honoured(write_nifti, make_image):
    path = write_nifti("t1.nii", make_image())
    doubled = write_nifti("seg.nii", make_image() * 2, edit=lambda h: h.set_slope_inter(0.5, 0))
    case = read_case(CaseFiles("x", modalities={"t1": path}, truth=doubled))
    np.testing.assert_array_equal(case.truth, case.volume[0])


def test_an_export_with_the_grids_header_keeps_values_and_place(write_nifti, tmp_path):
    """A slope left in the header would change every label that is written with it."""
    path = write_nifti("t1.nii", edit=lambda header: header.set_slope_inter(7, 3))
    grid = one(path).grid
    labels = np.arange(np.prod(SHAPE)).reshape(SHAPE).astype(np.uint8) % 4
    image = nib.Nifti1Image(labels, grid.affine, grid.header)
    image.set_data_dtype(np.uint8)
    nib.save(image, tmp_path / "out.nii.gz")
    again = nib.load(tmp_path / "out.nii.gz")
    np.testing.assert_array_equal(again.dataobj, labels)
    np.testing.assert_array_equal(again.affine, nib.load(path).affine)


def test_tissue_can_be_negative(write_nifti, make_image):
    image = make_image().astype(np.float32)
    image[image == 2] = -5
    case = one(write_nifti("t1.nii", image, affine=np.eye(4)))
    np.testing.assert_array_equal(case.volume[0], image)
    assert not any("skull" in note for note in case.notes)


@pytest.mark.parametrize("present", [p for n in range(1, 5)
                                     for p in itertools.combinations(MODALITIES, n)])  # fmt: skip
def test_any_subset_of_modalities(write_case, present):
    case = read(write_case(modalities=present))
    assert case.present == present
    for modality, channel in zip(MODALITIES, case.volume, strict=True):
        assert channel.any() == (modality in present)


# --- truth -------------------------------------------------------------------------------


def test_four_is_read_as_three(write_nifti, make_image):
    old = make_image()
    old[old == 3] = 4
    path, truth = write_nifti("t1.nii"), write_nifti("seg.nii", old)
    case = read_case(CaseFiles("x", modalities={"t1": path}, truth=truth))
    np.testing.assert_array_equal(case.truth, case.volume[0])


def test_an_empty_truth_is_a_truth(write_nifti, make_image):
    path, truth = write_nifti("t1.nii"), write_nifti("seg.nii", make_image() * 0)
    case = read_case(CaseFiles("x", modalities={"t1": path}, truth=truth))
    assert not case.truth.any()
    assert case.truth.shape == SHAPE


@pytest.mark.parametrize("strange", [5, -1, 256, 0.5, np.nan, np.inf, -np.inf])
@pytest.mark.filterwarnings("error")
def test_a_truth_that_is_no_label_map(write_nifti, make_image, strange):
    labels = make_image().astype(np.float32)
    labels[4, 4, 4] = strange
    truth = write_nifti("x_seg.nii", labels)
    files = CaseFiles("x", modalities={"t1": write_nifti("t1.nii")}, truth=truth)
    refused(files, "x_seg.nii", f"{strange:g}")


# --- one 4D file ---------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [MODALITIES, ("flair", "t1", "t1c", "t2"), ("t1c", "flair")])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_4d_in_the_order_that_was_named(write_nifti, make_image, channels, suffix):
    images = {modality: make_image(seed) for seed, modality in enumerate(MODALITIES)}
    path = write_nifti(f"scan{suffix}", np.stack([images[name] for name in channels], axis=-1))
    case = read(path, channels=channels)
    assert set(case.present) == set(channels)
    for modality, channel in zip(MODALITIES, case.volume, strict=True):
        expected = images[modality][::-1, ::-1] if modality in channels else 0
        np.testing.assert_array_equal(channel, np.broadcast_to(expected, SHAPE))
    assert case.grid.shape == case.grid.header.get_data_shape() == SHAPE


def test_4d_says_which_order_was_taken(write_nifti, make_image):
    path = write_nifti("scan.nii", np.stack([make_image(seed) for seed in range(4)], axis=-1))
    assert "The volumes of scan.nii were taken to be T1, T1c, T2, FLAIR." in read(path).notes


@pytest.mark.parametrize("channels", [("t1", "t1"), ("t1", "pet"), ("t1",), MODALITIES])
def test_4d_with_channels_that_do_not_fit(write_nifti, make_image, channels):
    path = write_nifti("scan.nii", np.stack([make_image(), make_image()], axis=-1))
    refused(CaseFiles("x", stacked=path, channels=channels), "scan.nii")


def test_4d_under_the_name_of_one_modality(write_nifti, make_image):
    path = write_nifti("x_t1.nii", np.stack([make_image(), make_image()], axis=-1))
    refused(CaseFiles("x", modalities={"t1": path}), "x_t1.nii holds 2 volumes")
    refused(
        CaseFiles("x", modalities={"t1": write_nifti("y_t1.nii")}, truth=path), "holds 2 volumes"
    )


# --- what does not fit together --------------------------------------------------------------


def moved(affine, by):
    affine = affine.copy()
    affine[0, 3] += by
    return affine


@pytest.mark.parametrize("as_truth", [False, True])
@pytest.mark.parametrize(
    ("shape", "by", "words"),
    [((9, 8, 6), 0, "9×8×6 voxels instead of 9×8×7"), (SHAPE, 3, "differs by up to 3 mm")],
)
def test_two_grids_name_both_files(write_nifti, as_truth, shape, by, words):
    image = np.zeros(shape, np.int16)
    image[4, 4, 4] = 1
    somewhere = moved(np.eye(4), 7)  # an origin of 0 would be no statement
    first = write_nifti("x_t1.nii", affine=somewhere)
    other = write_nifti("x_other.nii", image, affine=moved(somewhere, by))
    if as_truth:
        files = CaseFiles("x", modalities={"t1": first}, truth=other)
    else:
        files = CaseFiles("x", modalities={"flair": other, "t1": first})
    refused(files, "x_t1.nii", "x_other.nii", words)


def test_one_scan_in_two_orders_of_storage_is_refused(write_nifti, make_image):
    """The places agree, but an export could only fit one of the two files."""
    first = write_nifti("x_t1.nii", affine=np.eye(4))
    flipped = nib.Nifti1Image(make_image(), np.eye(4), dtype=np.int16).as_reoriented(
        np.array([[0, -1], [1, 1], [2, 1]])
    )
    other = write_nifti("x_t2.nii", np.asarray(flipped.dataobj), affine=flipped.affine)
    refused(CaseFiles("x", modalities={"t1": first, "t2": other}), "x_t1.nii", "x_t2.nii")


def test_no_modality(write_nifti):
    refused(CaseFiles("Anna"), "Anna has no scan")
    refused(CaseFiles("Anna", truth=write_nifti("seg.nii")), "Anna has no scan")


@pytest.mark.parametrize("value", [0, 7])
def test_an_image_of_one_value(write_nifti, value):
    path = write_nifti("x_t1.nii", np.full(SHAPE, value, np.int16))
    refused(CaseFiles("x", modalities={"t1": path}), "x_t1.nii", f"the value {value} only")


@pytest.mark.parametrize("value", [0, 7])
def test_an_image_of_one_value_beside_another_is_left_out(write_nifti, make_image, value):
    path = write_nifti("scan.nii", np.stack([make_image(), make_image() * 0 + value], axis=-1))
    case = read_case(CaseFiles("x", stacked=path, channels=("t1", "flair")))
    assert case.present == ("t1",)
    assert not case.volume[3].any()
    assert f"scan.nii (FLAIR) holds the value {value} only; it was left out." in case.notes
    assert any(note.startswith("Upload the FLAIR file too") for note in case.notes)


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e300])
@pytest.mark.filterwarnings("error")
def test_infinite_values(write_nifti, make_image, value):
    image = make_image().astype(np.float64)
    image[4, 4, 4] = value
    path = write_nifti("x_t1.nii", image)
    refused(CaseFiles("x", modalities={"t1": path}), "x_t1.nii", "infinite")


# --- notes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", MODALITIES)
def test_a_missing_modality_is_noted(write_case, missing):
    case = read(write_case(modalities=[name for name in MODALITIES if name != missing]))
    [note] = notes_on_files(case)
    shown = {"t1": "T1", "t1c": "T1c", "t2": "T2", "flair": "FLAIR"}[missing]
    assert note.startswith(f"Upload the {shown} file too: ")


def test_one_image_as_two_modalities_is_one_of_them(write_nifti, make_image):
    """What the public LGG set has where a sequence is missing, or a file chosen twice."""
    paths = {name: write_nifti(f"{name}.nii", make_image(name == "t2")) for name in MODALITIES}
    case = read_case(CaseFiles("x", modalities=paths))
    assert case.present == ("t2", "flair")
    assert not case.volume[:2].any()
    told = [note for note in case.notes if "the same image" in note]
    assert [note.partition(",")[0] for note in told] == [
        "T1c is the same image as FLAIR",
        "T1 is the same image as FLAIR",
    ]
    assert any(note.startswith("Upload the T1c file too") for note in case.notes)


def test_images_that_share_a_slice_are_two(write_nifti, make_image):
    other = make_image()
    other[2, 2, 2] += 1
    paths = {"t1": write_nifti("a.nii"), "flair": write_nifti("b.nii", other)}
    assert read_case(CaseFiles("x", modalities=paths)).present == ("t1", "flair")


@pytest.mark.filterwarnings("error")
def test_voxels_without_a_value_become_background(write_nifti, make_image):
    image = make_image().astype(np.float32)
    image[image == 0] = np.nan
    case = one(write_nifti("x_t1.nii", image, affine=np.eye(4)))
    np.testing.assert_array_equal(case.volume[0], make_image())
    assert any(note.startswith("x_t1.nii (T1) has voxels without a value") for note in case.notes)


def notes_about(word, path):
    return [note for note in one(path).notes if word in note]


def test_what_the_models_were_not_made_for_is_told_first(write_nifti):
    """A page shows two notes above its pictures, and folds the others away."""
    noise = np.random.default_rng(1).random(SHAPE, np.float32)
    case = read_case(CaseFiles("x", modalities={"flair": write_nifti("noise.nii", noise + 1)}))
    assert case.notes[0].startswith("By the look of it not skull-stripped")


def test_a_head_with_its_skull_is_noted(write_nifti):
    noise = np.random.default_rng(0).integers(0, 50, SHAPE).astype(np.int16)
    [note] = notes_about("skull", write_nifti("noise.nii", noise + 1))
    assert "T1" in note


def test_a_head_too_large_for_a_brain_is_noted(write_nifti, make_image):
    """60 of 504 voxels of 4 cm: 3.8 litres that are not background."""
    large = np.diag([40.0, 40.0, 40.0, 1.0])
    assert notes_about("skull", write_nifti("large.nii", make_image(), affine=large))
    small = np.diag([30.0, 30.0, 30.0, 1.0])
    assert not notes_about("skull", write_nifti("small.nii", make_image(), affine=small))


def test_a_background_other_than_0_is_noted(write_nifti, make_image):
    assert notes_about("the constant -100 around", write_nifti("shifted.nii", make_image() - 100))
    assert not notes_about("skull", write_nifti("shifted.nii", make_image() - 100))
    assert not notes_about("skull", write_nifti("brats.nii", make_image()))


@pytest.mark.parametrize(("spacing", "noted"), [(0.5, True), (0.9, False), (1.2, False), (5, True)])
def test_slices_and_pixels_far_from_1_mm_are_noted(write_nifti, spacing, noted):
    path = write_nifti("t1.nii", affine=np.diag([1.0, 1.0, spacing, 1.0]))
    assert bool(notes_about(f"The slices are {spacing:g} mm apart", path)) == noted
    assert not notes_about("A pixel measures", path)
    path = write_nifti("t1.nii", affine=np.diag([spacing, spacing, 1.0, 1.0]))
    assert bool(notes_about(f"A pixel measures {spacing:g} × {spacing:g} mm", path)) == noted
    assert not notes_about("mm apart", path)


def test_a_file_that_does_not_know_left_from_right_is_noted(write_nifti):
    path = write_nifti("t1.nii")
    assert not notes_about("which side is left", path)
    data = bytearray(path.read_bytes())
    data[252:256] = bytes(4)  # the codes of qform and sform
    path.write_bytes(data)
    assert notes_about("which side is left", path)


# --- the zoo, by every way in ------------------------------------------------------------


def as_modality(path, good):
    return CaseFiles("x", modalities={"t1": good, "flair": path})


def as_truth(path, good):
    return CaseFiles("x", modalities={"t1": good}, truth=path)


def as_stack(path, good):
    return CaseFiles("x", stacked=path, channels=("t1",))


@pytest.mark.parametrize("files", [as_modality, as_truth, as_stack])
@pytest.mark.filterwarnings("error")
def test_refuses_the_zoo(corrupt_file, words_of_refusal, write_nifti, files, assert_refused):
    with pytest.raises(InputError) as caught:
        read_case(files(corrupt_file, write_nifti("good.nii")))
    assert_refused(caught.value, corrupt_file.name, words_of_refusal)


@pytest.mark.parametrize("files", [as_modality, as_truth, as_stack])
def test_accepts_the_healthy(healthy_file, write_nifti, make_image, files):
    good = write_nifti("good.nii", make_image(seed=1))
    assert "t1" in read_case(files(healthy_file, good)).present


# --- real data -----------------------------------------------------------------------------


def test_a_real_case_is_what_nibabel_reads(real_case):
    with open_cases([real_case]) as [files]:
        case = read_case(files)
        for modality, path in files.modalities.items():
            expected = nib.as_closest_canonical(nib.load(path)).get_fdata(dtype=np.float32)
            np.testing.assert_array_equal(case.volume[MODALITIES.index(modality)], expected)
        truth = np.asarray(nib.as_closest_canonical(nib.load(files.truth)).dataobj)
    np.testing.assert_array_equal(case.truth, np.where(truth == 4, 3, truth))
    assert case.notes == ()
    assert case.spacing == (1.0, 1.0, 1.0)


def test_a_real_case_is_read_in_time(real_case):
    """Time of the processor: other work on the machine must not make reading look slow."""
    with open_cases([real_case]) as [files]:
        start = time.process_time()
        read_case(files)
    assert time.process_time() - start < 1.5
