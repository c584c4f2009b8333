"""The sample is plausible if networks that have only seen patients find its tumour."""

import json

import pytest

from inference.__main__ import main
from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # three models at full size
SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"


@pytest.fixture(scope="module")
def dice(tmp_path_factory):
    report = tmp_path_factory.mktemp("sample") / "r.json"
    assert main([str(SAMPLE), "--model", "all", "--json", str(report)]) == 0
    models = json.loads(report.read_text())["models"]
    return {name: model["dice"] for name, model in models.items()}


def test_the_best_model_finds_the_whole_tumour(dice):
    assert max(scores["wt"] for scores in dice.values()) >= 0.8


def test_no_model_misses_it(dice):
    assert min(scores["wt"] for scores in dice.values()) >= 0.6
