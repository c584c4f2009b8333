"""The desk: what the visitor says wins, and nothing is opened before it makes one case."""

import gc
import weakref

import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from tests.workspace.desk.drops import (
    Upload,
    coarse,
    disc,
    four_volumes,
    laid,
    picture,
    roles,
    uploads,
)
from workspace.desk.desk import (
    NOT_USED,
    ROLES,
    Desk,
    case_files,
    conventions_of,
    expected_convention,
    grid_differences,
    problem,
    reference,
    set_role,
    warnings,
    while_there,
)


def test_a_correction_wins_over_the_name(small_case_folder):
    on = laid(*uploads(small_case_folder, "*_t2*"))
    set_role(on.rows[0], "flair")
    with case_files(on) as files:
        assert read_case(files).present == ("flair",)


def test_a_name_that_says_nothing_is_asked_for(small_case_folder):
    [upload] = uploads(small_case_folder, "*_t2*")
    on = laid(Upload("series_7.nii.gz", upload.content))
    assert roles(on) == [None]
    assert problem(on) == "Choose what series_7.nii.gz is, or set it to “Not used”."
    set_role(on.rows[0], "t2")
    assert problem(on) is None


def test_roles_that_are_no_case_are_told(small_case_folder):
    on = laid(*uploads(small_case_folder))
    _, t1c, *_, truth = on.rows
    set_role(t1c, "t1")
    assert f"{on.rows[0].title} and {t1c.title} are both set to T1" in problem(on)
    set_role(on.rows[2], "t1")
    assert "are all set to T1; set all but one of them to something else" in problem(on)
    set_role(on.rows[2], "t2")
    set_role(t1c, "truth")
    set_role(truth, NOT_USED)
    assert "a truth holds 0 for background" in problem(on)
    for row in on.rows:
        set_role(row, NOT_USED)
    assert "Choose the modality" in problem(on)


@pytest.mark.parametrize(
    "name", ["../../evil_flair.nii.gz", "..\\evil_flair.nii.gz", "/etc/x_flair.nii.gz"]
)
def test_no_name_chooses_a_path(name, small_case_folder):
    on = laid(Upload(name, uploads(small_case_folder, "*flair*")[0].content))
    with case_files(on) as files:
        place = files.modalities["flair"]
        assert place.parent.parent.name.startswith("gliolens-")
        assert read_case(files).present == ("flair",)


def test_two_files_of_one_name_do_not_overwrite_each_other(small_case_folder):
    contents = [uploads(small_case_folder, f"*_{m}.*")[0].content for m in ("t1", "flair")]
    on = laid(*(Upload("image.nii.gz", content) for content in contents))
    for row, role in zip(on.rows, ("t1", "flair"), strict=True):
        set_role(row, role)
    with case_files(on) as files:
        assert read_case(files).present == ("t1", "flair")


def test_volumes_of_a_4d_file_can_be_assigned_by_hand(small_case_folder):
    on = laid(Upload("scan.nii", four_volumes(small_case_folder)))
    assert roles(on) == list(MODALITIES)
    assert on.rows[1].title == "scan.nii (volume 2)"
    for row, role in zip(on.rows, ("t2", "flair", NOT_USED, "t1c"), strict=True):
        set_role(row, role)
    with case_files(on) as files:
        case = read_case(files)
    assert case.present == ("t1c", "t2", "flair")
    with case_files(laid(*uploads(small_case_folder))) as files:
        expected = read_case(files)
    for channel in (1, 2, 3):
        np.testing.assert_array_equal(case.volume[channel], expected.volume[channel])


def test_a_colour_picture_is_three_modalities_until_said_otherwise():
    pixels = np.stack([disc(200), disc(120), disc(160)], -1)
    on = laid(Upload("slice_12.png", picture(pixels)))
    assert roles(on) == ["t1", "flair", "t1c"]
    assert on.rows[0].title == "slice_12.png (red)"
    set_role(on.rows[0], NOT_USED)
    with case_files(on) as files:
        case = read_case(files)
    assert case.present == ("t1c", "flair")
    np.testing.assert_array_equal(case.volume[3, ::-1, ::-1, 0].T, disc(120))


