"""Names alone say which pictures are the slices of one scan, and in which order."""

from pathlib import Path

import pytest

from common.errors import InputError
from inference.io.slices.numbered_slices import MAX_SLICES, check_same_slices, find_series


def found(*names):
    return find_series([Path("P1", name) for name in names])


def names_of(series):
    return [file.name for file in series.files]


@pytest.mark.parametrize(
    "name",
    ["P1_{}.tif", "P1-{}.TIF", "P1 {}.tiff", "IM{:04}.png", "{:03}.png", "slice_{:02}.jpg"],
)
def test_slices_stand_in_the_order_of_their_numbers(name):
    expected = [name.format(number) for number in (1, 2, 9, 10, 11)]
    (series,) = found(*sorted(expected, reverse=True), "overview.png", "notes.txt")
    assert names_of(series) == expected
    assert series.numbers == (1, 2, 9, 10, 11)
    assert series.kind is None


def test_the_masks_of_slices_are_their_truth():
    images, masks = found(*[f"P1_{n}{end}.tif" for n in (1, 2, 10) for end in ("", "_mask")])
    assert names_of(images) == ["P1_1.tif", "P1_2.tif", "P1_10.tif"]
    assert names_of(masks) == ["P1_1_mask.tif", "P1_2_mask.tif", "P1_10_mask.tif"]
    assert (images.kind, masks.kind) == (None, "truth")
    assert masks.path.name == "P1_1–10_mask.tif"


@pytest.mark.parametrize(
    ("stem", "kind"), [("T1", "t1"), ("FLAIR", "flair"), ("P1_t1ce", "t1c"), ("seg", "truth")]
)
def test_a_series_says_its_modality(stem, kind):
    (series,) = found(f"{stem}_001.png", f"{stem}_002.png")
    assert series.kind == kind


@pytest.mark.parametrize(
    "names",
    [
        ("P1_t1.png", "P1_t2.png"),
        ("T1.png", "T2.png"),
        ("patient_1_flair.png", "patient_2_flair.png"),
        ("P1_1.png",),
        ("P1_1.png", "P1_1_mask.png"),
        ("P1_1.nii", "P1_2.nii"),
        ("P1_1_pred.png", "P1_2_pred.png"),
    ],
)
def test_what_is_no_series(names):
    assert found(*names) == []


def test_the_name_of_a_folder_is_a_hint():
    files = [Path("P1", "FLAIR", f"{number}.png") for number in (1, 2)]
    assert find_series(files)[0].hint == "flair"
    assert found("1.png", "2.png")[0].hint is None


@pytest.mark.parametrize("folder", ["masks", "Mask", "labels", "seg", "P1_masks"])
def test_what_lies_in_a_folder_of_masks_is_a_truth(folder):
    (series,) = find_series([Path("P1", folder, f"{number}.png") for number in (1, 2)])
    assert (series.kind or series.hint) == "truth"
    assert series.path.name == f"{folder} 1–2.png"


def test_masks_named_like_their_images_are_masks():
    (series,) = find_series([Path("masks", f"P1_flair_{number}.png") for number in (1, 2)])
    assert series.kind == "truth"


@pytest.mark.parametrize("folder", ["brain_masks", "P1", "comparison"])
def test_other_folders_say_nothing(folder):
    (series,) = find_series([Path(folder, f"{number}.png") for number in (1, 2)])
    assert (series.kind, series.hint, series.path.name) == (None, None, "1–2.png")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a_1.png", "a_01.png"), "both slice 1"),
        (("a_1.png", "a_2.jpg"), "two kinds"),
        ([f"a_{number}.png" for number in range(MAX_SLICES + 1)], f"at most {MAX_SLICES} slices"),
    ],
)
def test_what_does_not_go_together_is_told(names, words):
    with pytest.raises(InputError, match=words) as caught:
        found(*names)
    assert "a_" in str(caught.value)


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ((1, 2, 3), ()),
        ((1, 3, 5), ()),
        ((1, 2, 4), (3,)),
        ((2, 4, 8), (6,)),
        ((3, 9, 12, 21), (6, 15, 18)),
    ],
)
def test_a_number_missing_in_the_middle_is_noticed(numbers, missing):
    (series,) = found(*[f"a_{number}.png" for number in numbers])
    assert series.missing == missing
    notes = " ".join(series.notes())
    assert f"from {numbers[0]} to {numbers[-1]}" in notes
    assert ("missing" in notes) == bool(missing)
    assert all(str(number) in notes for number in missing)


def test_two_dates_are_no_endless_list():
    (series,) = found("a_20200101.png", "a_20200102.png", "a_20260101.png")
    assert len(series.missing) < MAX_SLICES
    assert len(" ".join(series.notes())) < 300


def test_a_truth_must_have_every_slice_and_no_more():
    images, masks = found(*[f"P1_{n}.tif" for n in range(1, 5)], "P1_1_mask.tif", "P1_4_mask.tif")
    with pytest.raises(InputError, match=r"P1_1–4_mask.tif has no picture with the numbers 2, 3"):
        check_same_slices([images, masks])
    with pytest.raises(InputError, match=r"P1_1–4_mask.tif has no picture with the numbers 2, 3"):
        check_same_slices([masks, images])
    check_same_slices([images, images])
