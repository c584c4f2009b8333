"""Stopping early: which validation was the best one so far, by the log alone."""

import numpy as np


def is_best(log: list[dict]) -> bool:
    """Whether the last validation of a log is better than all before it."""
    means = _means(log)
    return bool(means) and all(means[-1] > earlier for earlier in means[:-1])


def since_best(log: list[dict]) -> int:
    """How many validations have passed since the best one."""
    means = _means(log)
    return len(means) - 1 - int(np.argmax(means)) if means else 0


def _means(log: list[dict]) -> list[float]:
    """Mean Dice over the regions of every validation."""
    found = (record["validation_dice"] for record in log if "validation_dice" in record)
    return [float(np.mean(list(dice.values()))) for dice in found]
