import json

import pytest

from inference.io.cases.stated_labels import convention_stated

STATED = [
    (
        "decathlon",
        {"0": "background", "1": "edema", "2": "non-enhancing tumor", "3": "enhancing"},
    ),
    ("brats2023", {"0": "background", "1": "necrotic core", "2": "edema", "3": "enhancing"}),
    ("brats2021", {"background": 0, "NCR": 1, "ED": 2, "ET": 4}),
    ("brats2024", {"background": 0, "NETC": 1, "SNFH": 2, "ET": 3, "RC": 4}),
    ("brats-ped", {"0": "0", "1": "ET", "2": "NET", "3": "cyst", "4": "edema"}),
    ("hd-glio", {"background": 0, "edema": 1, "enhancing": 2}),
    ("whole", {"background": 0, "tumor": 1}),
    (
        "decathlon",
        {
            "background": 0,
            "whole tumor": [1, 2, 3],
            "tumor core": [2, 3],
            "enhancing tumor": [3],
        },
    ),
    ("brats2023", {"background": 0, "WT": [1, 2, 3], "TC": [1, 3], "ET": 3}),
    (None, {"background": 0, "left": 1, "right": 2}),
    (None, {"background": 0, "necrosis": 3, "edema": 2, "enhancing": 1}),
    (None, {"background": 0, "core": [1, 3], "whole": [1, 2, 3]}),
    (None, ["a"]),
]


@pytest.mark.parametrize(("convention", "labels"), STATED)
def test_labels_are_a_convention_by_their_names(convention, labels):
    assert convention_stated(json.dumps({"labels": labels}).encode()) == convention


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"labels": {"a": "b"}}'])
def test_what_states_nothing_is_none(content):
    assert convention_stated(content) is None
