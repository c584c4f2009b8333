"""What is known of each model without running it: from the registry and its weights folder."""

import json
import math
import re
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from model_zoo.registry import ModelContract, contract
from model_zoo.weights.folder import GRAPH, INTEGERS, earlier_stages, planes_learned
from model_zoo.weights.provenance import EMBEDDED, FROM_EMBEDDED, Provenance

# What a safetensors file holds besides what was learned: the statistics of batch normalisation.
_NOT_LEARNED: Final = ("running_mean", "running_var", "num_batches_tracked")
_FLOAT32_BYTES: Final = 4
_YAML_HEADER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_PICTURE: Final = re.compile(r"^!\[([^\]]*)\]\(([^)]+)\)$")


@dataclass(frozen=True)
class ModelFacts:
    """A model's contract and, where its weights are there, what their folder holds.

    Args:
        contract: The entry of the registry.
        config: ``config.json``; None where the weights are missing.
        megabytes: Size of the weights on disk.
        int8_megabytes: Size of their int8 form; 0 where there is none.
        parameters: How many numbers were learned; 0 where the weights are missing.
        curve: Validation Dice of the regions by training step; empty without a log. The steps of
            a second stage follow those of the first.
        folder: Of the weights.
    """

    contract: ModelContract
    config: dict | None
    megabytes: float
    int8_megabytes: float
    parameters: int
    curve: pd.DataFrame
    folder: Path

    @property
    def embedded(self) -> Provenance:
        """The source that these facts are of, as long as no other was loaded."""
        return Provenance(FROM_EMBEDDED, self.config["revision"], self.config["sha256"])

    @property
    def first_steps(self) -> int:
        """Of all stages but the last; 0 where there was but one."""
        stages = earlier_stages(self.config or {})
        return sum(stage.get("training", {}).get("steps", 0) for stage in stages)

    @property
    def planes(self) -> tuple[str, ...]:
        """Whose slices it has learned from."""
        return planes_learned(self.config or {})

    @property
    def loaded_megabytes(self) -> float:
        """What the weights take in memory, where they are held as float32."""
        return self.parameters * _FLOAT32_BYTES / 1e6

    def card(self) -> list[str | Path]:
        """The model card in order: Markdown without its header, and the pictures there are."""
        file = self.folder / "README.md"
        if not file.is_file():
            return []
        text = _YAML_HEADER.sub("", file.read_text(encoding="utf-8"))
        return _in_pieces(text, self.folder)


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
    facts = ModelFacts(
        contract(name),
        json.loads(config.read_text(encoding="utf-8")) if there else None,
        tensors.stat().st_size / 1e6 if there else 0.0,
        _int8_bytes(folder) / 1e6,
        _learned(tensors) if there else 0,
        pd.DataFrame(),
        folder,
    )
    return replace(facts, curve=_validation_curve(folder, after=facts.first_steps))


def _int8_bytes(folder: Path) -> int:
    files = [folder / GRAPH, folder / INTEGERS]
    return sum(file.stat().st_size for file in files) if all(map(Path.is_file, files)) else 0


def _learned(tensors: Path) -> int:
    """How many parameters a safetensors file holds, from its header alone.

    Source: the format's description, https://huggingface.co/docs/safetensors: eight bytes of
    length, then JSON.
    """
    with tensors.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return sum(
        math.prod(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and not name.endswith(_NOT_LEARNED)
    )


def _in_pieces(text: str, folder: Path) -> list[str | Path]:
    """A card's Markdown, cut at its pictures; one that is not in the folder is left out."""
    pieces, lines = [], []
    for line in text.splitlines():
        picture = _PICTURE.match(line.strip())
        if picture is None:
            lines.append(line)
            continue
        file = (folder / picture[2]).resolve()
        if file.is_file() and file.parent == folder.resolve():
            pieces += ["\n".join(lines), file]
            lines = []
    pieces.append("\n".join(lines))
    return [each for each in pieces if isinstance(each, Path) or each.strip()]


def _validation_curve(folder: Path, *, after: int) -> pd.DataFrame:
    scores = _validations(folder / "log_first_stage.jsonl")
    last = _validations(folder / "log.jsonl")
    scores |= {after + step: dice for step, dice in last.items()}
    if not scores:
        return pd.DataFrame()
    frame = pd.DataFrame.from_dict(scores, orient="index")
    frame.index.name = "Training step"
    return frame.rename(columns=str.upper)


def _validations(log: Path) -> dict[int, dict[str, float]]:
    if not log.is_file():
        return {}
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return {r["step"]: r["validation_dice"] for r in records if "validation_dice" in r}
