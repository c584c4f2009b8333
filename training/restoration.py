"""An in-domain start where no pretrained encoder can be had: a network learns heads from holes.

Before it learns of tumours, it restores what was taken out of its slices, from what is left of the
same modality around the hole and of the others at it. It sees no truth. Sources: Pathak et al.
2016, Context Encoders; He et al. 2022, Masked Autoencoders Are Scalable Vision Learners.
"""

from dataclasses import replace

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from inference.precision import autocast
from model_zoo.segmenter import Segmenter
from training.batches import step_batch
from training.config import TrainingConfig
from training.data import SliceBank
from training.optimisation import make_optimiser, make_schedule

# As large as a small tumour: less is read off its rim.
_CELL = 16
_TAKEN = 0.5
# Apart from the batches that tumours are learned from.
_SEED = 7919


def learn_to_restore(model: Segmenter, bank: SliceBank, config: TrainingConfig) -> list[float]:
    """Train a network for ``config.restore_steps`` steps on slices with holes.

    Its outputs, one a region, stand for as many of its modalities, the last ones, meanwhile.

    Args:
        model: The network, which is changed.
        bank: Slices to learn from.
        config: Of the training that follows; its batches, augmentation and rate hold here too.

    Returns:
        The loss of every step.
    """
    ours = replace(
        config,
        steps=config.restore_steps,
        schedule="one_cycle",
        tumour_share=0.0,
        seed=config.seed + _SEED,
    )
    optimiser = make_optimiser(model, ours)
    schedule = make_schedule(optimiser, ours)
    model.train()
    losses = []
    for step in tqdm(range(ours.steps), desc="restore", unit="step", disable=not ours.steps):
        loss = _restoration_loss(model, *_batch(bank, ours, step))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
    return losses


def _batch(bank: SliceBank, config: TrainingConfig, step: int) -> tuple[Tensor, Tensor]:
    """(N, C, h, w) whole slices and, for each pixel of each channel, whether it is taken out."""
    slices, _ = step_batch(bank, config, step)
    random = Generator().manual_seed(config.seed * 1_000_003 + step)
    return slices, holes(slices.shape, random)


def holes(shape: torch.Size, random: Generator) -> Tensor:
    """(N, C, h, w) bool: half of the square cells of each channel, independently of the others."""
    cells = [-(-side // _CELL) for side in shape[2:]]
    taken = torch.rand(*shape[:2], *cells, generator=random) < _TAKEN
    wide = taken.repeat_interleave(_CELL, dim=2).repeat_interleave(_CELL, dim=3)
    return wide[..., : shape[2], : shape[3]]


def _restoration_loss(model: Segmenter, slices: Tensor, taken: Tensor) -> Tensor:
    """Mean absolute error in the holes that lie in tissue, in deviations of the brain."""
    device = next(model.parameters()).device
    slices, taken = slices.to(device), taken.to(device)
    shown = (slices * ~taken).contiguous(memory_format=torch.channels_last)
    with autocast(device):
        restored = model(shown)
    asked = _asked(model, restored.shape[1])
    target, holed = slices[:, asked], taken[:, asked] & (slices[:, asked] != 0)
    return F.l1_loss(restored.float()[holed], target[holed])


def _asked(model: Segmenter, count: int) -> slice:
    """The last channels of the slice that is answered for, which stands among its neighbours."""
    channels = len(model.modalities)
    end = (model.neighbours.index(0) + 1) * channels
    return slice(end - count, end)
