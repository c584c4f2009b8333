"""What the headers of all files of the study have in common."""

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from pydicom.valuerep import format_number_as_ds

from synthetic.study.exam import Series
from synthetic.study.identity import MARK, moment, person_of, uid
from synthetic.study.protocol import Sequence


@dataclass(frozen=True)
class Study:
    """What identifies one written study: its variant, and a UID that its pixels decide."""

    variant: str
    uid: str

    @classmethod
    def of(cls, exam: dict[str, Series], variant: str) -> "Study":
        """The study of an exam."""
        pixels = [values.tobytes() for series in exam.values() for _, values in series.volumes]
        return cls(variant, uid(variant, *pixels))


def start_dataset(study: Study, sequence: Sequence, sop_class: str) -> Dataset:
    """Patient, study, series, equipment and what marks it as made up."""
    person = person_of(study.variant)
    data = Dataset()
    data.SpecificCharacterSet = person.character_set
    data.SOPClassUID = sop_class
    data.Modality = "MR"
    data.StudyDate, data.StudyTime = moment(0)
    data.SeriesDate, data.SeriesTime = moment(sequence.start)
    data.AccessionNumber = data.ReferringPhysicianName = ""
    data.Manufacturer = "GlioLens (synthetic)"
    data.ManufacturerModelName = "synthetic head"
    data.DeviceSerialNumber = "0"
    data.SoftwareVersions = "1"
    data.StudyDescription = MARK
    data.SeriesDescription = sequence.names.get(study.variant, sequence.description)
    data.PatientName, data.PatientID = person.name, person.number
    data.PatientBirthDate, data.PatientSex = "", "O"
    data.BodyPartExamined = "HEAD"
    data.StudyInstanceUID = study.uid
    data.SeriesInstanceUID = uid(study.uid, str(sequence.number))
    data.StudyID, data.SeriesNumber = "1", sequence.number
    return data


def add_frame_of_reference(data: Dataset, study: Study) -> None:
    """One scanner, one table, one frame of reference: it does not know that the head moved."""
    data.FrameOfReferenceUID = uid(study.uid, "frame of reference")
    data.PositionReferenceIndicator = ""
    data.PatientPosition = "HFS"


def add_pixels(data: Dataset, frames: np.ndarray) -> None:
    """Store pixels.

    Args:
        data: Where to.
        frames: (rows, columns) or (frames, rows, columns) uint16 below 4096.
    """
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.Rows, data.Columns = frames.shape[-2:]
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.PixelRepresentation = 0
    data.PixelData = np.ascontiguousarray(frames, "<u2").tobytes()
    data["PixelData"].VR = "OW"


def add_contrast(data: Dataset, sequence: Sequence) -> None:
    """Name the contrast agent, where there was one."""
    if sequence.contrast:
        data.ContrastBolusAgent = "made up"
        data.ContrastBolusRoute = "IV"


def add_meta(data: Dataset) -> Dataset:
    """Add the file's own header."""
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = data.SOPClassUID
    meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = uid("GlioLens", "synthetic study")
    meta.ImplementationVersionName = "GLIOLENS"
    data.file_meta = meta
    return data


def decimals(numbers: np.ndarray | list[float]) -> list[str]:
    """Numbers as DS, at most 16 characters each."""
    return [format_number_as_ds(round(float(n), 9) + 0.0) for n in np.ravel(numbers)]


def window(values: np.ndarray) -> tuple[str, str]:
    """Centre and width that show the picture."""
    high = max(2, int(np.percentile(values, 99.5)))
    return str(high // 2), str(high)
