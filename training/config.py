"""One TOML file a model says how it is trained."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.errors import InputError
from common.planes import AXIAL, PLANES
from training.volume_config import VolumeConfig

SCHEDULES = ("one_cycle", "cosine", "constant")


@dataclass(frozen=True)
class AugmentConfig:
    """How far a training slice may be bent; every range is symmetric around no change.

    Args:
        rotate: Degrees.
        scale: Share of the size, 0.15 for 85 to 115 %.
        warp: Pixels that a smooth field of displacements reaches at most.
        flip: Probability of a left-right mirror.
        quarter_turns: Whether a slice is also turned by 0, 90, 180 or 270 degrees.
        gamma: Exponent range in powers of two: 0.5 for 0.71 to 1.41.
        contrast: Share of the deviation.
        brightness: Deviations.
        shading: Deviations that a smooth field, as an uneven coil leaves it, reaches at most.
        noise: Deviation of added Gaussian noise, in deviations of the brain.
        blur: Probability of a 3×3 binomial blur.
        low_resolution: Probability of half the resolution.
        no_enhancement: Probability that a tumour loses its contrast; needs all modalities and
            regions.
        drop_modality: Probability of losing each modality; one is always left.
        slice_normalise: Probability that a slice is normalised by itself, as a lone PNG is.
    """

    rotate: float = 15.0
    scale: float = 0.15
    warp: float = 0.0
    flip: float = 0.5
    quarter_turns: bool = False
    gamma: float = 0.5
    contrast: float = 0.2
    brightness: float = 0.2
    shading: float = 0.0
    noise: float = 0.1
    blur: float = 0.1
    low_resolution: float = 0.0
    no_enhancement: float = 0.0
    drop_modality: float = 0.1
    slice_normalise: float = 0.25


@dataclass(frozen=True)
class LossConfig:
    """How the parts of the loss are weighed.

    Args:
        positive_weight: Of a tumour pixel in the cross-entropy, against 1 for another.
        dice: Of the soft Dice loss, against 1 for the cross-entropy.
    """

    positive_weight: float = 1.0
    dice: float = 1.0


@dataclass(frozen=True)
class TrainingConfig:
    """All that decides a training run; equal but for the learning rate for models that compare.

    Args:
        model: A name of the registry.
        learning_rate: Peak of the schedule.
        steps: Optimiser steps, at most.
        schedule: ``"one_cycle"`` rises and falls, ``"cosine"`` falls, ``"constant"`` stays.
        encoder_rate: The learning rate of the encoder, as a share of that of the rest.
        patience: Validations in a row without a better mean Dice after which training ends; the
            weights of the best one are kept then. None to go to the end and keep the last.
        batch: Slices a step.
        crop: (height, width) in pixels of the window a training slice is cut to.
        tumour_share: Share of a batch drawn from slices with tumour; the rest is drawn from all
            slices, empty ones included. Every patient is drawn alike, however large its tumour.
        low_grade_weight: How many times as often a low-grade patient is drawn as another.
        planes: Planes whose slices are learned. With several, half of what is drawn is axial.
        neighbours: Slices the model reads beside each, as offsets; None for what the registry
            says of the model.
        options: What the network is built with, if not as the registry says, such as narrower
            levels (``widths`` of ``unet``, ``decoder_channels`` of ``resnet_unet``).
        hold_out: Patients of the training split to leave out and to validate on instead.
        patients: How many of those of the training split it learns from; None for all. Who is among
            few is also among more, and of each grade there are as many as its share of all.
        partial: Whether patients of the training split take part who lack a modality, or whose
            truth is of the whole tumour alone. They are never validated on.
        lgg_heads: Folder of LGG heads to learn the whole tumour of, as ``prepare-lgg`` writes it.
        lgg_weight: How many times as often one of them is drawn as another patient.
        weight_decay: Of AdamW.
        warm_up: Share of the steps in which the learning rate rises.
        average: Decay a step of the moving average of the weights, which is what is kept.
        validate_every: Steps between two validations on whole patients.
        checkpoint_every: Steps between two checkpoints.
        seed: Of everything random.
        encoder_weights: ``"imagenet"`` starts the encoder of ``resnet_unet`` from a download.
        encoder_start: File of ``imagenet-vgg16`` that the encoder of ``vgg16_unet`` starts from.
        start_from: Weights folder of an earlier training to start from, if any.
        teachers: Models whose mean answer it learns beside the truth.
        fold_teachers: Configurations whose networks teach in the same way where patients are dealt
            into folds: in each fold those that were trained without its patients.
        teacher_share: Share of that answer in what it learns, from 0 to 1.
        run_folder: Where checkpoints and the log go.
        weights_folder: Where the finished weights go.
        about: What this training is for, in a sentence.
        augment: How slices are bent.
        volume: How whole scans are changed before they are cut into slices.
        loss: What is learned from.
    """

    model: str
    learning_rate: float
    run_folder: Path
    weights_folder: Path
    steps: int = 2000
    schedule: str = "one_cycle"
    encoder_rate: float = 1.0
    patience: int | None = None
    batch: int = 16
    crop: tuple[int, int] = (128, 128)
    tumour_share: float = 0.6
    low_grade_weight: float = 1.0
    planes: tuple[str, ...] = (AXIAL,)
    neighbours: tuple[int, ...] | None = None
    options: dict[str, Any] = field(default_factory=dict, hash=False)
    hold_out: tuple[str, ...] = ()
    patients: int | None = None
    partial: bool = False
    lgg_heads: Path | None = None
    lgg_weight: float = 1.0
    weight_decay: float = 0.01
    warm_up: float = 0.1
    average: float = 0.99
    validate_every: int = 500
    checkpoint_every: int = 100
    seed: int = 0
    encoder_weights: str | None = None
    encoder_start: Path | None = None
    start_from: Path | None = None
    teachers: tuple[str, ...] = ()
    fold_teachers: tuple[str, ...] = ()
    teacher_share: float = 0.5
    about: str = ""
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    volume: VolumeConfig = field(default_factory=VolumeConfig)
    loss: LossConfig = field(default_factory=LossConfig)

    def __post_init__(self) -> None:
        if self.schedule not in SCHEDULES:
            raise ValueError(f"schedule is one of {', '.join(SCHEDULES)}, not {self.schedule!r}")
        if AXIAL not in self.planes or not set(self.planes) <= PLANES.keys():
            raise ValueError(f"planes are some of {', '.join(PLANES)}, {AXIAL} among them")
        if self.patients is not None and self.patients < 1:
            raise ValueError(f"patients is at least 1, not {self.patients}")
        if self.encoder_start and self.start_from:
            raise ValueError(
                "a network starts from encoder_start or from start_from, not from both"
            )


def read_config(file: Path) -> TrainingConfig:
    """Read a configuration strictly; a ``base`` entry names a file whose entries it starts from.

    Raises:
        InputError: for a missing file, broken TOML, or an unknown or missing entry.
    """
    try:
        entries = _with_base(file)
        parts = {
            "augment": AugmentConfig(**entries.pop("augment", {})),
            "volume": VolumeConfig(**entries.pop("volume", {})),
            "loss": LossConfig(**entries.pop("loss", {})),
        }
        folders = {key: Path(entries.pop(key)) for key in ("run_folder", "weights_folder")}
        optional = entries.keys() & {"start_from", "encoder_start", "lgg_heads"}
        folders |= {key: Path(entries.pop(key)) for key in optional}
        entries = {key: _tuple(value) for key, value in entries.items()}
        return TrainingConfig(**entries, **folders, **parts)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, TypeError, ValueError, KeyError) as error:
        raise InputError(f"{file} is not a training configuration: {error}.") from error


def _tuple(value: object) -> object:
    if isinstance(value, dict):
        return {key: _tuple(entry) for key, entry in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _with_base(file: Path) -> dict:
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    base = entries.pop("base", None)
    return _with_base(file.parent / base) | entries if base else entries
