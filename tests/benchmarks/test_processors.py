"""Processors that this one can stand for, by a small case and the smallest model."""

import json
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import processors
from benchmarks.__main__ import main
from benchmarks.processors import (
    EXACT,
    OWN,
    Answer,
    Comparison,
    _answer,
    _asked,
    _compared,
    _comparison,
    _stood_for,
    _summary,
)

ALL = ("AVX2", "AVX-512", "VNNI", "bfloat16", "AMX")
LABELS = np.zeros((4, 4, 2), np.uint8)


def answer(labels, seconds=1.0):
    return Answer(labels, 20, seconds, "int8")


def test_two_answers_are_compared_voxel_by_voxel():
    drawn, other = LABELS.copy(), LABELS.copy()
    drawn[:2, :2] = 3
    other[:2, :2] = 3
    other[0, 0, 0] = 0
    found = _comparison(answer(other, 3.0), answer(drawn))
    assert found == Comparison("int8", 1 / 20, pytest.approx(2 * 7 / 15), 3.0)


def test_a_summary_has_the_mean_the_most_and_the_lowest():
    found = [Comparison("int8", 0.0, 1.0, 2.0), Comparison("int8", 0.5, 0.9, 4.0)]
    assert _summary(found) == {
        "arithmetic": "int8",
        "differs": {"mean": 0.25, "max": 0.5},
        "dice": 0.9,
        "time": 3.0,
    }
    assert _summary(None) is None


@pytest.mark.parametrize("words", ["object is not initialized", "something else"])
def test_what_openvino_has_no_way_for_is_no_answer(monkeypatch, words):
    def refuse(*_, **__):
        raise RuntimeError(words)

    monkeypatch.setattr("inference.network.engine.segment_prepared", refuse)
    monkeypatch.setattr(processors, "_loaded", {("unet", "int8"): SimpleNamespace()})
    if "initialized" in words:
        assert _answer("unet", "int8", None, None, 1) is None
    else:
        with pytest.raises(RuntimeError, match="something else"):
            _answer("unet", "int8", None, None, 1)


class Ended:
    """A process that OpenVINO has ended."""

    def submit(self, *_):
        raise BrokenProcessPool


def test_a_process_that_ends_is_no_answer():
    assert _asked(Ended(), None, "unet", "int8", "AVX2 alone") is None


def test_a_process_of_this_machine_as_it_is_may_not_end():
    with pytest.raises(BrokenProcessPool):
        _asked(Ended(), None, "unet", "int8", OWN)


def test_a_processor_that_answers_some_cases_alone_is_not_summed_up(monkeypatch):
    monkeypatch.setattr(processors, "_machine", nullcontext)
    monkeypatch.setattr(processors, "processor_features", lambda: ALL)

    def asked(_, case, name, form, processor):
        return None if (case, processor) == (2, "AVX2 alone") else answer(LABELS)

    monkeypatch.setattr(processors, "_asked", asked)
    found = _compared([1, 2], "unet")["int8"]
    assert found["AVX2 alone"] is None
    assert found["AVX-512 alone"]["time"] == 1.0


@pytest.mark.parametrize(
    ("features", "others"),
    [
        (ALL, ["AVX-512, VNNI, bfloat16", "AVX-512, VNNI", "AVX-512 alone", "AVX2 alone"]),
        (ALL[:3], ["AVX-512 alone", "AVX2 alone"]),
        (ALL[:2], ["AVX2 alone"]),
        (ALL[:1], []),
    ],
)
def test_a_processor_stands_for_those_that_have_less(monkeypatch, features, others):
    monkeypatch.setattr(processors, "processor_features", lambda: features)
    assert _stood_for("float") == [OWN, *others]
    assert _stood_for("int8") == [OWN, *others, *([] if "VNNI" in features else [EXACT])]


def test_without_a_case_it_says_what_to_give(capsys):
    assert main(["processors"]) == 2
    assert "--case, --data or both" in capsys.readouterr().err


@pytest.mark.slow  # five processes, each with a network
def test_each_processor_answers(small_case_folder, tmp_path, monkeypatch, capsys):
    kept = {OWN: "DEFAULT", "AVX-512 alone": "AVX512_CORE", EXACT: "DEFAULT"}
    monkeypatch.setattr(processors, "PROCESSORS", kept)
    own = (*ALL[:2], "bfloat16")  # no VNNI, and more than AVX-512 alone
    monkeypatch.setattr(processors, "processor_features", lambda: own)
    file = tmp_path / "processors.json"
    given = ["--case", small_case_folder, "--model", "edge_unet", "--json", file]
    assert main(["processors", *map(str, given)]) == 0
    found = json.loads(file.read_text())
    assert found["cases"] == [small_case_folder.name]
    forms = found["models"]["edge_unet"]
    assert set(forms) == {"int8", "float"}
    own, limited = forms["float"][OWN], forms["float"]["AVX-512 alone"]
    assert (own["differs"], own["dice"], own["time"]) == ({"mean": 0.0, "max": 0.0}, 1.0, 1.0)
    assert limited["arithmetic"] == "float32"
    assert 0 <= limited["differs"]["max"] < 0.01
    assert limited["time"] > 0
    exact = forms["int8"][EXACT]
    assert 0 <= exact["differs"]["max"] < 0.01
    assert exact["dice"] > 0.9
    assert EXACT not in forms["float"]
    assert "| Edge U-Net | AVX-512 alone | float | float32 |" in capsys.readouterr().out
