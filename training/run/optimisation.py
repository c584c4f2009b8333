"""What moves the weights, and how fast at which step."""

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LRScheduler, MultiplicativeLR, OneCycleLR

from model_zoo.segmenter import Segmenter
from training.config import TrainingConfig


def make_optimiser(model: Segmenter, config: TrainingConfig) -> torch.optim.Optimizer:
    """AdamW, which without weight decay is Adam; the encoder may learn at a rate of its own."""
    encoder = list(model.encoder.parameters()) if config.encoder_rate != 1 else []
    inside = {id(parameter) for parameter in encoder}
    others = [each for each in model.parameters() if id(each) not in inside]
    groups = [{"params": others, "lr": config.learning_rate}]
    if encoder:
        groups.append({"params": encoder, "lr": config.learning_rate * config.encoder_rate})
    return torch.optim.AdamW(groups, weight_decay=config.weight_decay, fused=True)


def make_schedule(optimiser: torch.optim.Optimizer, config: TrainingConfig) -> LRScheduler:
    """The learning rate of every step, in proportion for all parts of the network."""
    rates = [group["lr"] for group in optimiser.param_groups]
    if config.schedule == "one_cycle":
        return OneCycleLR(optimiser, rates, total_steps=config.steps + 1, pct_start=config.warm_up)
    if config.schedule == "cosine":
        return CosineAnnealingLR(optimiser, config.steps)
    return MultiplicativeLR(optimiser, lambda step: 1.0)
