"""What an enhanced file says of each frame: its own group first, then the shared one.

DICOM PS3.3, C.7.6.16. Where neither has an element, the top of the header may.
"""

from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from inference.dicom.file_headers.frames import Traits
from inference.dicom.file_headers.values import (
    Pair,
    Sextuple,
    Triple,
    integer,
    items,
    number,
    pair,
    sextuple,
    text,
    texts,
    triple,
)

_PER_FRAME: Final = "PerFrameFunctionalGroupsSequence"
_SHARED: Final = "SharedFunctionalGroupsSequence"
GROUP_KEYWORDS: Final = (_PER_FRAME, _SHARED)

_HOMES = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "EffectiveEchoTime": "MREchoSequence",
    "RepetitionTime": "MRTimingAndRelatedParametersSequence",
    "FlipAngle": "MRTimingAndRelatedParametersSequence",
    "InversionTimes": "MRModifierSequence",
    "InversionTime": "MRModifierSequence",
    "InversionRecovery": "MRModifierSequence",
    "DiffusionBValue": "MRDiffusionSequence",
    "FrameType": "MRImageFrameTypeSequence",
    "ComplexImageComponent": "MRImageFrameTypeSequence",
    "AcquisitionContrast": "MRImageFrameTypeSequence",
    "StackID": "FrameContentSequence",
    "TemporalPositionIndex": "FrameContentSequence",
    "FrameAcquisitionNumber": "FrameContentSequence",
}


@dataclass(frozen=True)
class Groups:
    """The functional groups of a file.

    Args:
        top: The header itself.
        shared: What holds for all frames.
        frames: What holds for each.
    """

    top: Dataset
    shared: tuple[Dataset, ...]
    frames: tuple[Dataset, ...]

    def __len__(self) -> int:
        return len(self.frames)

    def home(self, index: int, keyword: str) -> Dataset:
        """The dataset that has an element for a frame; the top of the header where none has."""
        for group in (self.frames[index], *self.shared):
            for item in items(group, _HOMES[keyword]):
                if keyword in item:
                    return item
        return self.top

    def number(self, index: int, keyword: str) -> float | None:
        """One finite number of a frame (the first of several), or None."""
        return number(self.home(index, keyword), keyword)

    def position(self, index: int) -> Triple | None:
        """Centre of the first pixel, mm, LPS; None where the header does not say."""
        return triple(self.home(index, "ImagePositionPatient"), "ImagePositionPatient")

    def orientation(self, index: int) -> Sextuple | None:
        """Directions along a row and along a column, LPS; None where the header does not say."""
        return sextuple(self.home(index, "ImageOrientationPatient"), "ImageOrientationPatient")

    def spacing(self, index: int) -> Pair | None:
        """Distance of rows and of columns in mm; None where the header does not say."""
        return pair(self.home(index, "PixelSpacing"), "PixelSpacing")

    def text(self, index: int, keyword: str) -> str:
        """One line of text of a frame; "" where there is none."""
        return text(self.home(index, keyword), keyword)

    def echo_time_ms(self, index: int) -> float | None:
        """EffectiveEchoTime of a frame, else EchoTime at the top of the header."""
        effective = self.number(index, "EffectiveEchoTime")
        return number(self.top, "EchoTime") if effective is None else effective

    def inversion_time_ms(self, index: int) -> float | None:
        """The first of InversionTimes of a frame, else its InversionTime."""
        several = self.number(index, "InversionTimes")
        return self.number(index, "InversionTime") if several is None else several

    def traits(self, index: int) -> Traits:
        """What sets the volume of a frame apart."""
        kind = texts(self.home(index, "FrameType"), "FrameType") or texts(self.top, "ImageType")
        component = self.text(index, "ComplexImageComponent")
        return Traits(
            echo_time_ms=self.echo_time_ms(index),
            b_value=self.number(index, "DiffusionBValue"),
            image_type=(*kind, component) if component else kind,
            inversion_time_ms=self.inversion_time_ms(index),
            temporal=integer(self.home(index, "TemporalPositionIndex"), "TemporalPositionIndex"),
            gradient=self._gradient(index),
            stack=self.text(index, "StackID"),
            acquisition=integer(
                self.home(index, "FrameAcquisitionNumber"), "FrameAcquisitionNumber"
            ),
        )

    def _gradient(self, index: int) -> Triple | None:
        diffusion = items(self.frames[index], "MRDiffusionSequence")
        for item in diffusion:
            for direction in items(item, "DiffusionGradientDirectionSequence"):
                return triple(direction, "DiffusionGradientOrientation")
        return None


def frame_groups(dataset: Dataset) -> Groups | None:
    """The functional groups of a file, or None for a classic one."""
    frames = items(dataset, _PER_FRAME)
    return Groups(dataset, items(dataset, _SHARED), frames) if frames else None
