"""The sample is plausible if networks that have only seen patients find its tumour."""

import json

import pytest

from inference.__main__ import main
from tests.support.sample import write_some_slices

pytestmark = pytest.mark.slow  # three models on whole slices
EVERY = 4  # The networks read one slice at a time: a quarter of them shows what all would.


@pytest.fixture(scope="module")
def some_slices(tmp_path_factory):
    return write_some_slices(tmp_path_factory.mktemp("sample"), every=EVERY)


@pytest.fixture(scope="module")
def dice(some_slices):
    report = some_slices.with_name("r.json")
    command = [str(some_slices), "--model", "all", "--prepare", "never", "--json", str(report)]
    assert main(command) == 0
    models = json.loads(report.read_text())["models"]
    return {name: model["dice"] for name, model in models.items()}


def test_the_best_model_finds_the_whole_tumour(dice):
    assert max(scores["wt"] for scores in dice.values()) >= 0.8


def test_no_model_misses_it(dice):
    assert min(scores["wt"] for scores in dice.values()) >= 0.6
