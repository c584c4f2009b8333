"""What the training of the brain-mask network is told."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

CONFIG = Path(__file__).with_name("config.toml")


@dataclass(frozen=True)
class Stage:
    """A grid in mm, the voxels of its canvas, and how many steps are made on it."""

    grid: float
    canvas: tuple[int, int, int]
    steps: int


@dataclass(frozen=True)
class MaskConfig:
    """What ``config.toml`` says."""

    seed: int
    batch: int
    learning_rate: float
    warm_up: int
    averaging: float
    share_lgg: float
    held_back: tuple[str, ...]
    stages: tuple[Stage, ...]

    @property
    def steps(self) -> int:
        """Steps of all stages together."""
        return sum(stage.steps for stage in self.stages)

    def stage(self, step: int) -> Stage:
        """The stage a step belongs to."""
        for stage in self.stages:
            if step < stage.steps:
                return stage
            step -= stage.steps
        return self.stages[-1]

    def rate(self, step: int) -> float:
        """Learning rate: up over the warm-up, then down to a hundredth along a straight line."""
        left = max(0.01, 1 - step / self.steps)
        return self.learning_rate * min(left, (step + 1) / self.warm_up)


def read_config(path: Path = CONFIG) -> MaskConfig:
    """Read a configuration."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    stages = tuple(
        Stage(stage["grid"], tuple(stage["canvas"]), stage["steps"])
        for stage in entries.pop("stages")
    )
    return MaskConfig(**entries | {"held_back": tuple(entries["held_back"])}, stages=stages)
