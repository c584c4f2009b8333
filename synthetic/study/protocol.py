"""The sequences of the study: their grids, timings and names, as hospitals have them."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from synthetic.study.planes import Stack, rigid


@dataclass(frozen=True)
class Sequence:
    """One sequence and how the head lay while it ran.

    Args:
        key: ``"t1"``, ``"t1c"``, ``"t2"`` or ``"flair"``, or what else it is.
        number: Series number.
        description: As it stands in SeriesDescription.
        stacks: Its slices; a localiser has several stacks.
        turn: Degrees about X, Y and Z that the head is turned by against the atlas.
        shift: mm that it is moved by.
        channel: Which of ``MODALITIES`` it shows.
        start: Seconds after the beginning of the exam.
        times: TR, TE and TI in ms; 0 for no inversion.
        flip: Flip angle in degrees.
        scanning: ScanningSequence, e.g. ``("SE", "IR")``.
        variant: SequenceVariant.
        kind: ``"2D"`` or ``"3D"``.
        train: Echo train length.
        contrast: Whether it was acquired after contrast agent.
        image_type: ImageType.
        noise: Standard deviation of the noise, in stored values.
    """

    key: str
    number: int
    description: str
    stacks: tuple[Stack, ...]
    turn: tuple[float, float, float]
    shift: tuple[float, float, float]
    channel: int
    start: int
    times: tuple[float, float, float]
    flip: float
    scanning: tuple[str, ...]
    variant: tuple[str, ...]
    kind: str = "2D"
    train: int = 1
    contrast: bool = False
    image_type: tuple[str, ...] = ("ORIGINAL", "PRIMARY", "M", "ND", "NORM")
    noise: float = 3.3
    names: dict[str, str] = field(default_factory=dict)

    @property
    def pose(self) -> np.ndarray:
        """(4, 4) head coordinates to the scanner's world in RAS, in mm."""
        return rigid(self.turn, self.shift)


_BASE: Final = (-4.0, 1.0, 2.0)  # degrees; nobody lies as an atlas does

LOCALISER: Final = Sequence(
    "localiser",
    1,
    "localizer",
    tuple(
        Stack(plane, (0, 0, 0), (0, -8, -8), (128, 128, 3), 2.0, 7.0, 20.0)
        for plane in ("sagittal", "coronal", "axial")
    ),
    _BASE,
    (2, 1, -3),
    0,
    0,
    (8.6, 4.0, 0),
    20,
    ("GR",),
    ("SP",),
    noise=7.0,
)
T1: Final = Sequence(
    "t1",
    2,
    "t1_se_sag",
    (Stack("sagittal", (0, 2, 3), (0, -6, -10), (224, 224, 28), 1.05, 5.0, 5.5),),
    (-3.0, -1.5, 5.0),
    (4, -3, 2),
    0,
    95,
    (520, 9.8, 0),
    90,
    ("SE",),
    ("SK", "SP"),
    names={"latin1": "T1 sagittal Schädel"},
)
T2: Final = Sequence(
    "t2",
    3,
    "t2_tse_tra",
    (Stack("axial", (12, 1, -2), (0, -8, 10), (216, 256, 25), 0.9, 5.0, 6.0),),
    (-8.0, 3.0, -3.0),
    (-3, 6, -7),
    2,
    330,
    (5100, 94, 0),
    150,
    ("SE",),
    ("SK", "SP"),
    train=15,
    names={"latin1": "T2 TSE axial Großhirn"},
)
ADC: Final = Sequence(
    "adc",
    5,
    "ep2d_diff_3scan_trace_ADC",
    (Stack("axial", (10, 0, 0), (0, -8, 10), (96, 112, 23), 2.0, 5.0, 6.5),),
    (-6.5, 3.0, -2.0),
    (-2, 6, -5),
    2,
    560,
    (4200, 102, 0),
    90,
    ("EP",),
    ("SK",),
    image_type=("DERIVED", "PRIMARY", "DIFFUSION", "ADC"),
    noise=0.0,
)
FLAIR: Final = Sequence(
    "flair",
    4,
    "t2_tirm_tra_dark-fluid",
    (Stack("axial", (14, -2, 1), (0, -8, 8), (208, 240, 26), 0.95, 5.0, 5.5),),
    (-5.0, 5.0, 0.0),
    (6, 4, -4),
    3,
    450,
    (9000, 105, 2500),
    150,
    ("SE", "IR"),
    ("SK", "SP", "MP"),
    train=16,
    noise=4.2,
    names={"latin1": "T2 FLAIR axial Schädelübersicht"},
)
T1C: Final = Sequence(
    "t1c",
    7,
    "t1_mprage_tra_KM",
    (Stack("axial", (3, 0, 0), (0, -8, 17), (184, 222, 128), 1.0, 1.2, 1.2),),
    _BASE,
    (-6, 8, 5),
    1,
    840,
    (1900, 3.1, 900),
    12,
    ("GR", "IR"),
    ("SK", "SP", "MP"),
    kind="3D",
    contrast=True,
    noise=3.1,
    names={"latin1": "T1 3D axial nach KM für Navigation"},
)
ANATOMY: Final = (T1, T1C, T2, FLAIR)
