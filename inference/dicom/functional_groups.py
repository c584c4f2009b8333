"""What an enhanced file says of each frame: its own group first, then the shared one.

DICOM PS3.3, C.7.6.16. Where neither has an element, the top of the header may.
"""

from dataclasses import dataclass
from typing import Final

from pydicom.dataset import Dataset

from inference.dicom.frames import Traits, Triple
from inference.dicom.values import integer, items, number, numbers, text, texts

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
        return number(self.home(index, keyword), keyword)

    def numbers(self, index: int, keyword: str, count: int) -> tuple[float, ...] | None:
        return numbers(self.home(index, keyword), keyword, count)

    def text(self, index: int, keyword: str) -> str:
        return text(self.home(index, keyword), keyword)

    def echo_time_ms(self, index: int) -> float | None:
        effective = self.number(index, "EffectiveEchoTime")
        return number(self.top, "EchoTime") if effective is None else effective

    def inversion_time_ms(self, index: int) -> float | None:
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
                return numbers(direction, "DiffusionGradientOrientation", 3)
        return None


def frame_groups(dataset: Dataset) -> Groups | None:
    """The functional groups of a file, or None for a classic one."""
    frames = items(dataset, _PER_FRAME)
    return Groups(dataset, items(dataset, _SHARED), frames) if frames else None
