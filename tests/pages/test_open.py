import io
import re
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from quicklook import component
from tests.conftest import ROOT
from tests.pages.conftest import case_in, come_back, in_session
from workspace import open_case
from workspace.held_cases import NoRoomError


@pytest.fixture
def start():
    def run(**state):
        app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120)
        for key, value in state.items():
            app.session_state[key] = in_session(value)
        return app.run()

    return run


def drop(app, *files):
    app.file_uploader[0].set_value([(*file, "application/octet-stream") for file in files]).run()
    assert not app.exception
    return app


def files_of(folder, pattern="*"):
    return [(file.name, file.read_bytes()) for file in sorted(folder.glob(pattern))]


def picture(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def open_button(app):
    (button,) = [b for b in app.button if b.label == "Open these files"]
    return button


def roles(app):
    return [box.value for box in app.selectbox if box.label.startswith("Read ")]


def said(app):
    return " ".join(element.value for element in [*app.warning, *app.info, *app.error])


def test_offers_the_sample_and_an_upload(page):
    app = page("open")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample"]
    assert "not a patient" in " ".join(m.value for m in app.markdown)


def test_all_notes_on_the_files_stand_in_one_box(page, opened):
    case = replace(opened.case, notes=("The first note.", "The second note."))
    (box,) = page("open", open_case=replace(opened, case=case)).info
    assert [line.replace("\\", "") for line in box.value.split("  \n")] == list(case.notes)


def test_numbered_pictures_can_be_said_to_be_modalities(page):
    y, x = np.mgrid[:64, :64] - 32
    head = np.where(x**2 + y**2 < 400, 150 + x, 0).astype(np.uint8)
    app = drop(page("open"), *[(f"{number}.png", picture(head)) for number in range(1, 5)])
    assert roles(app) == [None]
    captions = [caption.value.replace("\\", "") for caption in app.caption]
    assert "1–4.png are read as 4 slices of one scan, in the order of their numbers." in captions
    (change,) = [b for b in app.button if b.label == "They are modalities of one slice"]
    change.click().run()
    assert not app.exception
    assert roles(app) == [None] * 4
    for number, role in enumerate(("t1", "t1c", "t2", "flair")):
        [b for b in app.selectbox if b.label.startswith("Read ")][number].set_value(role).run()
    assert not open_button(app).disabled
    assert "They are slices of one scan" in [button.label for button in app.button]


def test_where_it_runs_is_kept_when_the_page_is_left(visit):
    app = visit("open")
    app.button_group[0].set_value("On this computer").run()
    assert not app.file_uploader
    assert come_back(app).button_group[0].value == "On this computer"
    assert not app.file_uploader


def test_what_is_open_is_named_with_a_way_back(page, opened):
    app = page("open", open_case=opened)
    assert "Back to the comparison" in [button.label for button in app.button]
    assert "small" in " ".join(m.value for m in app.markdown)


def test_what_is_open_can_be_closed(page, opened):
    app = page("open", open_case=opened)
    next(button for button in app.button if button.label == "Close this case").click().run()
    assert not app.exception
    assert "open_case" not in app.session_state
    assert [button.label for button in app.button] == ["Open the sample"]


def test_files_are_recognised_and_can_be_opened(start, small_case_folder):
    app = drop(start(), *files_of(small_case_folder))
    assert roles(app) == ["t1", "t1c", "t2", "flair", "truth"]
    assert not open_button(app).disabled
    assert not app.warning
    [meaning] = [box for box in app.selectbox if box.label == "What its numbers mean"]
    assert meaning.value == meaning.run().selectbox[-1].value == "found out"
    assert "So far BraTS from 2023" in " ".join(caption.value for caption in app.caption)


@pytest.fixture
def let_go(start, small_case_folder, monkeypatch):
    """A visitor whose files were opened, and whose case had to make room since."""
    asked_for = []
    monkeypatch.setattr(st, "switch_page", asked_for.append)
    app = drop(start(), *files_of(small_case_folder))
    open_button(app).click().run()
    assert asked_for == ["pages/compare.py"]
    assert case_in(app) is not None
    app.session_state["open_case"].make_room()
    app.asked_for = asked_for
    return app


def test_who_had_to_make_room_opens_it_again_by_one_press(let_go, page):
    elsewhere = page("compare", open_case=let_go.session_state["open_case"])
    assert "Your case was let go of" in said(elsewhere)
    assert first_of(elsewhere) == ["Open your own files"]  # their desk is not this visitor's
    let_go.run()
    assert "Its files are still here." in said(let_go)
    next(b for b in let_go.button if b.label == "Open it again").click().run()
    assert let_go.asked_for[-1] == "pages/open.py"
    let_go.run()  # which it leads to
    assert not let_go.exception
    assert let_go.asked_for[-1] == "pages/compare.py"
    assert case_in(let_go) is not None
    let_go.run()
    assert "Your case was let go of" not in said(let_go)


def first_of(app):
    """The buttons that a page would have a visitor press."""
    return [button.label for button in app.button if button.proto.type == "primary"]


def test_whose_files_are_there_is_to_open_those_again(let_go, page):
    held = let_go.session_state["open_case"]
    held.way_back = replace(held.way_back, is_there=lambda: True)
    assert first_of(page("compare", open_case=held)) == ["Open it again"]


def test_whose_files_are_gone_drops_them_again(let_go):
    next(b for b in let_go.button if b.label == "Clear all").click().run()
    assert "Open its files again." in said(let_go)
    assert "Open it again" not in [button.label for button in let_go.button]


def test_where_others_look_at_all_there_is_room_for_it_is_said(
    start, small_case_folder, monkeypatch
):
    def no_room(*_, **__):
        raise NoRoomError

    monkeypatch.setattr(open_case.held_cases, "take", no_room)
    app = drop(start(), *files_of(small_case_folder))
    open_button(app).click().run()
    assert not app.exception
    assert "full of cases that other visitors look at" in said(app)
    assert "open_case" not in app.session_state


def test_files_that_are_no_case_cannot_be_opened(start, small_case_folder):
    app = drop(start(), *files_of(small_case_folder, "*seg*"))
    assert open_button(app).disabled
    assert "Choose the modality" in said(app)


def test_a_role_is_corrected_and_kept_when_the_page_is_entered_again(start, small_case_folder):
    app = drop(start(), *files_of(small_case_folder, "*_t[12].*"))
    assert roles(app) == ["t1", "t2"]
    app.selectbox[1].select("flair").run()
    assert roles(app) == ["t1", "flair"]
    again = start(desk=app.session_state["desk"])
    assert roles(again) == ["t1", "flair"]
    assert not open_button(again).disabled


def test_an_image_that_nobody_named_is_asked_for(start, small_case_folder):
    [(_, content)] = files_of(small_case_folder, "*_t2.*")
    app = drop(start(), ("series_7.nii.gz", content))
    assert roles(app) == [None]
    assert open_button(app).disabled
    assert "Choose what series" in said(app)
    app.selectbox[0].select("t2").run()
    assert not open_button(app).disabled


def test_a_broken_file_is_one_sentence_and_loses_nothing(start, opened, small_case_folder):
    app = drop(start(open_case=opened), ("cat_flair.nii.gz", b"a cat"))
    assert "cat\\_flair.nii.gz is a text file" in app.error[0].value
    assert case_in(app) is opened
    drop(app, *files_of(small_case_folder, "*_t1.*"))
    assert roles(app) == ["t1"]
    assert open_button(app).disabled  # it stays, until it is settled
    next(button for button in app.button if button.label == "Leave it out").click().run()
    assert not app.error
    assert not open_button(app).disabled


def test_clearing_puts_everything_away(start, small_case_folder):
    app = drop(start(), *files_of(small_case_folder, "*_t1.*"))
    next(button for button in app.button if button.label == "Clear all").click().run()
    assert not app.selectbox
    assert [button.label for button in app.button] == ["Open the sample"]


def test_resampling_is_asked_for_before_anything_is_opened(start, small_case_folder):
    image = nib.load(next(small_case_folder.glob("*_t1.*")))
    half = nib.Nifti1Image(np.asarray(image.dataobj)[::2], image.affine @ np.diag([2, 1, 1, 1]))
    app = drop(
        start(), ("small_half_t1.nii", half.to_bytes()), *files_of(small_case_folder, "*t1ce*")
    )
    assert "different grids" in said(app)
    assert not open_button(app).disabled  # they are prepared, unless they are to be left alone
    leave_as_they_are(app)
    assert open_button(app).disabled
    app.checkbox[0].check().run()
    assert not open_button(app).disabled


def leave_as_they_are(app):
    return app.radio[0].set_value("Leave them as they are").run()


def aligning(app):
    return [box for box in app.checkbox if "(rigid)" in box.label]


def test_aligning_is_offered_beside_resampling(start, small_case_folder):
    image = nib.load(next(small_case_folder.glob("*_t1.*")))
    half = nib.Nifti1Image(np.asarray(image.dataobj)[::2], image.affine @ np.diag([2, 1, 1, 1]))
    app = drop(
        start(), ("small_half_t1.nii", half.to_bytes()), *files_of(small_case_folder, "*t1ce*")
    )
    leave_as_they_are(app)
    [align] = aligning(app)
    assert not align.value
    align.check().run()
    assert open_button(app).disabled  # resampling is still to be agreed to
    app.checkbox[0].check().run()
    assert not open_button(app).disabled


def test_images_on_one_grid_can_be_aligned(start, small_case_folder):
    app = drop(start(), *files_of(small_case_folder))
    [align] = aligning(app)
    assert not align.value
    assert not app.warning
    align.check().run()
    again = start(desk=app.session_state["desk"])
    assert aligning(again)[0].value


def test_what_aligning_did_is_said_with_the_case(start, small_case_folder, monkeypatch):
    monkeypatch.setattr(st, "switch_page", lambda *_, **__: None)
    image = nib.load(next(small_case_folder.glob("*_flair.*")))
    affine = image.affine.copy()
    affine[:3, 3] += (8, -6, 0)
    moved = nib.Nifti1Image(np.asarray(image.dataobj), affine)
    app = drop(
        start(), ("small_moved_flair.nii", moved.to_bytes()), *files_of(small_case_folder, "*ce.*")
    )
    leave_as_they_are(app)
    app.checkbox[0].check().run()
    aligning(app)[0].check().run()
    open_button(app).click().run()
    assert not app.exception
    first = case_in(app).case.notes[2]
    assert "Aligned to small_t1ce.nii.gz: small_moved_flair.nii was moved by" in first
    assert re.search(r"moved by (9|10)\.\d mm and turned by \d\.\d°", first)


def test_one_image_and_pictures_are_not_offered_to_be_aligned(start, small_case_folder):
    assert not aligning(drop(start(), *files_of(small_case_folder, "*_t1.*")))
    square = np.zeros((64, 64), np.uint8)
    square[20:40, 20:40] = np.arange(20, 40)
    pictures = [(f"a_{name}.png", picture(square)) for name in ("t1", "t2")]
    assert not aligning(drop(start(), *pictures))


def test_pictures_of_two_sizes_are_told(start):
    square, wide = np.zeros((64, 64), np.uint8), np.zeros((64, 80), np.uint8)
    square[20:40, 20:40] = wide[20:40, 20:40] = np.arange(20, 40)
    app = drop(start(), ("a_t1.png", picture(square)), ("a_t2.png", picture(wide)))
    assert "is 80×64 pixels and a\\_t1.png 64×64 pixels" in said(app)
    assert open_button(app).disabled


def test_a_binary_truth_has_to_be_explained(start):
    image = np.zeros((64, 64), np.uint8)
    image[20:40, 20:40] = np.arange(20, 40)
    mask = (image > 30).astype(np.uint8)
    app = drop(start(), ("a_t1.png", picture(image)), ("a_mask.png", picture(mask)))
    assert open_button(app).disabled
    assert "which may be the whole tumour or a part of it" in said(app)
    assert "truth" not in said(app).split("state what it is")[1]
    [meaning] = [box for box in app.selectbox if box.label == "What its numbers mean"]
    meaning.select("whole").run()
    assert not open_button(app).disabled


def test_a_mask_that_can_be_one_thing_only_is_said_and_not_asked(start):
    image = np.zeros((64, 64), np.uint8)
    image[20:40, 20:40] = np.arange(20, 40)
    mask = ((image > 30) * 255).astype(np.uint8)
    app = drop(start(), ("a_t1.png", picture(image)), ("a_mask.png", picture(mask)))
    assert not open_button(app).disabled
    assert "What its numbers mean" not in [box.label for box in app.selectbox]
    assert "One mask: everything but 0 is tumour" in " ".join(c.value for c in app.caption)


def test_slices_as_pictures_are_one_image_and_a_question(start):
    y, x = np.mgrid[:64, :64] - 32
    disc = np.where(x**2 + y**2 < 440, 150 + x, 0).astype(np.uint8)
    slices = [(f"IM{number:04}.png", picture(disc)) for number in (*range(9), *range(10, 30))]
    app = drop(start(), *slices)
    assert roles(app) == [None]
    assert "Choose what IM0000–0029.png is" in said(app)
    assert open_button(app).disabled
    [box] = [box for box in app.selectbox if box.label.startswith("Read ")]
    box.select("flair").run()
    assert not open_button(app).disabled
    assert "number 9 is missing" in said(app)
    assert not app.error


def test_on_this_computer_there_is_nothing_to_upload_to(start):
    app = start()
    assert app.file_uploader
    [place] = app.segmented_control
    place.set_value("On this computer").run()
    assert not app.exception
    assert not app.file_uploader
    assert "does not leave this computer" in " ".join(m.value for m in app.markdown)
    [sample] = [button for button in app.button if button.label == "Try it on the sample"]
    sample.click().run()
    assert not app.exception


def test_without_the_small_model_there_is_no_choice(start, monkeypatch, tmp_path):
    monkeypatch.setitem(component._PARTS, "model", tmp_path / "model.onnx")
    component.is_available.cache_clear()  # another page of this process may have asked
    try:
        app = start()
    finally:
        component.is_available.cache_clear()
    assert app.file_uploader
    assert not app.segmented_control


def test_numbers_that_fit_two_conventions_can_be_said_to_be_either(start, small_case_folder):
    app = drop(start(), *files_of(small_case_folder))
    assert "The images decide" in " ".join(caption.value for caption in app.caption)
    [meaning] = [box for box in app.selectbox if box.label == "What its numbers mean"]
    assert len(meaning.options) > 2


def test_agreeing_to_one_difference_is_not_agreeing_to_the_next(start, small_case_folder):
    image = nib.load(next(small_case_folder.glob("*_flair.*")))
    voxels = np.asarray(image.dataobj)
    half, third = (
        nib.Nifti1Image(voxels[::step, ::step], image.affine @ np.diag([step, step, 1, 1]))
        for step in (2, 3)
    )
    [t1c] = files_of(small_case_folder, "*_t1ce.*")
    app = drop(start(), ("small_half_flair.nii", half.to_bytes()), t1c)
    leave_as_they_are(app)
    agree = next(box for box in app.checkbox if box.label.startswith("Resample onto"))
    agree.check().run()
    assert not open_button(app).disabled
    drop(app, ("small_half_t2.nii", third.to_bytes()))
    agree = next(box for box in app.checkbox if box.label.startswith("Resample onto"))
    assert not agree.value
    assert open_button(app).disabled


def test_files_of_two_patients_wait_for_the_visitors_word(start, small_case_folder):
    [(_, t1)] = files_of(small_case_folder, "*_t1.*")
    [(_, t2)] = files_of(small_case_folder, "*_t2.*")
    app = drop(start(), ("MEIER_t1.nii.gz", t1), ("SCHMIDT_t2.nii.gz", t2))
    assert open_button(app).disabled
    assert "are of two patients or exams by their names" in said(app)
    next(b for b in app.button if b.label == "They are of one patient").click().run()
    assert not open_button(app).disabled


def test_a_truth_in_doubt_is_asked_about_with_a_choice(start, small_case_folder, monkeypatch):
    monkeypatch.setattr(st, "switch_page", lambda *_, **__: None)
    image = nib.load(next(small_case_folder.glob("*flair*")))
    mask = nib.Nifti1Image((np.asarray(image.dataobj) > 0).astype(np.uint8), image.affine)
    mask = nib.Nifti1Image(np.asarray(mask.dataobj) * np.uint8(2), image.affine)
    app = drop(start(), *files_of(small_case_folder, "*_t1.*"), ("small_seg.nii", mask.to_bytes()))
    assert not open_button(app).disabled
    open_button(app).click().run()
    assert not app.exception
    assert "open_case" not in app.session_state
    assert "is unlikely to be a truth, since it marks" in said(app)
    assert "--" not in said(app)
    assert open_button(app).disabled
    [meaning] = [box for box in app.selectbox if box.label == "What its numbers mean"]
    meaning.select("whole").run()
    assert not open_button(app).disabled
    open_button(app).click().run()
    assert case_in(app).case.truth_regions == ("wt",)


def test_a_full_disk_is_a_sentence_and_not_a_traceback(start, small_case_folder, monkeypatch):
    def write_bytes(self, content):
        raise OSError(28, "No space left on device", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_bytes)
        app = drop(start(), *files_of(small_case_folder, "*_t1.*"))
        assert "There is no room left on the disk" in said(app)
        assert "gliolens-" not in said(app)


def test_a_file_that_failed_stays_named_with_try_again(start, small_case_folder):
    files = dict(files_of(small_case_folder))
    name = next(name for name in files if "t1ce" in name)
    app = drop(start(), *{**files, name: files[name][:900]}.items())
    assert open_button(app).disabled
    assert "is cut off before its end" in said(app)
    labels = [button.label for button in app.button]
    assert "Try again" in labels
    next(b for b in app.button if b.label == "Try again").click().run()
    assert open_button(app).disabled
    next(b for b in app.button if b.label == "Leave it out").click().run()
    assert not app.exception
    assert not open_button(app).disabled
