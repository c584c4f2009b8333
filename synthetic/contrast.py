"""From tissues to the signal of the four modalities.

The table holds grey levels from 0 to 255, in the proportions usual for adult glioma protocols at
1.5 to 3 T; they differ between scanners far more than between tissues of one scan.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import ndimage

from synthetic.anatomy import Anatomy
from synthetic.fields import smooth_noise, stream
from synthetic.grid import Grid
from synthetic.tumour import Tumour

# Tissue to grey level in the order of common.vocabulary.MODALITIES: T1, T1c, T2, FLAIR.
SIGNAL: Final = {
    "csf": (48, 44, 205, 26),
    "white": (150, 102, 60, 88),
    "grey": (115, 90, 90, 110),
    "stem": (140, 98, 68, 92),
    "cerebellar white": (146, 102, 64, 90),
    "cerebellar grey": (114, 90, 84, 100),
    "folia": (48, 44, 205, 26),
    "grey nucleus": (120, 92, 80, 104),
    "thalamus": (128, 97, 74, 102),
    "pallidum": (140, 100, 58, 86),
    "choroid": (95, 170, 130, 80),
    "vessel": (85, 230, 70, 60),
    "oedema": (112, 82, 150, 174),
    "enhancing": (112, 160, 132, 160),
    "necrosis": (80, 66, 186, 152),
}
# How uneven a tissue is, as a share of its signal; the tumour is the least even.
_TEXTURE: Final = {"oedema": 0.05, "enhancing": 0.18, "necrosis": 0.13}
_HEALTHY_TEXTURE: Final = 0.025
_TEXTURE_SIGN: Final = (1, 1, -1, -1)  # what is brighter in T1 is darker in T2
_BIAS: Final = 0.06  # share by which the coil's sensitivity varies over the head
_NOISE: Final = (2.8, 2.6, 2.6, 3.9)  # grey levels
_BLUR: Final = 0.75  # mm, partial volume of a 1 mm voxel after resampling
_THICK: Final = (0.75, 0.75, 1.0, 1.2)  # mm along Z: T2 and FLAIR are usually thicker slices


def render(grid: Grid, anatomy: Anatomy, tumour: Tumour, *, seed: int) -> np.ndarray:
    """(4, X, Y, Z) uint8 picture of a head, 0 outside the mask and at least 1 inside."""
    pictures = []
    for channel, signal in enumerate(clean_signals(grid, anatomy, tumour, seed=seed)):
        blur = [_BLUR / grid.spacing[0], _BLUR / grid.spacing[1], _THICK[channel] / grid.spacing[2]]
        bias = 1 + _BIAS * smooth_noise(grid, scale=45, seed=seed, name=f"bias {channel}")
        blurred = ndimage.gaussian_filter(signal, blur) * bias
        pictures.append(_digitise(_noisy(blurred, channel, seed), anatomy.mask))
    return np.stack(pictures)


def clean_signals(
    grid: Grid, anatomy: Anatomy, tumour: Tumour, *, seed: int
) -> Iterator[np.ndarray]:
    """Signal of each modality before any scanner: (X, Y, Z) float32, CSF outside the brain."""
    layers = dict(anatomy.tissues)
    layers["oedema"] = tumour.whole
    layers["enhancing"] = tumour.core
    layers["necrosis"] = tumour.necrosis
    textures = {
        name: smooth_noise(grid, scale=2.2, seed=seed, name=f"texture {name}") for name in _TEXTURE
    }
    textures["healthy"] = smooth_noise(grid, scale=3.0, seed=seed, name="texture")
    for channel in range(4):
        yield _signal(grid, layers, textures, channel)


def _signal(
    grid: Grid, layers: dict[str, np.ndarray], textures: dict[str, np.ndarray], channel: int
) -> np.ndarray:
    signal = np.full(grid.shape, SIGNAL["csf"][channel], np.float32)
    for name, share in layers.items():
        if name in _TEXTURE:
            uneven = 1 + _TEXTURE[name] * textures[name]
        else:
            uneven = 1 + _TEXTURE_SIGN[channel] * _HEALTHY_TEXTURE * textures["healthy"]
        signal += share * (SIGNAL[name][channel] * uneven - signal)
    return signal


def _noisy(signal: np.ndarray, channel: int, seed: int) -> np.ndarray:
    """Rician noise, a little blurred as resampling leaves it."""
    rng = stream(seed, f"noise {channel}")
    real, imaginary = (
        ndimage.gaussian_filter(rng.standard_normal(signal.shape, np.float32), 0.5)
        for _ in range(2)
    )
    scale = np.float32(_NOISE[channel] / real.std())
    return np.hypot(signal + scale * real, scale * imaginary)


def _digitise(signal: np.ndarray, mask: np.ndarray) -> np.ndarray:
    return np.where(mask, np.clip(np.rint(signal), 1, 255), 0).astype(np.uint8)
