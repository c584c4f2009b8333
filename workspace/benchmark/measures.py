"""How each measure of the evaluation is called and written."""

from dataclasses import dataclass
from typing import Final

NOTHING: Final = "–"


@dataclass(frozen=True)
class Measure:
    """One of the evaluation's measures.

    Args:
        key: In the JSON.
        title: What it is called on screen.
        unit: After a number; "" for none.
        decimals: How many are shown.
        better: ``"higher"`` or ``"lower"``.
        sentence: What it is, for a reader.
    """

    key: str
    title: str
    unit: str
    decimals: int
    better: str
    sentence: str

    def written(self, value: float | None) -> str:
        """A value as the tables show it."""
        return NOTHING if value is None else f"{value:.{self.decimals}f}"

    @property
    def axis(self) -> str:
        """The title of an axis."""
        return f"{self.title}, {self.unit}" if self.unit else self.title


MEASURES: Final = {
    each.key: each
    for each in (
        Measure(
            "dice",
            "Dice",
            "",
            2,
            "higher",
            "Overlap with the truth over the whole volume: 1 is perfect, 0 is none.",
        ),
        Measure(
            "hd95_mm",
            "HD95",
            "mm",
            1,
            "lower",
            "How far the outlines are apart, in mm, leaving out the worst 5 %. 374 mm stands for "
            "a region that is drawn but not there, or there but not drawn.",
        ),
        Measure(
            "lesion_dice",
            "Lesion-wise Dice",
            "",
            2,
            "higher",
            "Every lesion is scored by itself, and every speck drawn where none is counts 0.",
        ),
        Measure(
            "volume_error_ml",
            "Volume error",
            "ml",
            1,
            "lower",
            "Drawn minus true volume in ml: above 0 too much is drawn. The mean leaves out the "
            "sign, so that too much and too little do not cancel out.",
        ),
    )
}

GRADES: Final = {"all": "All", "HGG": "High grade", "LGG": "Low grade"}
