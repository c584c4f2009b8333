"""MR Image Storage: one file a slice."""

from collections.abc import Iterator

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage

from synthetic.study.exam import Series
from synthetic.study.header import (
    Study,
    add_contrast,
    add_frame_of_reference,
    add_meta,
    add_pixels,
    decimals,
    start_dataset,
    window,
)
from synthetic.study.identity import MARK, moment, uid
from synthetic.study.planes import Stack
from synthetic.study.protocol import Sequence


def classic_files(study: Study, series: Series) -> Iterator[Dataset]:
    """One dataset for each slice of a series, numbered from 1."""
    instance = 0
    for acquisition, (stack, values) in enumerate(series.volumes, start=1):
        shown = window(values)
        for number in range(stack.shape[2]):
            instance += 1
            data = start_dataset(study, series.sequence, MRImageStorage)
            data.AcquisitionNumber, data.InstanceNumber = acquisition, instance
            data.ImageComments = MARK
            _add_acquisition(data, series.sequence, instance)
            add_frame_of_reference(data, study)
            _add_plane(data, stack, number)
            add_pixels(data, values[..., number].T)
            data.WindowCenter, data.WindowWidth = shown
            _identify(data, series.sequence)
            yield add_meta(data)


def _add_acquisition(data: Dataset, sequence: Sequence, instance: int) -> None:
    tr, te, ti = sequence.times
    data.ImageType = list(sequence.image_type)
    data.AcquisitionDate, data.AcquisitionTime = moment(sequence.start)
    data.ContentDate, data.ContentTime = moment(sequence.start + 60 + instance / 10)
    add_contrast(data, sequence)
    data.ScanningSequence = list(sequence.scanning)
    data.SequenceVariant = list(sequence.variant)
    data.ScanOptions = ""
    data.MRAcquisitionType = sequence.kind
    data.RepetitionTime, data.EchoTime = decimals([tr, te])
    if ti:
        data.InversionTime = decimals([ti])[0]
    data.NumberOfAverages = "1"
    data.EchoNumbers = "1"
    data.MagneticFieldStrength = "1.5"
    data.EchoTrainLength = str(sequence.train)
    data.FlipAngle = decimals([sequence.flip])[0]


def _add_plane(data: Dataset, stack: Stack, number: int) -> None:
    data.SliceThickness, data.SpacingBetweenSlices = decimals([stack.thickness, stack.distance])
    data.PixelSpacing = decimals([stack.pixel, stack.pixel])
    data.ImagePositionPatient = decimals(stack.origin(number))
    data.ImageOrientationPatient = decimals(stack.orientation)
    normal = np.cross(stack.orientation[:3], stack.orientation[3:])
    data.SliceLocation = decimals([stack.origin(number) @ normal])[0]


def _identify(data: Dataset, sequence: Sequence) -> None:
    place = "\\".join(str(p) for p in data.ImagePositionPatient)
    data.SOPInstanceUID = uid(data.SeriesInstanceUID, place, data.PixelData)
    if "ADC" in sequence.image_type:
        data.RescaleIntercept, data.RescaleSlope, data.RescaleType = "0", "1", "US"
