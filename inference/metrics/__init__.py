"""How well a label map agrees with the truth, per patient over the whole volume.

Overlap and volumes need numpy alone and stand here. Distances, lesions and slices are imported by
their module, ``inference.metrics.surface``, ``.lesions`` and ``.slices``, since the first two bring
scipy, which the first page of the app must not wait for.
"""

from inference.metrics.overlap import dice, region_dice
from inference.metrics.volumes import region_volumes

__all__ = ["dice", "region_dice", "region_volumes"]
