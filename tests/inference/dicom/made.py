"""Small DICOM series, whole and odd, made up: nobody was scanned."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, generate_uid

MR = "1.2.840.10008.5.1.4.1.1.4"
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
SHAPE = (8, 6)  # rows, columns
PIXEL_SPACING = (0.8, 1.2)  # between rows, between columns

Edit = Callable[[Dataset, int], None]


def uid(*words: object) -> str:
    """The same UID for the same words."""
    return str(generate_uid(entropy_srcs=[str(word) for word in words]))


def oblique() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Directions along a row, along a column, and the normal; turned about two axes."""
    a, b = 0.3, -0.2
    row = np.array([np.cos(a), np.sin(a), 0])
    column = np.array([-np.sin(a) * np.cos(b), np.cos(a) * np.cos(b), np.sin(b)])
    return row, column, np.cross(row, column)


def pixels(index: int) -> np.ndarray:
    """(rows, columns) uint16, different in every slice and every pixel."""
    return (100 * (index + 1) + np.arange(SHAPE[0] * SHAPE[1])).astype(np.uint16).reshape(SHAPE)


def dataset(
    index: int,
    *,
    series: str = "FLAIR",
    number: int = 5,
    study: str = "study",
    patient: str = "P1",
    date: str = "20240312",
    spacing: float = 5.5,
) -> Dataset:
    """A classic slice; the place is ``spacing`` mm times its index along an oblique normal."""
    row, column, normal = oblique()
    ds = Dataset()
    ds.SOPClassUID = MR
    ds.SOPInstanceUID = uid(patient, study, series, number, index)
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(patient, study), uid(patient, study, series)
    ds.FrameOfReferenceUID = uid(patient, study, "frame")
    ds.PatientName, ds.PatientID = "Doe^Jane", patient
    ds.StudyDate, ds.AcquisitionTime, ds.Modality = date, "101530.5", "MR"
    ds.PatientAge, ds.Manufacturer = "045Y", "Made Up"
    ds.SeriesDescription, ds.SeriesNumber, ds.InstanceNumber = series, number, index + 1
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND"]
    ds.EchoTime, ds.RepetitionTime, ds.InversionTime = 94.0, 8000.0, 2500.0
    ds.MRAcquisitionType = "2D"
    ds.ImageOrientationPatient = [f"{v:.12f}" for v in (*row, *column)]
    ds.ImagePositionPatient = [f"{v:.9f}" for v in [-60, -50, 20] + normal * spacing * index]
    ds.PixelSpacing = list(PIXEL_SPACING)
    describe_pixels(ds)
    ds.PixelData = pixels(index).tobytes()
    return ds


def describe_pixels(ds: Dataset) -> None:
    ds.Rows, ds.Columns = SHAPE
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 0


def write(ds: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds["PixelData"].VR = "OB" if ds["PixelData"].is_undefined_length else "OW"
    ds.save_as(path, enforce_file_format=True)
    return path


def write_compressed(ds: Dataset, frame: bytes, path: Path, syntax: str, bits: int = 8) -> Path:
    """A classic slice around a compressed picture."""
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = bits, bits, bits - 1
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].is_undefined_length = True
    return write(ds, path, syntax)


def write_series(
    folder: Path,
    *,
    slices: range | list[int] = range(10),
    edit: Edit | None = None,
    prefix: str = "IM",
    syntax: str = ExplicitVRLittleEndian,
    **what: object,
) -> list[Path]:
    """A classic series; ``edit`` may change each slice before it is written."""
    paths = []
    for index in slices:
        ds = dataset(index, **what)
        if edit:
            edit(ds, index)
        if syntax == ExplicitVRBigEndian:
            ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        paths.append(write(ds, folder / f"{prefix}{index:04d}", syntax))
    return paths


def _sequence(**elements: object) -> Sequence:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return Sequence([item])


def enhanced(n_slices: int = 10, *, echoes: tuple[float, ...] = (94.0,), **what: object) -> Dataset:
    """An enhanced file: every slice for every echo, each frame with a slope of its own."""
    ds = dataset(0, **what)
    ds.SOPClassUID = ENHANCED_MR
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "EchoTime"):
        del ds[keyword]
    flat = [(place, echo) for place in range(n_slices) for echo in echoes]
    ds.NumberOfFrames = len(flat)
    shared = Dataset()
    shared.PixelMeasuresSequence = _sequence(PixelSpacing=list(PIXEL_SPACING))
    # What the frames say must win over this.
    shared.PixelValueTransformationSequence = _sequence(RescaleSlope=99, RescaleIntercept=99)
    shared.MRImageFrameTypeSequence = _sequence(
        FrameType=["ORIGINAL", "PRIMARY", "M", "NONE"], AcquisitionContrast="FLUID_ATTENUATED"
    )
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence(
        [_frame_group(place, echo) for place, echo in flat]
    )
    ds.PixelData = b"".join(pixels(place).tobytes() for place, _ in flat)
    return ds


def _frame_group(place: int, echo: float) -> Dataset:
    template = dataset(place)
    group = Dataset()
    group.PlanePositionSequence = _sequence(ImagePositionPatient=template.ImagePositionPatient)
    group.PlaneOrientationSequence = _sequence(
        ImageOrientationPatient=template.ImageOrientationPatient
    )
    group.MREchoSequence = _sequence(EffectiveEchoTime=echo)
    group.PixelValueTransformationSequence = _sequence(
        RescaleSlope=float(place + 1), RescaleIntercept=-float(place)
    )
    return group
