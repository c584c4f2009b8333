"""A part of a batch draws what it would have as a part of the whole."""

import pytest
import torch
from torch import Generator

from training.data.draws import Draws


def everything(draws, count):
    return [
        draws.uniform(count, 3),
        draws.symmetric(count),
        draws.normal(count, 2, 2),
        draws.integers(9, count),
        draws.uniform(count),
    ]


@pytest.mark.parametrize("rank", range(3))
def test_a_part_draws_what_it_would_in_the_whole(rank):
    part = slice(rank, None, 3)
    whole = everything(Draws(Generator().manual_seed(1)), 8)
    count = len(range(8)[part])
    found = everything(Draws(Generator().manual_seed(1), part, 8), count)
    assert all(torch.equal(a, b[part]) for a, b in zip(found, whole, strict=True))


def test_the_whole_is_what_the_generator_gives():
    draws, generator = Draws(Generator().manual_seed(2)), Generator().manual_seed(2)
    assert torch.equal(draws.uniform(4, 2), torch.rand((4, 2), generator=generator))
    assert torch.equal(draws.normal(4), torch.randn(4, generator=generator))
    assert torch.equal(draws.integers(5, 4), torch.randint(5, (4,), generator=generator))
    assert torch.equal(draws.symmetric(4), 2 * torch.rand(4, generator=generator) - 1)
