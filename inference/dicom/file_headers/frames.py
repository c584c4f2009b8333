"""One slice of one file, as its header says: its place, its traits, how it is stored."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.file_headers.values import Pair, Sextuple, Triple


@dataclass(frozen=True)
class Picture:
    """How the pixels of one file are stored.

    Args:
        rows: Pixels from top to bottom.
        columns: Pixels from left to right.
        frames: Slices in the file.
        samples: 1, or 3 for colours.
        bits_allocated: Bits a pixel takes.
        bits_stored: Bits of it that count.
        high_bit: The highest of those.
        signed: Whether they are two's complement.
        floating: Whether they are floating-point numbers.
        inverted: Whether 0 is white (MONOCHROME1).
        transfer_syntax: UID of the encoding.
        offset: Bytes before the first pixel.
        n_bytes: Bytes of all pixels; None where compressed.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    floating: bool
    inverted: bool
    transfer_syntax: str
    offset: int
    n_bytes: int | None

    @property
    def frame_bytes(self) -> int:
        """Bytes of one slice, not compressed."""
        return self.rows * self.columns * self.bits_allocated // 8


@dataclass(frozen=True)
class Traits:
    """What sets apart the volumes that one series may hold.

    Args:
        echo_time_ms: EchoTime.
        b_value: In s/mm².
        image_type: ImageType or FrameType, with ComplexImageComponent.
        inversion_time_ms: InversionTime.
        temporal: Index of the time point.
        gradient: Direction of the diffusion gradient.
        stack: StackID.
        acquisition: AcquisitionNumber.
        trigger_ms: TriggerTime.
    """

    echo_time_ms: float | None = None
    b_value: float | None = None
    image_type: tuple[str, ...] = ()
    inversion_time_ms: float | None = None
    temporal: int | None = None
    gradient: Triple | None = None
    stack: str = ""
    acquisition: int | None = None
    trigger_ms: float | None = None


class Place(NamedTuple):
    """Where a slice lies.

    Args:
        position: Centre of the first pixel, mm, LPS.
        orientation: Directions along a row and along a column, LPS.
        spacing: Distance of rows and of columns in mm, as PixelSpacing has it.
    """

    position: Triple
    orientation: Sextuple
    spacing: Pair


@dataclass(frozen=True)
class Frame:
    """One slice.

    Args:
        path: The file it is in.
        index: Its number in that file, from 0.
        sop_instance_uid: SOPInstanceUID of the file.
        number: InstanceNumber; orders nothing but what lies at one place.
        position: Centre of the first pixel, mm, LPS; None where the header does not say.
        orientation: Directions along a row and along a column, LPS.
        spacing: Distance of rows and of columns in mm, as PixelSpacing has it.
        traits: What sets its volume apart.
        slope: Rescale slope of this frame.
        intercept: Rescale intercept of this frame.
        picture: How the file's pixels are stored.
    """

    path: Path
    index: int
    sop_instance_uid: str
    number: int
    position: Triple | None
    orientation: Sextuple | None
    spacing: Pair | None
    traits: Traits
    slope: float
    intercept: float
    picture: Picture

    @property
    def place(self) -> Place:
        """Where it lies.

        Raises:
            ValueError: where the header leaves out any of it.
        """
        if self.position is None or self.orientation is None or self.spacing is None:
            raise ValueError("a slice whose header does not state where it lies has no place")
        return Place(self.position, self.orientation, self.spacing)


@dataclass(frozen=True)
class ImageFile:
    """One file of MR images.

    Args:
        sop_class: Its SOPClassUID.
        study_uid: StudyInstanceUID.
        study_date: StudyDate, else the date of series or acquisition, as YYYYMMDD; or "".
        patient_key: Same for the same patient within this run, and says nothing of who it is.
        series_uid: SeriesInstanceUID.
        frame_of_reference_uid: FrameOfReferenceUID.
        mosaic: Whether many slices are laid out in one picture.
        facts: How it was acquired.
        frames: Its slices in the order of the file.
    """

    sop_class: str
    study_uid: str
    study_date: str
    patient_key: str
    series_uid: str
    frame_of_reference_uid: str
    mosaic: bool
    facts: SeriesFacts
    frames: tuple[Frame, ...]
