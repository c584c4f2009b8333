"""What is dropped lies on the desk as images with roles, or is refused in a sentence."""

import gc
import shutil
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from tests.workspace.desk.drops import Upload, disc, laid, picture, roles, uploads, zipped
from workspace.desk.arrival import drop_zone
from workspace.desk.arrival.uploads import MAX_IMAGES, leave_out, look_at, take_in, try_again
from workspace.desk.desk import (
    NOT_USED,
    Desk,
    case_files,
    grid_differences,
    problem,
    set_role,
    warnings,
)

PATIENCE_S = 60


def test_files_of_a_case_are_recognised_in_order_and_read(small_case_folder):
    on = laid(*reversed(uploads(small_case_folder)))
    assert roles(on) == [*MODALITIES, "truth"]
    assert on.refused == []
    assert problem(on) is None
    assert grid_differences(on) == []
    with case_files(on) as files:
        case = read_case(files)
    assert case.present == MODALITIES
    assert case.name == "small"
    assert case.truth.any()


def test_files_dropped_one_after_the_other_add_up(small_case_folder):
    on = Desk()
    for upload in uploads(small_case_folder):
        take_in(on, [upload])
    assert roles(on) == [*MODALITIES, "truth"]
    assert on.rounds == 5


def test_on_disk_are_files_without_names_for_as_long_as_they_lie_on_the_desk(
    small_case_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    on = laid(*uploads(small_case_folder))
    lying = sorted(tmp_path.iterdir())
    assert len(lying) == 5
    assert not any(name in str(lying) for name in ("small", "t1", "nii"))
    with case_files(on) as files:
        assert files.truth.is_relative_to(tmp_path)
    assert sorted(tmp_path.iterdir()) == lying
    on.rows.clear()
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_is_refused_is_said_and_the_rest_stays(small_case_folder):
    cat = Upload("cat_flair.nii.gz", b"\xff\xd8\xff a cat")
    on = laid(cat, *uploads(small_case_folder, "*_t1.*"), Upload("notes.txt", b"hello"))
    assert roles(on) == ["t1"]
    assert "cat_flair.nii.gz is a JPEG picture" in on.failed[0].sentence
    assert "notes.txt is a text file; give NIfTI" in on.refused[0]
    take_in(on, uploads(small_case_folder, "*_t2.*"))
    assert roles(on) == ["t1", "t2"]
    assert on.refused == []


def test_one_of_several_files_that_fails_stays_until_it_is_settled(small_case_folder):
    whole = uploads(small_case_folder)
    t1c = next(upload for upload in whole if "t1ce" in upload.name)
    cut = Upload(t1c.name, t1c.content[:900])
    on = laid(cut, *(upload for upload in whole if upload is not t1c))
    assert roles(on) == ["t1", "t2", "flair", "truth"]
    assert problem(on) == (
        "small_t1ce.nii.gz could not be read: try again, drop it anew, or leave it out."
    )
    try_again(on, on.failed[0].mark)
    assert [failed.file.name for failed in on.failed] == ["small_t1ce.nii.gz"]
    take_in(on, [Upload("notes.txt", b"hello")])
    assert len(on.failed) == 1
    take_in(on, [t1c])
    assert on.failed == []
    assert roles(on) == [*MODALITIES, "truth"]
    assert problem(on) is None


def test_a_file_that_fails_can_be_left_out(small_case_folder):
    on = laid(Upload("a_t1ce.nii", b"\x89PNG"), *uploads(small_case_folder, "*_t1.*"))
    leave_out(on, on.failed[0].mark)
    assert problem(on) is None


def test_a_press_that_waited_behind_another_meets_no_other_file(small_case_folder):
    on = laid(
        Upload("a_t1.nii", b"\x89PNG"),
        Upload("a_t2.nii", b"\x89PNG"),
        *uploads(small_case_folder, "*flair*"),
    )
    first, second = (failed.mark for failed in on.failed)
    leave_out(on, first)
    leave_out(on, first)
    assert [failed.mark for failed in on.failed] == [second]
    try_again(on, second)
    again = [failed.mark for failed in on.failed]
    assert second not in again
    rounds = on.rounds
    try_again(on, second)
    leave_out(on, second)
    assert [failed.mark for failed in on.failed] == again
    assert on.rounds == rounds


def test_what_failed_for_want_of_room_is_read_when_there_is_some(small_case_folder, monkeypatch):
    def write_bytes(self, content):
        raise OSError(28, "No space left on device", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_bytes)
        on = laid(*uploads(small_case_folder))
    assert len(on.failed) == 5
    assert all("no room left" in failed.sentence for failed in on.failed)
    for failed in list(on.failed):
        try_again(on, failed.mark)
    assert roles(on) == [*MODALITIES, "truth"]


def test_a_zip_lies_open_on_the_desk(small_case_folder, tmp_path):
    shutil.copytree(small_case_folder, tmp_path / "P1")
    shutil.copy(next(small_case_folder.glob("*seg*")), tmp_path / "P1" / "brain_mask.nii.gz")
    on = laid(zipped(tmp_path / "P1", tmp_path))
    assert roles(on) == [*MODALITIES, "truth", NOT_USED]
    assert problem(on) is None
    with case_files(on) as files:
        assert len(read_case(files).present) == 4


def test_what_cannot_be_used_in_a_zip_keeps_nothing_else_away(small_case_folder, tmp_path):
    folder = shutil.copytree(small_case_folder, tmp_path / "P1")
    (folder / "empty_t1.nii").write_bytes(b"")
    colours = np.stack([disc(200), disc(90), disc(150)], -1)
    (folder / "preview.png").write_bytes(picture(colours))
    (folder / "small_t1.png").write_bytes(picture(disc()))
    on = laid(zipped(folder, tmp_path))
    assert sorted(role for role in roles(on) if role != NOT_USED) == sorted([*MODALITIES, "truth"])
    assert roles(on).count(NOT_USED) == 4
    assert on.refused == []
    assert "empty_t1.nii (an empty file)" in on.unread[0]
    assert problem(on) is None


def test_many_loose_pictures_are_one_sentence():
    heap = [Upload(f"p_{n:03}_flair.png", picture(disc())) for n in range(MAX_IMAGES + 9)]
    on = laid(*heap)
    assert len(on.rows) == MAX_IMAGES
    assert on.refused == [
        "p_020_flair.png and 8 more files bring more than 20 images; give the scan of one patient "
        "as NIfTI, its slices as pictures numbered alike, or a single slice."
    ]


def test_a_zip_of_two_cases_is_told(data_folder, tmp_path):
    on = laid(zipped(data_folder, tmp_path, "scans"))
    assert on.rows == []
    assert on.refused == ["scans.zip holds 4 cases; give a zip of one patient's files."]


def test_many_pictures_that_are_no_series_are_told(tmp_path):
    heap = tmp_path / "heap"
    heap.mkdir()
    for number in range(MAX_IMAGES + 2):
        (heap / f"slice_{number}_of_a_head.png").write_bytes(picture(disc()))
    on = laid(zipped(heap, tmp_path))
    assert on.rows == []
    assert "its slices as pictures numbered alike" in on.refused[0]


def slices_in_colour(folder, count=MAX_IMAGES + 4):
    """Slices as the public LGG set has them, with masks of 0 and 255."""
    folder.mkdir()
    for number in range(1, count + 1):
        colours = np.stack([disc(200), disc(90 + number), disc(150)], -1)
        (folder / f"P1_{number}.tif").write_bytes(picture(colours, "TIFF"))
        mask = np.uint8(255) * (disc() > 205)
        (folder / f"P1_{number}_mask.tif").write_bytes(picture(mask, "TIFF"))
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_slices_lie_together_on_the_desk(tmp_path, packed):
    folder = slices_in_colour(tmp_path / "P1")
    on = laid(zipped(folder, tmp_path)) if packed else laid(*uploads(folder))
    assert on.refused == []
    assert roles(on) == ["t1", "flair", "t1c", "truth"]
    assert on.rows[0].title == "P1_1–24.tif (red)"
    assert problem(on) is None
    assert grid_differences(on) == []
    assert any("order of their numbers" in sentence for sentence in warnings(on))
    with case_files(on) as files:
        case = read_case(files)
    assert case.name == "P1"
    assert case.shape == (64, 64, 24)
    assert case.present == ("t1", "t1c", "flair")
    # Slice after slice, not 1, 10, 11: the second image gets brighter with the number.
    assert (np.diff(case.volume[3].max(axis=(0, 1))) == 1).all()
    assert case.truth.any()


@pytest.mark.parametrize("colours", [1, 3])
def test_a_zip_of_images_and_masks_is_one_case(tmp_path, colours):
    for number in range(1, 5):
        image = np.stack([disc(150 + number)] * colours, -1)
        image //= np.arange(colours, 0, -1, np.uint8)
        mask = np.uint8(255) * (disc() > 205)
        for kind, pixels in (("images", image.squeeze()), ("masks", mask)):
            file = tmp_path / "P1" / kind / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture(pixels))
    on = laid(zipped(tmp_path / "P1", tmp_path))
    if colours == 1:
        assert sorted(map(str, roles(on))) == ["None", "truth"]
        assert problem(on) == "Choose what images 1–4.png is, or set it to “Not used”."
        set_role(next(row for row in on.rows if row.role is None), "flair")
    assert problem(on) is None
    assert grid_differences(on) == []
    with case_files(on) as files:
        case = read_case(files)
    assert case.present == (("flair",) if colours == 1 else ("t1", "t1c", "flair"))
    assert case.truth_regions == ("wt",)
    np.testing.assert_array_equal(case.truth[..., 0] > 0, np.rot90(disc() > 205, 2).T)


