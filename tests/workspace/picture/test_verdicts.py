import json
from dataclasses import replace

import pytest

from workspace.picture.verdicts import cost_of_missing, threshold_of, verdict

SHA256 = "0" * 64


def measured(sensitivity=0.93, auroc=0.98, patients=4):
    return {
        "patients": patients,
        "slices": 600,
        "with_tumour": 250,
        "sensitivity": sensitivity,
        "specificity": 0.96,
        "auroc": auroc,
    }


@pytest.fixture
def results(tmp_path):
    """What was measured of one model with all modalities and with FLAIR alone."""
    readings = [
        {"modalities": modalities, "threshold_percent": percent, "chosen": chosen, "checked": last}
        for modalities, percent, chosen, last in (
            (["t1", "t1c", "t2", "flair"], 0.6, measured(), measured(0.9, patients=6)),
            (["flair"], 1.5, measured(auroc=0.9), measured()),
        )
    ]
    models = {"unet": {"weights": SHA256, "data": "brats", "readings": readings}}
    (tmp_path / "verdict.json").write_text(json.dumps({"about": "", "models": models}))
    return tmp_path


def test_a_verdict_is_never_without_what_it_is_worth(results):
    threshold = threshold_of("unet", SHA256, ("flair", "t1", "t1c", "t2"), folder=results)
    told = verdict(4.1, threshold).replace("\u00a0", " ")
    assert told.startswith("**Tumour is drawn on 4.10 % of the head, above the 0.60 %**")
    assert "4 validation patients of BraTS (skull-stripped): sensitivity .93, spec" in told
    assert "6 test patients, who had no part in choosing it: sensitivity .90" in told
    assert "Not a diagnosis" in told
    assert "not above the 0.60" in verdict(0.6, threshold).replace("\u00a0", " ")
    assert verdict(0, threshold).startswith("**No tumour is drawn, not above")


def test_a_verdict_that_is_hardly_one_says_so(results):
    threshold = threshold_of("unet", SHA256, ("flair",), folder=results)
    assert "guessing" not in verdict(4, threshold)
    poor = replace(threshold, checked=replace(threshold.checked, auroc=0.57))
    assert "**Little better than guessing**: area under the ROC curve .57" in verdict(4, poor)


@pytest.mark.parametrize("part", ["chosen", "checked"])
def test_what_is_no_better_than_a_coin_gives_no_verdict(results, part):
    """Seen failing: it began with "No tumour is drawn", in bold, with a sensitivity of .00."""
    threshold = threshold_of("unet", SHA256, ("flair",), folder=results)
    useless = replace(threshold, **{part: replace(getattr(threshold, part), auroc=0.482)})
    told = verdict(0, useless).replace("\u00a0", " ")
    assert told.startswith(
        "**No verdict: no better than guessing** (area under the ROC curve .48)."
    )
    assert told.count("**") == 2, "nothing else stands out"
    assert "No tumour is drawn, not above the 1.50 % that was meant to separate" in told
    assert "sensitivity .93, specificity .96" in told


def test_no_threshold_for_other_weights_modalities_or_models(results, tmp_path):
    assert threshold_of("unet", SHA256, ("flair",), folder=results).percent == 1.5
    assert threshold_of("unet", "1" * 64, ("flair",), folder=results) is None
    assert threshold_of("unet", SHA256, ("t1",), folder=results) is None
    assert threshold_of("transunet", SHA256, ("flair",), folder=results) is None
    assert threshold_of("unet", SHA256, ("flair",), folder=tmp_path / "none") is None


def test_what_missing_modalities_cost(results):
    read = ("t1", "t1c", "t2", "flair")
    told = cost_of_missing("unet", SHA256, read, ("flair",), results)
    assert "ROC curve .90 so, .98 with all it reads" in told
    assert "not measured" in cost_of_missing("unet", SHA256, read, ("t1",), results)
    assert cost_of_missing("unet", SHA256, read, read, results) == ""
