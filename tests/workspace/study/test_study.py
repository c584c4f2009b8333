"""What a visitor decides of a study, and what follows from it."""

from typing import ClassVar

import pytest
import streamlit as st

from common.vocabulary import MODALITIES
from inference.study.sources import DicomFiles
from workspace.held_cases import HeldCase
from workspace.study import study as study_module
from workspace.study.study import (
    Study,
    clear_study,
    current_study,
    lay_down,
    way_back_to_study,
)


@pytest.fixture
def study(read):
    """The same study for a visitor who has decided nothing."""
    fresh = object.__new__(Study)
    fresh.__dict__.update(read.__dict__, decided={}, preparing=None, of_choice=None)
    return fresh


def test_the_rules_choose_one_series_for_each_modality(study):
    choice = study.choice(study.exam)
    assert tuple(choice.chosen) == MODALITIES
    assert not choice.unclear


def test_what_is_not_used_leaves_its_place_to_another_or_to_none(study):
    t2 = study.choice(study.exam).chosen["t2"]
    study.decide(t2, None)
    choice = study.choice(study.exam)
    assert t2 not in choice.chosen.values()
    assert "t2" not in choice.chosen
    assert any("No T2" in sentence for sentence in choice.missing)


def test_one_series_is_given_one_modality_only(study):
    chosen = study.choice(study.exam).chosen
    study.decide(chosen["t2"], "flair")
    study.decide(chosen["flair"], "flair")
    after = study.choice(study.exam).chosen
    assert after["flair"] == chosen["flair"]
    assert chosen["t2"] not in after.values()


def test_another_exam_begins_without_decisions(study):
    study.decide(0, None)
    study.choose_exam(2)
    assert study.decided == {}


class Task:
    """Stands for the preparation, which takes seconds."""

    begun: ClassVar[list] = []

    def __init__(self, work, *, name):
        self.work = work
        self.stopped_by_hand = False
        self.progress = self
        self.begun.append(self)

    def stop(self):
        self.stopped_by_hand = True


@pytest.fixture
def tasks(monkeypatch):
    monkeypatch.setattr(study_module, "BackgroundTask", Task)
    monkeypatch.setattr(Task, "begun", [])
    return Task


def test_the_same_series_are_not_prepared_twice(study, tasks):
    for _ in range(3):
        study.prepare(study.exam, study.choice(study.exam))
    assert len(tasks.begun) == 1


def test_other_series_are_prepared_in_place_of_the_former(study, tasks):
    study.prepare(study.exam, study.choice(study.exam))
    study.decide(study.choice(study.exam).chosen["t2"], None)
    study.prepare(study.exam, study.choice(study.exam))
    assert [task.stopped_by_hand for task in tasks.begun] == [True, False]
    assert not study.was_shown


def test_a_mask_of_ones_own_is_used_and_prepared_with(study, tasks):
    study.prepare(study.exam, study.choice(study.exam))
    study.use_brain_mask("../mask.nii.gz", b"bytes")
    assert study.brain_mask.read_bytes() == b"bytes"
    study.prepare(study.exam, study.choice(study.exam))
    assert tasks.begun[-1].work.keywords["brain_mask"] == study.brain_mask


def test_a_visitor_has_one_study(monkeypatch, study_folder):
    monkeypatch.setattr(st, "session_state", {})
    first = lay_down(Study(DicomFiles((study_folder,))))
    second = lay_down(Study(DicomFiles((study_folder,))))
    assert current_study() is second
    assert first.reading.progress.is_unwanted()
    clear_study()
    assert current_study() is None


def test_what_was_let_go_of_is_prepared_anew_while_the_study_is_there(study, tasks, monkeypatch):
    monkeypatch.setattr(st, "session_state", {"study": study})
    study.prepare(study.exam, study.choice(study.exam))
    back = way_back_to_study(study, "the page")
    assert back.is_there()
    held = HeldCase("its case", way_back=back)
    held.make_room()
    assert study.preparing is None
    study.prepare(study.exam, study.choice(study.exam))
    assert len(tasks.begun) == 2
    del st.session_state["study"]
    assert not back.is_there()


def test_closing_its_case_puts_a_study_away_and_deletes_its_files(monkeypatch, tmp_path):
    monkeypatch.setattr(st, "session_state", {})
    deleted = []
    study = lay_down(Study(DicomFiles((tmp_path,)), delete=lambda: deleted.append(tmp_path)))

    class Prepared:
        opened = object()

    class Done(Task):
        result = Prepared

    study.preparing = Done(None, name="")
    study_module._leave_with_case()
    assert current_study() is study  # another case is open, or none
    st.session_state["open_case"] = HeldCase(Prepared.opened)
    study_module._leave_with_case()
    assert current_study() is None
    assert deleted == [tmp_path]
    assert study.preparing is None