def test_the_modalities_of_slices_can_be_corrected(tmp_path):
    on = laid(*uploads(slices_in_colour(tmp_path / "P1", 3), "*[0-9].tif"))
    set_role(on.rows[0], "t2")
    set_role(on.rows[2], NOT_USED)
    with case_files(on) as files:
        assert read_case(files).present == ("t2", "flair")


def test_slices_in_grey_are_one_row_and_are_asked_about(tmp_path):
    on = laid(*[Upload(f"IM{number:04}.png", picture(disc())) for number in range(5)])
    assert roles(on) == [None]
    assert "Choose what IM0000–0004.png is" in problem(on)
    set_role(on.rows[0], "flair")
    with case_files(on) as files:
        case = read_case(files)
    assert (case.name, case.present, case.shape[2]) == ("Uploaded_case", ("flair",), 5)


def test_slices_that_do_not_go_together_are_told(tmp_path):
    two_sizes = [Upload(f"a_{side}.png", picture(disc(side=side))) for side in (64, 65)]
    assert "a_65.png has 65×65 pixels and a_64.png 64×64" in laid(*two_sizes).failed[0].sentence
    on = laid(*[Upload(f"a_{number}.png", picture(disc())) for number in ("1", "01")])
    assert (on.rows, len(on.refused)) == ([], 1)
    assert "both slice 1" in on.refused[0]


