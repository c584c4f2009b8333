"""The model card: what a weights folder says of itself, in the form the Hub reads.

Source: Mitchell et al. 2019, Model Cards for Model Reporting.
"""

from pathlib import Path

from inference.vocabulary import MODALITY_NAMES, REGION_NAMES, REGIONS
from model_zoo.registry import ModelContract, contract
from model_zoo.weights import read_config
from training.log import read_log

_CARD = """\
---
license: other
license_name: brats-research-only
library_name: pytorch
pipeline_tag: image-segmentation
tags: [medical, mri, brain-tumor, segmentation, brats, glioma]
---

# GlioLens {title}

{summary} It draws whole tumour, tumour core and enhancing tumour in slices of brain MRI.

**Not a medical device.** For research and teaching, never for diagnosis.

## What it reads and answers

- Input: axial slices (N, {channels}, H, W) of any size, channels in the order {modalities}.
  Skull-stripped, co-registered, about 1 mm; rows from anterior to posterior, columns from the
  patient's right to the left. A missing modality is a channel of zeros.
- Normalisation: every modality is clipped at its 0.5th and 99.9th percentile over the tissue
  (voxels that are not exactly 0) and brought to mean 0 and deviation 1; background is 0.
- Output: logits (N, {n_regions}, H, W) in the order {regions}. A sigmoid gives probabilities;
  0.5 is the threshold. Labels: 0 background, 1 necrotic core, 2 oedema, 3 enhancing tumour.

## Training

- Data: the training split of `cases.csv`, {train_patients} patients of BraTS 2018 and 2021 (adult
  glioma before surgery). The split is by patient.
- {steps} steps of {batch} slices cut to {height}×{width}, tumour-free slices among them; binary
  cross-entropy plus soft Dice; AdamW, peak learning rate {learning_rate:g}, one cycle; moving
  average of the weights; {start}.
- Rotation, scaling, mirroring, gamma, contrast, noise, blur; each modality left out with
  probability {drop_modality:g}; {slice_normalise:.0%} of the slices normalised by themselves.
- Code at commit `{revision}`; checksum of the weights `{sha256}`.

## Validation

Mean Dice over the {val_patients} validation patients, per patient in 3D (two empty masks count 1,
one empty mask 0), at the end of training: {scores}.
Other choices were made on these patients, so this is not a test result.

## Limits

{train_patients} patients from few sites. Slices are read one by one. Scans of another kind (with
skull, after surgery, of children, of other tumours) can be segmented wrongly without looking so.

## Licence

The BraTS data are for research; the weights trained on them inherit that.
"""


def write_card(folder: Path, name: str) -> Path:
    """Write ``README.md`` into a weights folder from its configuration and its training log.

    Raises:
        WeightsError: if the folder does not hold the weights of ``name``.
    """
    config = read_config(folder, name)
    card = folder / "README.md"
    text = _CARD.format(**_entries(contract(name), config, read_log(folder / "log.jsonl")))
    card.write_text(text, encoding="utf-8")
    return card


def _entries(model: ModelContract, config: dict, log: list[dict]) -> dict:
    training = config["training"]
    imagenet = training["encoder_weights"] == "imagenet"
    return {
        "title": model.title,
        "train_patients": config["patients"]["train"],
        "val_patients": config["patients"]["val"],
        "summary": model.summary,
        "channels": len(model.modalities),
        "modalities": ", ".join(MODALITY_NAMES[name] for name in model.modalities),
        "n_regions": len(model.regions),
        "regions": ", ".join(REGION_NAMES[name].lower() for name in model.regions),
        "height": training["crop"][0],
        "width": training["crop"][1],
        "start": "encoder started from ImageNet" if imagenet else "started from random weights",
        "drop_modality": training["augment"]["drop_modality"],
        "slice_normalise": training["augment"]["slice_normalise"],
        "scores": _last_validation(log),
        "revision": config["revision"],
        "sha256": config["sha256"],
        **{key: training[key] for key in ("steps", "batch", "learning_rate")},
    }


def _last_validation(log: list[dict]) -> str:
    validations = [r["validation_dice"] for r in log if "validation_dice" in r]
    if not validations:
        return "not measured"
    return ", ".join(f"{region.upper()} {validations[-1][region]:.3f}" for region in REGIONS)