def test_two_files_with_several_images_are_told(small_case_folder):
    content = four_volumes(small_case_folder)
    on = laid(Upload("a.nii", content), Upload("b.nii", content))
    for row, role in zip(on.rows, [*MODALITIES[:2], *[NOT_USED] * 4, *MODALITIES[2:]], strict=True):
        set_role(row, role)
    assert "Several files hold more than one image each" in problem(on)


def test_the_numbers_of_a_truth_are_found_out_until_the_visitor_says_what_they_mean(
    small_case_folder,
):
    on = laid(*uploads(small_case_folder))
    assert on.truth.convention is None
    assert expected_convention(on.truth) == "brats2023"
    assert conventions_of(on.truth) == [
        *("brats2023", "decathlon", "brats2024", "brats-ped", "whole"),
    ]
    on.truth.convention = "decathlon"
    with case_files(on) as files:
        swapped = read_case(files).truth
    on.truth.convention = "brats2023"
    with case_files(on) as files:
        plain = read_case(files).truth
    np.testing.assert_array_equal(swapped == 1, plain == 2)
    np.testing.assert_array_equal(swapped == 2, plain == 1)


@pytest.mark.parametrize("value", [1, 255])
def test_a_binary_truth_is_asked_about_where_it_could_be_a_part(value):
    mask = (disc() > 0).astype(np.uint8) * np.uint8(value)
    on = laid(Upload("a_t1.png", picture(disc())), Upload("a_mask.png", picture(mask)))
    assert roles(on) == ["t1", "truth"]
    if value == 1:
        assert problem(on) == (
            "a_mask.png holds only 1 besides 0, which may be the whole tumour or a part of it; "
            "state what it is."
        )
        on.truth.convention = "whole"
    assert problem(on) is None
    with case_files(on) as files:
        case = read_case(files)
    assert case.truth_regions == ("wt",)
    assert not case.voxel_size_known


def test_other_grids_are_said_and_resampled_onto_the_t1c(small_case_folder):
    on = laid(coarse(small_case_folder, "t1"), *uploads(small_case_folder, "*_t1ce.*"))
    assert reference(on).role == "t1c"
    assert grid_differences(on) == [("coarse_t1.nii", "32×32×32 voxels instead of 64×64×32")]
    with case_files(on) as files:
        case = read_case(files, resampled=True)
    assert case.shape == (64, 64, 32)
    assert case.present == ("t1", "t1c")


def test_the_truth_says_the_grid(small_case_folder):
    on = laid(coarse(small_case_folder, "seg"), *uploads(small_case_folder, "*_t1ce.*"))
    assert reference(on).role == "truth"


def test_warnings_are_of_the_grid_that_the_case_will_lie_on(small_case_folder):
    on = laid(coarse(small_case_folder, "t1ce"), *uploads(small_case_folder, "*_t1.*"))
    pixel = reference(on).image.grid.ras_spacing[0]
    assert any(f"A pixel measures {pixel:.2g} ×" in sentence for sentence in warnings(on))


def test_warnings_name_the_modalities(small_case_folder):
    on = laid(*uploads(small_case_folder))
    assert any("A pixel measures" in sentence for sentence in warnings(on))
    flat = np.full((64, 64), 7, np.uint8)
    on = laid(Upload("a_t1.png", picture(disc())), Upload("a_t2.png", picture(flat)))
    set_role(on.rows[1], "t2")
    assert any("One value only" in s and s.endswith("out: T2.") for s in warnings(on))


def test_every_role_has_a_name():
    assert list(ROLES) == [*MODALITIES, "truth", NOT_USED]


def test_a_widget_does_not_keep_a_desk():
    done = []
    here = Desk()
    act = while_there(here, done.append)
    act()
    assert done == [here]
    done.clear()
    gone = weakref.ref(here)
    del here
    gc.collect()
    assert gone() is None
    act()
    assert done == []
