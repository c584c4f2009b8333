"""The augmented batch of a step.

It is drawn from a generator seeded with (seed, step), so that a resumed run sees what an unbroken
one would have seen, and reaches the same losses.
"""

from torch import Generator

from model_zoo.registry import contract
from training.config import TrainingConfig
from training.data.augment import augment
from training.data.bank import Batch, SliceBank, draw_batch
from training.data.draws import ALL, Draws


def step_batch(bank: SliceBank, config: TrainingConfig, step: int, *, part: slice = ALL) -> Batch:
    """The augmented batch of one step, or a part of it; the same whenever it is asked for."""
    generator = Generator().manual_seed(config.seed * 1_000_003 + step)
    random = Draws(generator, part, config.batch)
    drawn = draw_batch(
        bank,
        count=config.batch,
        tumour_share=config.tumour_share,
        slice_normalise=config.augment.slice_normalise,
        random=random,
        offsets=neighbours_of(config),
    )
    slices, target = augment(
        drawn.slices, drawn.target, crop=config.crop, config=config.augment, random=random
    )
    return Batch(slices.flatten(1, 2), target, drawn.known)


def neighbours_of(config: TrainingConfig) -> tuple[int, ...]:
    """Offsets of the slices the model of a configuration reads."""
    return contract(config.model).neighbours if config.neighbours is None else config.neighbours
