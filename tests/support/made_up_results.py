"""Small results as the commands of ``training`` write them, with numbers that tests can know."""

import numpy as np
from PIL import Image

from training.scoring.pixel_scores import count_slices, pixel_scores
from training.scoring.summary import summarise

REGIONS = ("wt", "tc", "et")


def described(mean, interval=None):
    return {"mean": mean, "median": mean, "interval": interval}


def regions(*values):
    return dict(zip(REGIONS, values, strict=True))


def patient(grade, dice):
    return {
        "grade": grade,
        "dice": dice,
        "hd95_mm": regions(3.0, 4.0, 374.0),
        "lesion_dice": regions(0.4, 0.3, 0.2),
        "lesion_hd95_mm": regions(9.0, 9.0, 9.0),
        "volume_ml": regions(50.0, 20.0, 0.5),
        "true_volume_ml": regions(60.0, 15.0, 0.0),
        "volume_error_ml": regions(-10.0, 5.0, 0.5),
        "false_positive_rate": 0.1,
        "tumour_free_slices": 40,
    }


def summary(patients, *, single=False):
    def measure(*values, spread):
        bounds = [None if single else [value - spread, value + spread] for value in values]
        return regions(*map(described, values, bounds))

    errors = regions(described(4.0), described(3.0), described(3.2, None if single else [1.0, 5.0]))
    return {
        "patients": patients,
        "dice": measure(0.8, 0.5, 0.3, spread=0.1),
        "hd95_mm": measure(5.0, 6.0, 100.0, spread=2.0),
        "lesion_dice": measure(0.4, 0.3, 0.2, spread=0.1),
        "lesion_hd95_mm": measure(9.0, 9.0, 9.0, spread=1.0),
        "volume_error_ml": errors,
        "false_positive_rate": described(None if single else 0.125),
    }


def results(**checksums):
    """Three patients; of U-Net and the consensus unless checksums of other models are given."""
    patients = {
        "Brats_A": patient("HGG", regions(0.9, 0.8, 0.7)),
        "Brats_B": patient("HGG", regions(0.8, 0.6, 0.2)),
        "Brats_C": patient("LGG", regions(0.7, 0.1, 0.0)),
    }
    groups = {"all": summary(3), "HGG": summary(2), "LGG": summary(1, single=True)}
    return {
        "split": "test",
        "convention": "Per patient in 3D.",
        "arithmetic": "float32",
        "machine": "4 cores of a Test",
        "command": "python -m training evaluate --data DIR --split test --model all",
        "models": {
            name: {"weights": sha, "patients": patients, "summary": groups}
            for name, sha in (checksums or {"unet": "abc", "consensus": None}).items()
        },
    }


def lower_grade_results(checksum="abc"):
    """Of VGG16 U-Net on pictures: one region, no grades, no voxel size; as ``evaluate`` writes."""
    dice, rates = (0.9, 0.7, 0.2), (0.0, 0.25, None)
    patients = {
        f"TCGA_{letter}": {
            "grade": None,
            "dice": {"wt": value},
            "pixels": {"wt": 900},
            "true_pixels": {"wt": 1000},
            "false_positive_rate": rate,
            "tumour_free_slices": 0 if rate is None else 12,
        }
        for letter, value, rate in zip("ABC", dice, rates, strict=True)
    }
    # A slice drawn rightly, one of which half is missed, one without tumour where some is drawn.
    drawn, true = np.zeros((2, 8, 8, 3), np.uint8)
    true[:4, :, :2] = drawn[:4, :, 0] = 2
    drawn[:2, :, 1:] = 2
    model = {
        "weights": checksum,
        "patients": patients,
        "summary": summarise(patients),
        "pixels": pixel_scores([count_slices(drawn, true)], ("wt",)),
    }
    command = "python -m training evaluate --data DIR --split test --model vgg16_unet"
    return results() | {"command": command, "models": {"vgg16_unet": model}}


def exported(checksum):
    """What ``export --measure`` writes."""
    return {
        "weights": checksum,
        "machine": "4 cores of a Test",
        "slice": {
            "side": 240,
            "repeats": 20,
            "seconds": {
                "pytorch": {"median": 0.025, "fastest": 0.0116},
                "onnx_runtime": {"median": 0.01333, "fastest": 0.0096},
            },
        },
    }


