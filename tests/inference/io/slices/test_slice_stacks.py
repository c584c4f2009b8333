"""Slices as pictures become one case, and what one picture cannot tell all together do."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.cli.output import write_segmentations
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.io.export import write_label_pictures, write_zipped_label_pictures
from inference.io.inspection import inspect_file
from inference.io.names.file_names import recognise
from inference.io.slices.numbered_slices import MAX_SLICES, find_series
from inference.io.slices.slice_stacks import read_pages, read_stack
from inference.network.preprocess import from_slices, to_slices
from synthetic import make_case

SLICES = 12


@pytest.fixture(scope="module")
def head():
    """(12, 4, 96, 96) uint8, the last slice empty, and the labels of its tumour."""
    case = make_case(shape=(96, 96, SLICES), seed=5)
    images = to_slices(case.volume).astype(np.uint8)
    images[-1] = 0
    return images, to_slices(case.truth[None])[:, 0].astype(np.uint8)


@pytest.fixture
def save(tmp_path):
    def write(slices, name="P1/P1_{}.tif", *, first=1):
        """One picture a slice of (N, H, W) or (N, H, W, 3)."""
        for number, pixels in enumerate(slices, first):
            path = tmp_path / name.format(number)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.ascontiguousarray(pixels)).save(path)
        return path.parent

    return write


@pytest.fixture
def lgg(save, head):
    """A folder in the layout of the public LGG set: T1, FLAIR and T1c as colours, and masks."""
    images, labels = head
    save(images[:, [0, 3, 1]].transpose(0, 2, 3, 1))
    return save((labels > 0) * np.uint8(255), "P1/P1_{}_mask.tif")


def read(folder, *, truth_labels=None, **options):
    with open_cases([folder], **options) as (files,):
        return read_case(replace(files, truth_convention=truth_labels))


def refused(folder, words, **options):
    with pytest.raises(InputError, match=words) as caught:
        read(folder, **options)
    message = str(caught.value)
    assert message.endswith(".")
    assert message.isprintable()


def test_a_folder_of_slices_in_colour_is_one_case(lgg, head):
    images, labels = head
    case = read(lgg, truth_labels="whole")
    assert case.name == "P1"
    assert case.present == ("t1", "t1c", "flair")
    np.testing.assert_array_equal(to_slices(case.volume)[:, [0, 1, 3]], images[:, [0, 1, 3]])
    np.testing.assert_array_equal(to_slices(case.truth[None])[:, 0] > 0, labels > 0)
    assert case.truth_regions == ("wt",)
    assert not case.voxel_size_known
    told = " ".join(case.notes)
    assert "in the order of their numbers, from 1 to 12; which end is up is not known" in told
    assert "distance of the slices are not known" in told


def test_the_colours_can_be_named(lgg, head):
    case = read(lgg, truth_labels="whole", channels=("t2", "flair", "t1"))
    assert case.present == ("t1", "t2", "flair")
    np.testing.assert_array_equal(to_slices(case.volume)[:, 2], head[0][:, 0])


def test_what_a_mask_of_1_means_is_asked(lgg):
    for mask in lgg.glob("*_mask.tif"):
        Image.fromarray(np.asarray(Image.open(mask)) // 255).save(mask)
    refused(lgg, "--truth-labels whole")


def test_a_mask_of_255_is_the_whole_tumour(lgg):
    case = read(lgg)
    assert case.truth_regions == ("wt",)
    assert any("P1_1–12_mask.tif holds only 255 besides 0" in note for note in case.notes)


def test_without_masks_there_is_no_truth(lgg):
    for mask in lgg.glob("*_mask.tif"):
        mask.unlink()
    assert read(lgg).truth is None


def test_a_missing_mask_is_named(lgg):
    (lgg / "P1_7_mask.tif").unlink()
    refused(lgg, r"P1_1–12_mask\.tif has no picture with the number 7", truth_labels="whole")


def test_a_missing_slice_is_noted_and_the_rest_is_read(lgg):
    for name in ("P1_7.tif", "P1_7_mask.tif"):
        (lgg / name).unlink()
    case = read(lgg, truth_labels="whole")
    assert case.shape[2] == SLICES - 1
    assert any("number 7 is missing" in note for note in case.notes)


def test_a_folder_of_patients_and_a_zip_of_one(lgg, tmp_path):
    shutil.copytree(lgg, tmp_path / "all" / "P1")
    shutil.copytree(lgg, tmp_path / "all" / "P2")
    for file in (tmp_path / "all" / "P2").iterdir():
        file.rename(file.with_name(file.name.replace("P1", "P2")))
    with open_cases([tmp_path / "all"]) as cases:
        assert [case.name for case in cases] == ["P1", "P2"]
    shutil.make_archive(str(tmp_path / "zipped"), "zip", lgg)
    assert read(tmp_path / "zipped.zip", truth_labels="whole").shape[2] == SLICES


def test_loose_files_are_one_case_and_a_stranger_among_them_is_told(lgg):
    files = sorted(lgg.glob("*.tif"))
    with open_cases(files) as (case,):
        assert read_case(replace(case, truth_convention="whole")).shape[2] == SLICES
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(lgg / "overview.png")
    stranger = pytest.raises(InputError, match=r"overview.png is none of the slices P1_1–12.tif")
    with stranger, open_cases([*files, lgg / "overview.png"]):
        pass


# --- one modality, or each its own --------------------------------------------------------------


def test_slices_in_grey_are_what_their_name_says(save, head):
    case = read(save(head[0][:, 3], "P1/FLAIR_{:03}.png"))
    assert (case.name, case.present) == ("P1", ("flair",))
    np.testing.assert_array_equal(to_slices(case.volume)[:, 3], head[0][:, 3])


def test_slices_in_grey_are_what_their_folder_says(save, head):
    assert read(save(head[0][:, 1], "t1ce/{:03}.png")).present == ("t1c",)


def test_slices_in_grey_that_say_nothing_are_asked_about(save, head):
    folder = save(head[0][:, 3], "P1/IM{:04}.png")
    refused(folder, r"IM0001–0012.png do not state which modality .*--channels flair")
    case = read(folder, channels=("flair",))
    assert (case.name, case.present) == ("P1", ("flair",))


@pytest.mark.parametrize("name", ["P1/{}_{{}}.png", "P1/{}/{{}}.png"])
def test_each_modality_may_be_a_series(save, head, tmp_path, name):
    images, labels = head
    for word, slices in zip(("T1", "T1c", "T2", "FLAIR"), images.swapaxes(0, 1), strict=True):
        save(slices, name.format(word))
    save(labels, name.format("seg"))
    case = read(tmp_path / "P1")
    np.testing.assert_array_equal(to_slices(case.volume), images)
    np.testing.assert_array_equal(to_slices(case.truth[None])[:, 0], labels)
    assert case.name == "P1"
    assert sum("order of their numbers" in note for note in case.notes) == 1


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        ("images/P1_{}.tif", "masks/P1_{}.tif"),
        ("image/{:03}.png", "mask/{:03}.png"),
        ("imgs/img_{}.png", "labels/mask_{}.png"),
    ],
)
def test_a_folder_of_images_beside_one_of_masks(save, head, tmp_path, image, mask):
    images, labels = head
    save(images[:, [0, 3, 1]].transpose(0, 2, 3, 1), f"P1/{image}")
    save((labels > 0) * np.uint8(255), f"P1/{mask}")
    shutil.make_archive(str(tmp_path / "P1"), "zip", tmp_path / "P1")
    loose = sorted((tmp_path / "P1").rglob("*.*"))
    for given in ([tmp_path / "P1"], [tmp_path / "P1.zip"], loose):
        with open_cases(given) as (files,):
            case = read_case(files)
        assert case.present == ("t1", "t1c", "flair")
        np.testing.assert_array_equal(to_slices(case.truth[None])[:, 0] > 0, labels > 0)
        assert given is loose or case.name == "P1"


def test_a_mask_missing_among_equal_names_is_told_by_its_folder(save, head, tmp_path):
    images, labels = head
    save(images[:, 3], "P1/images/{}.png")
    (save(labels, "P1/masks/{}.png") / "7.png").unlink()
    refused(tmp_path / "P1", r"masks 1–12\.png has no picture with the number 7, which images 1–12")


def test_a_folder_of_previews_is_no_modality(save, head, tmp_path):
    images, labels = head
    save(images[:, 3], "P1/FLAIR/{}.png")
    save(images[:, 0], "P1/images/{}.png")
    save(labels, "P1/masks/{}.png")
    assert read(tmp_path / "P1").present == ("flair",)


def test_two_patients_in_one_folder_are_told_apart_by_their_user(save, head):
    save(head[0][:, 3], "all/A_{}.png")
    refused(save(head[0][:, 3], "all/B_{}.png"), "give each patient a folder")


def test_16_bits_are_kept(save, head):
    deep = head[0][:, 3].astype(np.uint16) * 257
    np.testing.assert_array_equal(to_slices(read(save(deep, "P1/flair_{}.png")).volume)[:, 3], deep)


# --- what one picture cannot tell ---------------------------------------------------------------


def test_grey_saved_as_colour_is_grey(save, head):
    case = read(save(np.repeat(head[0][:, 3, ..., None], 3, axis=-1), "P1/flair_{}.png"))
    assert case.present == ("flair",)


@pytest.mark.parametrize("name", ["TCGA_XX_12AB_19990101_{}.tif", "P1_{}.tif"])
def test_flair_in_all_colours_is_what_the_public_set_says(save, head, name):
    """Where a sequence was missing, that set has a copy of FLAIR; of others nobody knows."""
    folder = save(np.repeat(head[0][:, 3, ..., None], 3, axis=-1), f"P1/{name}")
    named = read(folder, channels=("t1", "flair", "t1c"))
    assert named.present == ("flair",)
    if name.startswith("P1"):
        return refused(folder, "do not state which modality they are")
    case = read(folder)
    assert case.present == ("flair",)
    np.testing.assert_array_equal(case.volume, named.volume)
    told = " ".join(case.notes)
    assert "T1c is the same image as FLAIR, so it was left out" in told
    assert "1–12.tif were taken to be T1, FLAIR, T1c" in told


def test_noise_at_the_end_is_no_photograph(save, head):
    slices = head[0][:, [0, 3, 1]].transpose(0, 2, 3, 1).copy()
    slices[-1] = np.random.default_rng(0).integers(100, 200, slices[-1].shape)
    assert read(save(slices)).shape[2] == SLICES


def test_one_modality_may_have_a_grey_background(save, head):
    """A phase-sensitive T1 has negative values, and its 0 is grey."""
    slices = head[0][:, [0, 3, 1]].transpose(0, 2, 3, 1).copy()
    slices[..., 0] = 100 + slices[..., 0] // 3
    assert read(save(slices)).present == ("t1", "t1c", "flair")


def test_photographs_are_refused(save):
    random = np.random.default_rng(1)
    photographs = random.integers(90, 255, (4, 64, 64, 3)).astype(np.uint8)
    refused(save(photographs), "look like photographs")


# --- limits -------------------------------------------------------------------------------------


def test_two_sizes_are_named(lgg):
    Image.fromarray(np.zeros((96, 80, 3), np.uint8)).save(lgg / "P1_3.tif")
    refused(lgg, r"P1_3.tif has 80×96 pixels and P1_1.tif 96×96")


def test_two_depths_are_named(save, head):
    folder = save(head[0][:, 3], "P1/flair_{}.png")
    Image.fromarray(head[0][2, 3].astype(np.uint16)).save(folder / "flair_3.png")
    refused(folder, r"flair_3.png has 16 bits a pixel and flair_1.png 8")


def test_too_many_voxels_are_refused_before_a_pixel_is_unpacked(lgg, monkeypatch):
    def unpack(*args, **options):
        raise AssertionError("a pixel was unpacked")

    monkeypatch.setattr("inference.io.slices.slice_stacks.picture_pixels", unpack)
    series = find_series(lgg.iterdir())[0]
    with pytest.raises(InputError, match="12 slices of 96×96 pixels"):
        read_stack(series, max_voxels=96 * 96 * SLICES - 1)


def test_a_damaged_slice_is_named(lgg):
    (lgg / "P1_5.tif").write_bytes((lgg / "P1_5.tif").read_bytes()[:3000])
    refused(lgg, r"P1_5\.tif")


# --- and out again ------------------------------------------------------------------------------


def test_label_maps_are_pictures_called_like_their_slices(lgg, head, tmp_path):
    case = read(lgg, truth_labels="whole")
    labels = from_slices(head[1][:, None])[0]
    drawn = type("Drawn", (), {"labels": labels})
    write_segmentations(case, {"unet": drawn}, tmp_path / "out")
    written = sorted((tmp_path / "out" / "unet").iterdir())
    assert sorted(case.slice_names) == [file.stem for file in written]
    for number, expected in enumerate(head[1], 1):
        seen = np.asarray(Image.open(tmp_path / "out" / "unet" / f"P1_{number}.png"))
        np.testing.assert_array_equal(seen, expected)
    write_zipped_label_pictures(case, labels, tmp_path / "out.zip")
    shutil.unpack_archive(tmp_path / "out.zip", tmp_path / "unpacked")
    for file in written:
        assert (tmp_path / "unpacked" / file.name).read_bytes() == file.read_bytes()


def test_a_stack_is_looked_at_as_one_image_a_colour(lgg, head):
    images, masks = find_series(lgg.iterdir())
    found = inspect_file(images)
    assert [(image.part, image.guess) for image in found] == [
        ("red", "t1"), ("green", "flair"), ("blue", "t1c"),
    ]  # fmt: skip
    middle = [np.array_equal(found[0].preview, pixels) for pixels in head[0][:, 0]]
    assert middle.index(True) in range(4, 9)
    (mask,) = inspect_file(masks)
    assert (mask.guess, mask.label_values) == ("truth", (0, 255))
    assert recognise(mask.file_name) == "truth"


# --- the pages of one file ----------------------------------------------------------------------


@pytest.fixture
def save_pages(tmp_path):
    def write(slices, name="P1_flair.tif", **options):
        pages = [Image.fromarray(np.ascontiguousarray(pixels)) for pixels in slices]
        pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:], **options)
        return tmp_path / name

    return write


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_deflate"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_the_pages_of_a_tiff_are_slices(save_pages, head, depth, compression):
    deep = head[0][:, 3].astype(depth) * (257 if depth is np.uint16 else 1)
    case = read(save_pages(deep, compression=compression))
    assert (case.name, case.present) == ("P1", ("flair",))
    np.testing.assert_array_equal(to_slices(case.volume)[:, 3], deep)
    assert case.slice_names[:2] == ("P1_flair_001", "P1_flair_002")
    assert any("in the order of the pages" in note for note in case.notes)


def test_pages_in_colour_with_their_masks(save_pages, head, tmp_path):
    images, labels = head
    save_pages(images[:, [0, 3, 1]].transpose(0, 2, 3, 1), "P1.tif")
    save_pages((labels > 0) * np.uint8(255), "P1_mask.tif")
    case = read(tmp_path)
    assert case.present == ("t1", "t1c", "flair")
    np.testing.assert_array_equal(to_slices(case.volume)[:, [0, 1, 3]], images[:, [0, 1, 3]])
    np.testing.assert_array_equal(to_slices(case.truth[None])[:, 0] > 0, labels > 0)
    assert sum("order of the pages" in note for note in case.notes) == 1


def test_pages_are_written_back_as_pictures(save_pages, head, tmp_path):
    case = read(save_pages(head[0][:, 3]))
    write_label_pictures(case, np.zeros(case.shape, np.uint8), tmp_path / "out")
    written = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert written == [f"P1_flair_{number:03}.png" for number in range(1, SLICES + 1)]
    with Image.open(tmp_path / "out" / written[0]) as image:
        assert image.text["Comment"].startswith("Not a medical device.")


def test_pages_of_two_sizes_are_named(save_pages, head):
    slices = list(head[0][:, 3])
    slices[2] = slices[2][:, :80]
    refused(save_pages(slices), r"flair.tif \(page 3\) has 80×96 pixels and P1_flair.tif \(page 1")


def test_pages_of_two_depths_are_named(save_pages, head):
    slices = list(head[0][:, 3])
    slices[2] = slices[2].astype(np.uint16)
    refused(save_pages(slices), r"flair.tif \(page 3\) has 16 bits a pixel")


def test_as_many_pages_of_each(save_pages, head, tmp_path):
    save_pages(head[0][:, 3])
    save_pages(head[0][:-1, 0], "P1_t1.tif")
    refused(tmp_path, "P1_flair.tif has 12 slices and P1_t1.tif 11")


def test_pages_of_photographs_are_refused(save_pages):
    photographs = np.random.default_rng(1).integers(90, 255, (4, 64, 64, 3)).astype(np.uint8)
    refused(save_pages(photographs), "The pages of P1_flair.tif look like photographs")


def test_too_many_pages_are_refused_before_a_pixel_is_unpacked(save_pages, head, monkeypatch):
    monkeypatch.setattr(
        "inference.io.slices.slice_stacks.page_pixels", lambda *_, **__: pytest.fail("unpacked")
    )
    refused(save_pages([head[0][0, 3]] * (MAX_SLICES + 1)), f"more than {MAX_SLICES} pages")
    path = save_pages(head[0][:, 3])
    with pytest.raises(InputError, match="has 12 slices of 96×96 pixels"):
        read_pages(path, max_voxels=96 * 96 * 11)


def test_a_file_cut_off_within_its_pages_is_told(save_pages, head):
    path = save_pages(head[0][:, 3])
    path.write_bytes(path.read_bytes()[:-5000])
    refused(path, r"P1_flair.tif is (damaged|cut off)")
