"""A small case whose every voxel is known, for the app under test and for the tests."""

import numpy as np

from viewer import Panel, Place, QuickLook, labels_payload, panels_payload, scan_payload

SHAPE = (60, 48, 20)
SPACING = (1.0, 1.5, 3.0)
PRESENT = ("t1", "t2", "flair")
# The tumour lies at high x, which in RAS+ order is the patient's right, and is largest at
# LARGEST; slices 1 and 20 are outside the brain's box.
LARGEST = 9


def make_volume() -> np.ndarray:
    """Four modalities of noise in an ellipsoid; T1c is missing."""
    noise = np.random.default_rng(7).uniform(200, 600, (4, *SHAPE)).astype(np.float32)
    x, y, z = np.meshgrid(*(np.linspace(-1, 1, size) for size in SHAPE), indexing="ij")
    brain = (x / 0.7) ** 2 + (y / 0.75) ** 2 + (z / 0.5) ** 2 < 1
    volume = noise * brain
    volume[1] = 0
    return volume


def make_labels() -> np.ndarray:
    labels = np.zeros(SHAPE, np.uint8)
    labels[36:48, 18:30, 7:13] = 2
    labels[39:45, 21:27, 8:12] = 3
    labels[41:43, 23:25, 9:11] = 1
    labels[34:36, 18:30, LARGEST] = 2
    return labels


def make_scan() -> bytes:
    return scan_payload(make_volume(), PRESENT, SPACING)


# The other scan of the same head was taken from this many slices farther down.
SLICES_FARTHER_DOWN = 4


def make_other_scan() -> bytes:
    volume = np.roll(make_volume(), SLICES_FARTHER_DOWN, axis=-1)
    return scan_payload(volume, PRESENT, SPACING)


def place_of(*, other: bool) -> Place:
    to_head = np.diag([*SPACING, 1.0])
    to_head[2, 3] = -SPACING[2] * SLICES_FARTHER_DOWN * other
    return Place("the head of the case", to_head)


def make_brain() -> bytes:
    return labels_payload((make_volume()[0] != 0).astype(np.uint8))


def make_quick_look() -> QuickLook:
    """The truth, as someone draws it who says oedema to everything."""
    labels = np.where(make_labels() > 0, 2, 0).astype(np.uint8)
    return QuickLook("Hasty", labels_payload(labels))


def make_panels(*, finished: bool, quick_look: bool = False) -> bytes:
    return panels_payload(case_panels(finished=finished, quick_look=quick_look))


def case_panels(*, finished: bool, quick_look: bool = False) -> list[Panel]:
    """The truth, one model's other opinion, and a third that runs until it is finished."""
    truth = make_labels()
    other = np.where(truth == 1, 0, truth).astype(np.uint8)
    volumes = {"wt": 41.27, "tc": 12.3, "et": 0.512}
    third = ("third", "A model with a name much longer than its panel is wide", "#CC79A7")
    running = Panel(
        *third,
        status="running",
        progress=0.42,
        quick_look=make_quick_look() if quick_look else None,
    )
    return [
        Panel("truth", "Truth", "#999999", truth, volumes, reference=True),
        Panel(
            *("unet", "U-Net", "#E69F00", other, volumes),
            dice={"wt": 0.934, "tc": 0.9, "et": 1.0},
            seconds=1.13,
        ),
        Panel(*third, truth, volumes, seconds=2.0) if finished else running,
    ]
