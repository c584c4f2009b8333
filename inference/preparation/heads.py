"""A head as the brain-mask network reads it."""

from torch import Tensor

_MOST = 4.0


def normalise_head(image: Tensor) -> Tensor:
    """Put a head of any units on one scale: its darkest 0, its tissue about 1.

    Tissue is what is brighter than the mean of all; what exceeds four times its mean, such as
    fat beside a surface coil, is cut there.

    Args:
        image: (C, X, Y, Z) or (X, Y, Z), any intensities.
    """
    image = image.float() - image.min()
    tissue = image[image > image.mean()]
    scale = tissue.mean() if tissue.numel() else image.new_ones(())
    return (image / scale).clamp(max=_MOST)
