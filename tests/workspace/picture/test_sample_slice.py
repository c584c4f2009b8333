import numpy as np
import streamlit as st

from workspace import open_case
from workspace.picture.model_choice import is_picture
from workspace.picture.sample_slice import largest_true_slice, open_sample_slice


def test_the_sample_slice_is_synthetic_and_the_largest(monkeypatch, small_case_folder, case):
    monkeypatch.setattr(open_case, "SAMPLE_FOLDER", small_case_folder)
    monkeypatch.setattr(st, "session_state", {})
    opened = open_sample_slice()
    assert opened.synthetic
    assert is_picture(opened)
    assert opened.case.present == ("t1", "t1c", "t2", "flair")
    largest = largest_true_slice(case)
    np.testing.assert_array_equal(opened.case.truth[..., 0], case.truth[..., largest])
