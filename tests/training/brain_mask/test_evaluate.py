import nibabel as nib
import numpy as np
import pytest
import torch
from torch import nn

from training.brain_mask.data.held_back import HeldBack, label_map_tests
from training.brain_mask.evaluate import agreement_of, evaluate
from training.brain_mask.tables import results_table, summary


class Bright(nn.Module):
    def forward(self, heads: torch.Tensor) -> torch.Tensor:
        return 20 * (heads - 0.5)


@pytest.fixture
def labels(tmp_path):
    found = np.zeros((40, 44, 41), np.int16)
    found[4:36, 4:40, 4:36] = 515
    found[8:32, 8:36, 8:32] = 24
    found[10:30, 10:34, 10:30] = 2
    nib.save(nib.Nifti1Image(found, np.diag([4.0, 4.0, 4.0, 1.0])), tmp_path / "one.nii.gz")
    return tmp_path


def test_a_label_map_is_shown_as_four_sequences_that_differ(labels):
    tests = list(label_map_tests(labels, ("one",)))
    assert [test.sequence for test in tests] == ["T1", "T2", "FLAIR", "T1c"]
    assert all(test.image.shape == test.truth.shape == (40, 44, 41) for test in tests)
    fluid, white = (tests[1].image[9, 20, 20], tests[1].image[20, 20, 20])
    assert fluid > white
    fluid, white = (tests[0].image[9, 20, 20], tests[0].image[20, 20, 20])
    assert fluid < white


def test_a_row_holds_what_was_measured(labels):
    test = next(label_map_tests(labels, ("one",)))
    exact = HeldBack("lgg", "one", "T1", 500.0 * test.truth, test.truth, test.grid)
    (row,) = evaluate([exact], Bright())
    assert row["dice"] > 0.95
    assert row["hd95"] < 5
    assert row["ml"] == pytest.approx(row["truth_ml"], rel=0.05)


def row(dice: float, hd95: float, sequence: str = "T1") -> dict:
    return {
        "group": "lgg", "sequence": sequence, "dice": dice, "hd95": hd95, "seconds": 1.0
    }  # fmt: skip


def test_the_worst_head_is_told_beside_the_mean():
    told = summary([row(0.98, 2.0), row(0.90, 8.0), row(0.97, 3.0, "FLAIR")])
    assert told["lgg/T1"] == {
        "heads": 2,
        "dice": 0.94,
        "worst_dice": 0.90,
        "hd95": 5.0,
        "worst_hd95": 8.0,
        "seconds": 1.0,
    }
    table = results_table({"summary": told})
    assert "| LGG test heads | T1 | 2 | 0.940 | 0.900 | 5.0 | 8.0 |" in table
    assert table.count("\n") == 3


def test_sequences_that_show_one_brain_agree(labels):
    test = next(label_map_tests(labels, ("one",)))
    shown = 500.0 * test.truth
    cut = shown.copy()
    cut[20:] = 0
    heads = [
        HeldBack("lgg", "one", "T1", image, test.truth, test.grid) for image in (shown, shown, cut)
    ]
    alone = HeldBack("lgg", "two", "T1", shown, test.truth, test.grid)
    agreement = agreement_of([*heads, alone], Bright())
    assert set(agreement) == {"one"}
    assert agreement["one"][0] == agreement["one"][1] == 1
    assert agreement["one"][2] < 0.8
