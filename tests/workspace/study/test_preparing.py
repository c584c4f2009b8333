import numpy as np
import pytest
import streamlit as st

from common.errors import InputError
from inference.study.series.choice import Choice
from report.drawing.planes import PLANES
from viewer.parcel import read_header
from workspace.case_results.case_record import images_of
from workspace.jobs.background import Progress, StoppedError
from workspace.memory_budget import held_bytes
from workspace.open_case import packed
from workspace.own_frames import frames_of, on_frames
from workspace.study import preparing
from workspace.study.preparing import prepare_exam, prepare_files

pytestmark = pytest.mark.slow  # a preparation takes ten seconds of two cores


def test_a_study_is_a_case_as_the_networks_see_it_and_as_it_came(prepared):
    case, _ = prepared
    assert case.opened.case.spacing == pytest.approx((2, 2, 2))
    assert case.opened.frames is None
    assert case.opened.synthetic
    assert case.shown.frames == "t1c"
    grid = case.opened.came.preparation.sequences["t1c"].grid
    assert case.shown.case.shape == grid.ras_shape
    assert read_header(case.shown.scan)["shape"] == list(grid.ras_shape)
    assert read_header(case.shown.brain)["shape"] == list(grid.ras_shape)
    assert case.shown.key != case.opened.key


def test_both_ways_to_show_it_lie_in_one_head(prepared):
    case, _ = prepared
    assert case.shown.place.head == case.opened.place.head == case.opened.key
    middles = []
    for opened in (case.opened, case.shown):
        box = read_header(opened.brain)["box"]
        middle = [(low + high - 1) / 2 for low, high in box]
        middles.append((opened.place.to_head @ [*middle, 1])[:3])
    # Where the brain's box has its middle depends on how the head is turned, not on where it is.
    assert np.linalg.norm(middles[0] - middles[1]) < 12


def test_every_sequence_can_carry_the_answer_the_t1c_first(prepared):
    case, _ = prepared
    assert frames_of(case.opened) == ("t1c", "t1", "t2", "flair")
    flair = on_frames(case.opened, "flair")
    assert flair.case.shape == case.opened.came.preparation.sequences["flair"].grid.ras_shape


def test_its_steps_are_reported_in_their_order(prepared):
    _, progress = prepared
    names = [name for name, _, _ in progress.steps]
    assert names == ["turn", "pixels", "mask", "align", "read", "pack"]
    assert all(ended for _, _, ended in progress.steps)


def test_each_step_leaves_a_picture(prepared):
    case, _ = prepared
    captions = [picture.caption for picture in case.pictures]
    assert len(captions) == 3
    assert "where their headers place them" in captions[0]
    assert "after they were aligned" in captions[1]
    assert captions[2] == "The brain found, on T1c"


def test_no_note_names_an_option_of_the_command_line(prepared):
    case, _ = prepared
    assert not any("--" in note for note in case.opened.case.notes)


def test_the_voxels_that_the_networks_read_are_let_go_of(prepared):
    case, _ = prepared
    for volume in (case.opened.case.volume, case.opened.came.preparation.case.volume):
        assert volume.base is not None
        assert volume.strides == (0, 0, 0, 0)


def test_next_to_nothing_of_it_is_in_memory_however_it_is_shown(prepared, monkeypatch):
    """Beside the headers: 60 kB are a tenth of what one of its label maps takes."""
    monkeypatch.setattr(st, "session_state", {})
    case, _ = prepared
    for shown in (case.opened, case.shown, on_frames(case.opened, "flair")):
        images = images_of(shown)
        assert images.greys("t1c", PLANES["axial"], shown.case.shape[2] // 2).any()
        assert held_bytes((shown, images)) < 60_000
        assert held_bytes(shown, in_files=True) > 5_000_000


def test_work_that_is_not_wanted_any_more_stops_before_it_begins(read):
    progress = Progress()
    progress.stop()
    with pytest.raises(StoppedError):
        prepare_exam(read.exam, read.choice(read.exam), progress)


def test_an_exam_of_which_nothing_is_used_is_refused(read):
    with pytest.raises(InputError, match="no series"):
        prepare_exam(read.exam, Choice((), {}, ()), Progress())


def test_files_as_brats_prepares_them_are_left_alone(small_case_folder):
    from inference.io.case_reader import read_case
    from inference.io.cases.case_files import open_cases
    from inference.preparation.opened_case import OpenedCase

    with open_cases([small_case_folder]) as (files,):
        case = prepare_files(files, Progress())
        plain = packed(OpenedCase(read_case(files)), read_seconds=0)
    assert case.shown is case.opened
    assert case.opened.came is None
    assert case.opened.key == plain.key
    assert case.opened.scan == plain.scan
    assert frames_of(case.opened) == ()


def test_a_turn_is_waited_for(read, monkeypatch):
    progress = Progress()
    monkeypatch.setattr(preparing, "_ASK_AGAIN_SECONDS", 0.01)
    with preparing._one_at_a_time:
        progress.stop()
        with pytest.raises(StoppedError):
            prepare_exam(read.exam, read.choice(read.exam), progress)
