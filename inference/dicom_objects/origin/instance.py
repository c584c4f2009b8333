"""A new object of the study that a series belongs to, for those that are written here."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from inference.dicom_objects.image_series import ImageSeries
from inference.dicom_objects.origin.made import maker
from inference.dicom_objects.origin.uids import content_uid
from inference.io.export import write_whole

_IMPLEMENTATION: Final = UID(content_uid("GlioLens"))


def new_instance(
    series: ImageSeries, sop_class: str, *, modality: str, made_of: tuple[str, ...], made: datetime
) -> FileDataset:
    """An object with patient, study, maker and UIDs; the rest is its writer's.

    Args:
        series: The images; patient and study are theirs.
        sop_class: SOPClassUID.
        modality: Of its series, of which it is the only instance.
        made_of: What its UIDs are derived from.
        made: When.
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(content_uid("object", *made_of))
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = _IMPLEMENTATION
    meta.ImplementationVersionName = f"pydicom {version('pydicom')}"
    dataset = FileDataset("", {}, preamble=b"\0" * 128, file_meta=meta)
    dataset.update(series.patient)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.SeriesInstanceUID = content_uid("series", *made_of)
    dataset.Modality, dataset.InstanceNumber = modality, 1
    dataset.InstanceCreationDate, dataset.InstanceCreationTime = _day(made), _time(made)
    of = maker()
    dataset.Manufacturer = of["manufacturer"]
    dataset.ManufacturerModelName = of["manufacturer_model_name"]
    dataset.SoftwareVersions = of["software_versions"]
    dataset.DeviceSerialNumber = of["device_serial_number"]
    return dataset


def save(dataset: Dataset, file: Path) -> None:
    """Write an object; the file appears whole or not at all."""
    write_whole(file, lambda unfinished: dataset.save_as(unfinished, enforce_file_format=True))


def _day(made: datetime) -> str:
    return f"{made:%Y%m%d}"


def _time(made: datetime) -> str:
    return f"{made:%H%M%S}"
