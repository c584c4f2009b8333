"""Results of the brain-mask network in words and tables."""

import numpy as np

from training.results import markdown_table

_GROUPS = {"lgg": "LGG test heads", "label_maps": "held-back label maps", "study": "one study"}


def results_table(measured: dict) -> str:
    """Results as Markdown."""
    rows = []
    for key, row in measured["summary"].items():
        group, sequence = key.split("/")
        rows.append(
            [
                _GROUPS[group],
                sequence.replace("_", " "),
                str(row["heads"]),
                f"{row['dice']:.3f}",
                f"{row['worst_dice']:.3f}",
                f"{row['hd95']:.1f}",
                f"{row['worst_hd95']:.1f}",
            ]
        )
    header = ["Heads", "Sequence", "Number", "Dice", "Worst", "HD95, mm", "Worst"]
    return markdown_table(header, rows)


def summary(rows: list[dict]) -> dict[str, dict]:
    """Mean and worst of each group and sequence, keyed ``GROUP/SEQUENCE``."""
    kinds = dict.fromkeys((row["group"], row["sequence"]) for row in rows)
    return {
        f"{group}/{sequence}": _summary(
            [row for row in rows if (row["group"], row["sequence"]) == (group, sequence)]
        )
        for group, sequence in kinds
    }


def _summary(rows: list[dict]) -> dict:
    overlaps, distances = [row["dice"] for row in rows], [row["hd95"] for row in rows]
    return {
        "heads": len(rows),
        "dice": round(float(np.mean(overlaps)), 4),
        "worst_dice": min(overlaps),
        "hd95": round(float(np.mean(distances)), 2),
        "worst_hd95": max(distances),
        "seconds": round(float(np.median([row["seconds"] for row in rows])), 2),
    }
