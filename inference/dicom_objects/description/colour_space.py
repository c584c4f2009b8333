"""A colour of the screen as DICOM writes it: CIELab under the light D50 (PS3.3, C.10.7.1.1).

highdicom's own conversion is relative to D65, the white of a screen, as is that of some viewers;
the profile connection space that the standard names is relative to D50. Matrix: sRGB to XYZ under
D50 after Bradford, http://www.brucelindbloom.com/index.html?Eqn_RGB_XYZ_Matrix.html.
"""

from typing import Final

import highdicom as hd
import numpy as np

_TO_XYZ: Final = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)
_WHITE: Final = np.array([0.96422, 1.0, 0.82521])
# Of sRGB (IEC 61966-2-1) and of CIELab: where each curve turns into a line.
_DARK: Final = 0.04045
_LOW: Final = (6 / 29) ** 3


def lab_of(colour: str) -> hd.color.CIELabColor:
    """The colour of ``"#RRGGBB"``."""
    shown = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    light = np.where(shown <= _DARK, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    share = _TO_XYZ @ light / _WHITE
    x, y, z = np.where(share > _LOW, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return hd.color.CIELabColor(float(116 * y - 16), float(500 * (x - y)), float(200 * (y - z)))
