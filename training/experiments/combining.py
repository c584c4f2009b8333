"""Ways to make one answer of what several networks answer.

Each takes (M, 3, x, y, z) float32 probabilities of M networks and gives (3, x, y, z) of one.
"""

from collections.abc import Callable, Iterable

import numpy as np

Combine = Callable[[np.ndarray], np.ndarray]

# Where a probability is nearer to 0 or 1, its odds say no more.
_LEAST = 1e-4


def mean(probabilities: np.ndarray) -> np.ndarray:
    """As the consensus of the app: each network counts alike."""
    return probabilities.mean(axis=0)


def mean_odds(probabilities: np.ndarray) -> np.ndarray:
    """The mean of the log odds: a network that is sure counts for more than one that is not."""
    return _sigmoid(log_odds(probabilities).mean(axis=0))


def weighted(weights: np.ndarray) -> Combine:
    """A mean with weights.

    Args:
        weights: (M, 3) of each network in each region, 0 or more; where all are 0, each counts
            alike.
    """
    known = np.where(weights.any(axis=0), weights, 1.0)
    shares = (known / known.sum(axis=0))[:, :, None, None, None]

    def combine(probabilities: np.ndarray) -> np.ndarray:
        return (probabilities * shares).sum(axis=0)

    return combine


def staple(probabilities: np.ndarray) -> np.ndarray:
    """Of what each network draws above one half, by how often each seems to be right.

    Source: Warfield, Zou and Wells 2004, Simultaneous truth and performance level estimation, as in
    SimpleITK. A region that no network draws, or all draw alike, is as they draw it.
    """
    drawn = probabilities > 0.5
    regions = [_staple(drawn[:, region]) for region in range(drawn.shape[1])]
    return np.stack(regions).astype(np.float32)


def _staple(masks: np.ndarray) -> np.ndarray:
    if (masks == masks[0]).all():
        return masks[0].astype(np.float32)
    import SimpleITK

    images = [SimpleITK.GetImageFromArray(mask.astype(np.uint8)) for mask in masks]
    return SimpleITK.GetArrayFromImage(SimpleITK.STAPLE(images, 1.0))


def stacked(coefficients: np.ndarray) -> Combine:
    """A sum of the networks' log odds, as :func:`fit_stacker` found it.

    Args:
        coefficients: (3, M + 1) of each region: one of each network, then what is added.
    """

    def combine(probabilities: np.ndarray) -> np.ndarray:
        odds = log_odds(probabilities)
        sums = np.einsum("rm,mrxyz->rxyz", coefficients[:, :-1], odds)
        return _sigmoid(sums + coefficients[:, -1, None, None, None])

    return combine


def fit_stacker(samples: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Logistic regression of the truth on the networks' log odds, a region at a time.

    Args:
        samples: Of each patient (M, 3, n) probabilities of some voxels and (3, n) bool, whether the
            region is there. Every patient counts alike, however many voxels there are.

    Returns:
        (3, M + 1), as :func:`stacked` takes it.
    """
    samples = list(samples)
    regions = range(samples[0][1].shape[0])
    return np.stack([_fit([(p[:, r], t[r]) for p, t in samples]) for r in regions])


def _fit(samples: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    from scipy.optimize import minimize

    odds = np.concatenate([log_odds(p) for p, _ in samples], axis=1).astype(np.float64)
    odds = np.vstack([odds, np.ones(odds.shape[1])])
    there = np.concatenate([t for _, t in samples]).astype(np.float64)
    weights = np.concatenate([np.full(len(t), 1 / len(t)) for _, t in samples]) / len(samples)

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        sums = coefficients @ odds
        wrong = np.logaddexp(0, sums) - there * sums
        return float(weights @ wrong), odds @ (weights * (_sigmoid(sums) - there))

    networks = len(odds) - 1
    start = np.append(np.full(networks, 1 / networks), 0.0)
    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """The log odds of probabilities, of those within 1e-4 of 0 and 1 as at 1e-4."""
    inside = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.log(inside / (1 - inside))


def _sigmoid(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))
