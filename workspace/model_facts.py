"""What is known of each model without running it: from the registry and its weights folder."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from model_zoo.provenance import EMBEDDED, FROM_EMBEDDED, Provenance
from model_zoo.registry import ModelContract, contract


@dataclass(frozen=True)
class ModelFacts:
    """A model's contract and, where its weights are there, what their folder says.

    Args:
        contract: The entry of the registry.
        config: ``config.json``; None where the weights are missing.
        megabytes: Size of the weights on disk.
        curve: Validation Dice of the regions by training step; empty without a log.
    """

    contract: ModelContract
    config: dict | None
    megabytes: float
    curve: pd.DataFrame

    @property
    def embedded(self) -> Provenance:
        """The source that these facts are of, as long as no other was loaded."""
        return Provenance(FROM_EMBEDDED, self.config["revision"], self.config["sha256"])


def model_facts(
    name: str, *, weights: Path = EMBEDDED, origin: Provenance | None = None
) -> ModelFacts:
    """Read what there is to know of a model; nothing here needs torch.

    Args:
        name: A name of the registry.
        weights: Where the embedded weights are, a folder a model.
        origin: Where the weights came from that are loaded, if they are.
    """
    folder = origin.folder if origin and origin.repository else weights / name
    config, tensors = folder / "config.json", folder / "model.safetensors"
    there = config.is_file() and tensors.is_file()
    return ModelFacts(
        contract(name),
        json.loads(config.read_text(encoding="utf-8")) if there else None,
        tensors.stat().st_size / 1e6 if there else 0.0,
        _validation_curve(folder / "log.jsonl"),
    )


def _validation_curve(log: Path) -> pd.DataFrame:
    if not log.is_file():
        return pd.DataFrame()
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    scores = {r["step"]: r["validation_dice"] for r in records if "validation_dice" in r}
    frame = pd.DataFrame.from_dict(scores, orient="index")
    frame.index.name = "Training step"
    return frame.rename(columns=str.upper)
