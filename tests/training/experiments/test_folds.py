from dataclasses import replace

import pytest
import torch

from common.errors import InputError
from training.data.bank import draw_batch
from training.data.draws import Draws
from training.data.patients import read_split
from training.data.slices import build_bank
from training.experiments.folds import deal, without


def test_grades_are_spread_over_the_folds():
    grades = {f"p{n:02}": "LGG" if n % 4 == 0 else "HGG" for n in range(20)}
    dealt = deal(reversed(grades), grades, 5)
    assert sorted(name for fold in dealt for name in fold) == sorted(grades)
    assert [sum(grades[name] == "LGG" for name in fold) for fold in dealt] == [1] * 5
    assert dealt == deal(grades, grades, 5), "the deal depends on the order of the table"


def test_more_folds_than_patients_are_refused():
    with pytest.raises(InputError, match="2 patients cannot be dealt into 3 folds"):
        deal(["a", "b"], {}, 3)


def test_those_who_are_away_are_never_drawn(data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    first = bank.patients == 0
    marked = bank.slices.clone()
    marked[first] = 7.0
    only = without(replace(bank, slices=marked), torch.tensor([True, False]))
    random = Draws(torch.Generator().manual_seed(0))
    slices, *_ = draw_batch(only, count=40, tumour_share=0.5, slice_normalise=0.0, random=random)
    assert not (slices == 7.0).any()