def test_a_missing_mask_is_told_before_anything_is_opened(tmp_path):
    folder = slices_in_colour(tmp_path / "P1", 4)
    (folder / "P1_3_mask.tif").unlink()
    on = laid(*uploads(folder))
    with pytest.raises(InputError, match=r"P1_1–4_mask.tif has no picture with the number 3"):
        grid_differences(on)


def test_what_is_not_read_of_a_zip_is_said_once(small_case_folder, tmp_path):
    folder = tmp_path / "patient"
    shutil.copytree(small_case_folder, folder)
    (folder / "small_adc.nii.gz").write_bytes(b"")
    on = laid(zipped(folder, tmp_path))
    assert on.refused == []
    assert [note.count("small_adc.nii.gz (an empty file)") for note in on.unread] == [1]


def test_a_page_that_runs_anew_waits_for_files_that_are_looked_at(small_case_folder, monkeypatch):
    """Streamlit begins a new run while the one before still reads: it must not see half of them."""
    go_on, on = threading.Event(), Desk()
    looked = look_at

    def slowly(*arguments, **options):
        go_on.wait(PATIENCE_S)
        return looked(*arguments, **options)

    monkeypatch.setattr("workspace.desk.arrival.uploads.look_at", slowly)
    files = uploads(small_case_folder, "*_t1*")

    def take():
        drop_zone._take(on, files, lambda _: False)

    first = threading.Thread(target=take)
    first.start()
    while not on.looking.locked():
        first.join(0.01)
    seen = []
    second = threading.Thread(target=lambda: (on.wait_until_looked(), seen.append(len(on.rows))))
    second.start()
    assert not seen
    go_on.set()
    first.join(PATIENCE_S)
    second.join(PATIENCE_S)
    assert seen == [len(files)] == [2]