def protocols():
    honest = {"title": "Per patient in 3D (ours)", "sentence": "As a patient is."}
    kind = {"title": "Accuracy", "sentence": "Air counts."}
    entries = {
        "honest": honest | regions(0.84, 0.62, 0.59),
        "pixel_accuracy": kind | regions(0.99, 0.99, 1.0),
    }
    triple = {
        "title": "Triple sigmoid",
        "sentence": "Every pixel becomes tumour.",
        "share_of_pixels": 1.0,
        "dice": regions(0.02, 0.01, 0.001),
        "per_slice": regions(0.02, 0.01, 0.001),
    }
    return {
        "split": "test",
        "patients": 6,
        "command": "python -m training protocols --data DIR --split test --model all",
        "models": {
            name: {"weights": "abc", "protocols": entries} for name in ("unet", "consensus")
        },
        "triple_sigmoid": triple | {"models": {"unet": triple}},
    }


def leak():
    def scores(*values):
        return {"pooled_tumour": {"title": "All tumour slices together"} | regions(*values)}

    def inflation(value):
        told = {"difference": value, "interval": [value - 0.04, value + 0.04]}
        return {"pooled_tumour": {"title": "All tumour slices together"} | regions(*[told] * 3)}

    def split(title, *values):
        return {"title": title, "held_out_slices": 400, "scores": scores(*values)}

    return {
        "model": "unet",
        "steps": 1000,
        "command": "python -m training leak CONFIG --data DIR",
        "splits": {
            "slice": split("Split by slice", 0.9, 0.88, 0.8),
            "patient": split("Split by patient", 0.8, 0.6, 0.6),
        },
        "own_test": inflation(0.1),
        "against_honest": inflation(0.15),
        "same_slices": {
            "slices": 120,
            "patients": 10,
            "scores": {"slice": scores(0.9, 0.8, 0.7), "patient": scores(0.85, 0.75, 0.65)},
            "inflation": inflation(0.05),
        },
    }


def captions(**checksums):
    pictures = [
        {
            "file": f"{name}-{rank}.webp",
            "model": name,
            "rank": rank,
            "case": f"synthetic_{number}",
            "slice": 80 + number,
            "dice": regions(0.9 - number / 10, 0.8, 0.7),
            "mean_dice": 0.8 - number / 30,
        }
        for name in checksums
        for number, rank in enumerate(("best", "worst"))
    ]
    return {
        "about": "Made-up heads.",
        "synthetic": True,
        "command": "python -m training pictures --synthetic --output DIR",
        "cases": 4,
        "weights": checksums,
        "pictures": pictures,
        "triple_sigmoid": {
            "file": "triple_sigmoid.webp",
            "model": "unet",
            "case": "synthetic_0",
            "slice": 70,
            "share_of_pixels": 1.0,
            "dice": {"one": 0.91, "three": 0.02},
        },
    }


def draw_pictures(folder, told):
    """Small grey pictures under the names of the captions."""
    folder.mkdir(parents=True, exist_ok=True)
    for entry in [*told["pictures"], told["triple_sigmoid"]]:
        Image.fromarray(np.full((8, 12), 80, np.uint8)).save(folder / entry["file"])


def learners(scored="as they are"):
    """What ``cross-validate --against`` writes of a recipe."""
    several = {"mean": 0.02, "interval": [0.01, 0.03]}
    one = {"mean": -0.04, "interval": None}
    return {
        "about": "And others.",
        "scored": scored,
        "folds": 5,
        "steps": 500,
        "batch": 16,
        "arithmetic": "float32",
        "machine": "a machine",
        "command": "python -m training cross-validate a.toml --data DIR --against b.json",
        "difference": {
            group: {"patients": count, "dice": dict.fromkeys(("wt", "tc", "et"), found)}
            for group, count, found in (("all", 3, several), ("HGG", 2, several), ("LGG", 1, one))
        },
    }


def widths():
    """The same of a narrower network."""
    return learners() | {"about": "Half of a U-Net."}
