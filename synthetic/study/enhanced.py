"""Enhanced MR Image Storage: one file a series, a frame a slice (PS3.3 A.36.2)."""

from typing import Final

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import EnhancedMRImageStorage

from synthetic.study.exam import Series
from synthetic.study.header import (
    Study,
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

_CONTRASTS: Final = {"t1": "T1", "t1c": "T1", "t2": "T2", "flair": "FLUID_ATTENUATED"}
_IMAGE_TYPE: Final = ["ORIGINAL", "PRIMARY", "M", "NONE"]
_SECONDS: Final = 60.0  # that each sequence takes


def enhanced_file(study: Study, series: Series) -> Dataset:
    """A series of one stack as a single dataset."""
    ((stack, values),) = series.volumes
    sequence = series.sequence
    data = start_dataset(study, sequence, EnhancedMRImageStorage)
    frames = values.transpose(2, 1, 0)
    data.SOPInstanceUID = uid(data.SeriesInstanceUID, frames.tobytes())
    _add_image(data, sequence)
    add_frame_of_reference(data, study)
    _add_contrast_agent(data, sequence)
    data.NumberOfFrames = str(len(frames))
    data.SharedFunctionalGroupsSequence = Items([_shared(sequence, stack)])
    data.PerFrameFunctionalGroupsSequence = Items(
        [_frame(sequence, stack, number, window(values)) for number in range(len(frames))]
    )
    _add_dimensions(data)
    add_pixels(data, frames)
    return add_meta(data)


def _item(**values: object) -> Dataset:
    data = Dataset()
    for name, value in values.items():
        setattr(data, name, value)
    return data


def _one(**values: object) -> Items:
    return Items([_item(**values)])


def _code(value: str, scheme: str, meaning: str) -> Items:
    return _one(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _add_image(data: Dataset, sequence: Sequence) -> None:
    data.ImageType = _IMAGE_TYPE
    data.InstanceNumber = 1
    data.AcquisitionNumber = 1
    data.ImageComments = MARK
    data.AcquisitionDateTime = "".join(moment(sequence.start))
    data.AcquisitionDuration = _SECONDS
    data.ContentDate, data.ContentTime = moment(sequence.start + _SECONDS)
    data.PixelPresentation = "MONOCHROME"
    data.VolumetricProperties = "VOLUME"
    data.VolumeBasedCalculationTechnique = "NONE"
    data.ComplexImageComponent = "MAGNITUDE"
    data.AcquisitionContrast = _CONTRASTS[sequence.key]
    data.BurnedInAnnotation = "NO"
    data.LossyImageCompression = "00"
    data.PresentationLUTShape = "IDENTITY"
    data.ContentQualification = "RESEARCH"
    data.ResonantNucleus = "1H"
    data.KSpaceFiltering = "NONE"
    data.MagneticFieldStrength = 1.5
    data.ApplicableSafetyStandardAgency = "IEC"
    data.AcquisitionMatrix = None
    del data.AcquisitionMatrix
    data.PulseSequenceName = sequence.description
    data.MRAcquisitionType = sequence.kind
    data.EchoPulseSequence = {"SE": "SPIN", "GR": "GRADIENT"}[sequence.scanning[0]]
    data.MultipleSpinEcho = "YES" if sequence.train > 1 else "NO"
    data.MultiPlanarExcitation = "NO"
    data.PhaseContrast = "NO"
    data.TimeOfFlightContrast = "NO"
    data.ArterialSpinLabelingContrast = "NONE"
    data.SteadyStatePulseSequence = "NONE"
    data.EchoPlanarPulseSequence = "NO"
    data.SaturationRecovery = "NO"
    data.SpectrallySelectedSuppression = "NONE"
    data.OversamplingPhase = "NONE"
    data.GeometryOfKSpaceTraversal = "RECTILINEAR"
    data.SegmentedKSpaceTraversal = "SINGLE"
    data.RectilinearPhaseEncodeReordering = "LINEAR"
    if sequence.kind == "3D":
        data.CoverageOfKSpace = "FULL"
    data.NumberOfKSpaceTrajectories = 1


def _add_contrast_agent(data: Dataset, sequence: Sequence) -> None:
    if sequence.contrast:
        agent = _item(
            ContrastBolusAgentNumber=1,
            ContrastBolusAdministrationRouteSequence=_code("47625008", "SCT", "Intravenous route"),
            ContrastBolusIngredientCodeSequence=_code("105879004", "SCT", "Gadolinium"),
            CodeValue="105879004",
            CodingSchemeDesignator="SCT",
            CodeMeaning="Gadolinium",
        )
        data.ContrastBolusAgentSequence = Items([agent])


def _shared(sequence: Sequence, stack: Stack) -> Dataset:
    tr, te, ti = sequence.times
    modifier = _item(
        InversionRecovery="YES" if ti else "NO",
        FlowCompensation="NONE",
        Spoiling="RF" if sequence.scanning[0] == "GR" else "NONE",
        T2Preparation="NO",
        SpectrallySelectedExcitation="NONE",
        SpatialPresaturation="NONE",
        PartialFourier="NO",
        ParallelAcquisition="NO",
    )
    if ti:
        modifier.InversionTimes = ti
    timing = _item(
        RepetitionTime=decimals([tr])[0],
        FlipAngle=decimals([sequence.flip])[0],
        EchoTrainLength=str(sequence.train),
        RFEchoTrainLength=sequence.train if sequence.scanning[0] == "SE" else 0,
        GradientEchoTrainLength=0 if sequence.scanning[0] == "SE" else 1,
        SpecificAbsorptionRateSequence=_one(
            SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY", SpecificAbsorptionRateValue=0.0
        ),
        GradientOutputType="DB_DT",
        GradientOutput=0.0,
        OperatingModeSequence=_one(OperatingModeType="STATIC FIELD", OperatingMode="IEC_NORMAL"),
    )
    field_of_view = _item(
        InPlanePhaseEncodingDirection="ROW",
        MRAcquisitionFrequencyEncodingSteps=stack.shape[1],
        MRAcquisitionPhaseEncodingStepsInPlane=stack.shape[0],
        PercentSampling="100",
        PercentPhaseFieldOfView="100",
    )
    if sequence.kind == "3D":
        field_of_view.MRAcquisitionPhaseEncodingStepsOutOfPlane = stack.shape[2]
    return _item(
        PixelMeasuresSequence=_one(
            SliceThickness=decimals([stack.thickness])[0],
            SpacingBetweenSlices=decimals([stack.distance])[0],
            PixelSpacing=decimals([stack.pixel, stack.pixel]),
        ),
        PlaneOrientationSequence=_one(ImageOrientationPatient=decimals(stack.orientation)),
        FrameAnatomySequence=_one(
            FrameLaterality="U", AnatomicRegionSequence=_code("69536005", "SCT", "Head")
        ),
        PixelValueTransformationSequence=_one(
            RescaleIntercept="0", RescaleSlope="1", RescaleType="US"
        ),
        MRImageFrameTypeSequence=_one(
            FrameType=_IMAGE_TYPE,
            PixelPresentation="MONOCHROME",
            VolumetricProperties="VOLUME",
            VolumeBasedCalculationTechnique="NONE",
            ComplexImageComponent="MAGNITUDE",
            AcquisitionContrast=_CONTRASTS[sequence.key],
        ),
        MRTimingAndRelatedParametersSequence=Items([timing]),
        MRFOVGeometrySequence=Items([field_of_view]),
        MREchoSequence=_one(EffectiveEchoTime=te),
        MRModifierSequence=Items([modifier]),
        MRImagingModifierSequence=_one(
            MagnetizationTransfer="NONE",
            BloodSignalNulling="NO",
            Tagging="NONE",
            TransmitterFrequency=63.6,
            PixelBandwidth="180",
        ),
        MRReceiveCoilSequence=_one(
            ReceiveCoilName="HEAD",
            ReceiveCoilManufacturerName="",
            ReceiveCoilType="VOLUME",
            QuadratureReceiveCoil="YES",
        ),
        MRTransmitCoilSequence=_one(
            TransmitCoilName="BODY", TransmitCoilManufacturerName="", TransmitCoilType="BODY"
        ),
        MRAveragesSequence=_one(NumberOfAverages="1"),
    )


def _frame(sequence: Sequence, stack: Stack, number: int, shown: tuple[str, str]) -> Dataset:
    content = _item(
        FrameAcquisitionNumber=1,
        FrameReferenceDateTime="".join(moment(sequence.start)),
        FrameAcquisitionDateTime="".join(moment(sequence.start)),
        FrameAcquisitionDuration=_SECONDS * 1000,
        StackID="1",
        InStackPositionNumber=number + 1,
        DimensionIndexValues=[1, number + 1],
    )
    frame = _item(
        FrameContentSequence=Items([content]),
        PlanePositionSequence=_one(ImagePositionPatient=decimals(stack.origin(number))),
        FrameVOILUTSequence=_one(WindowCenter=shown[0], WindowWidth=shown[1]),
    )
    if sequence.contrast:
        frame.ContrastBolusUsageSequence = _one(
            ContrastBolusAgentNumber=1,
            ContrastBolusAgentAdministered="YES",
            ContrastBolusAgentDetected="YES",
            ContrastBolusAgentPhase="POST_CONTRAST",
        )
    return frame


def _add_dimensions(data: Dataset) -> None:
    organisation = uid(data.SOPInstanceUID, "dimensions")
    data.DimensionOrganizationSequence = _one(DimensionOrganizationUID=organisation)
    data.DimensionIndexSequence = Items(
        [
            _item(
                DimensionOrganizationUID=organisation,
                DimensionIndexPointer=pointer,
                FunctionalGroupPointer=0x00209111,
            )
            for pointer in (0x00209056, 0x00209057)  # StackID, InStackPositionNumber
        ]
    )
