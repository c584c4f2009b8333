"""The training of the brain-mask network: resumable, every step's heads from the step's number."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from model_zoo.brain_mask import BrainMask
from training.brain_mask.config import MaskConfig
from training.brain_mask.data.heads import batch
from training.brain_mask.data.sources import Heads
from training.log import RunLog

CHECKPOINT, LOG = "checkpoint.pt", "log.jsonl"
_SAVE_EVERY, _REPORT_EVERY = 50, 10


class Trainer:
    """One run.

    Args:
        config: What to do.
        heads: What to learn from.
        folder: Where its checkpoint and log lie; a run found there is gone on with.
    """

    def __init__(self, config: MaskConfig, heads: Heads, folder: Path) -> None:
        self._config, self._heads, self._folder = config, heads, folder
        torch.manual_seed(config.seed)
        self.network = BrainMask().to(memory_format=torch.channels_last_3d)
        self.average = {key: value.clone() for key, value in self.network.state_dict().items()}
        self._optimiser = torch.optim.AdamW(self.network.parameters(), config.learning_rate)
        self.step = 0
        if (folder / CHECKPOINT).exists():
            self._restore(torch.load(folder / CHECKPOINT, weights_only=True))
        self._log = RunLog(folder / LOG, step=self.step)

    def run(self) -> None:
        """Train to the last step."""
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self._batch, self.step)
            losses, began = [], time.time()
            while self.step < self._config.steps:
                images, brains = coming.result()
                coming = ahead.submit(self._batch, self.step + 1)
                losses.append(self._learn(images, brains))
                self.step += 1
                if self.step % _REPORT_EVERY == 0:
                    self._report(losses, time.time() - began)
                    losses, began = [], time.time()
                if self.step % _SAVE_EVERY == 0 or self.step == self._config.steps:
                    self._save()

    def _batch(self, step: int) -> tuple[Tensor, Tensor]:
        stage = self._config.stage(step)
        generator = torch.Generator().manual_seed(self._config.seed * 1_000_003 + step)
        share, size = self._config.share_lgg, self._config.batch
        heads = self._heads
        return batch(heads.labelled, heads.lgg, share, size, stage.canvas, stage.grid, generator)

    def _learn(self, images: Tensor, brains: Tensor) -> float:
        for group in self._optimiser.param_groups:
            group["lr"] = self._config.rate(self.step)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = self.network(images.contiguous(memory_format=torch.channels_last_3d))
        loss = mask_loss(logits.float(), brains)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimiser.step()
        keep = min(self._config.averaging, (1 + self.step) / (10 + self.step))
        for key, value in self.network.state_dict().items():
            self.average[key].lerp_(value, 1 - keep)
        return float(loss.detach())

    def _report(self, losses: list[float], seconds: float) -> None:
        self._log.write(
            step=self.step,
            loss=round(sum(losses) / len(losses), 4),
            seconds=round(seconds / len(losses), 2),
            lgg=len(self._heads.lgg),
        )

    def _save(self) -> None:
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average,
            "optimiser": self._optimiser.state_dict(),
        }
        torch.save(state, self._folder / "checkpoint.new")
        (self._folder / "checkpoint.new").replace(self._folder / CHECKPOINT)

    def _restore(self, state: dict) -> None:
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.average = state["average"]
        self._optimiser.load_state_dict(state["optimiser"])


def mask_loss(logits: Tensor, brains: Tensor) -> Tensor:
    """Cross entropy against fractions of brain, and soft Dice of each head."""
    entropy = F.binary_cross_entropy_with_logits(logits, brains)
    likely = logits.sigmoid()
    axes = (1, 2, 3, 4)
    shared = 2 * (likely * brains).sum(axes) + 1
    dice = shared / (likely.square().sum(axes) + brains.square().sum(axes) + 1)
    return entropy + 0.5 * (1 - dice).mean()
