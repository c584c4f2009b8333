"""The functional groups of an enhanced MR image (PS3.3 C.8.13)."""

from typing import Final

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from synthetic.study.header import decimals
from synthetic.study.identity import moment
from synthetic.study.items import code, item, one
from synthetic.study.planes import Stack
from synthetic.study.protocol import Sequence

CONTRASTS: Final = {"t1": "T1", "t1c": "T1", "t2": "T2", "flair": "FLUID_ATTENUATED"}
IMAGE_TYPE: Final = ["ORIGINAL", "PRIMARY", "M", "NONE"]
SECONDS: Final = 60.0  # that each sequence takes


def shared_groups(sequence: Sequence, stack: Stack) -> Dataset:
    """What all frames have in common: size, orientation, timing, coils."""
    tr, te, ti = sequence.times
    modifier = item(
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
    timing = item(
        RepetitionTime=decimals([tr])[0],
        FlipAngle=decimals([sequence.flip])[0],
        EchoTrainLength=str(sequence.train),
        RFEchoTrainLength=sequence.train if sequence.scanning[0] == "SE" else 0,
        GradientEchoTrainLength=0 if sequence.scanning[0] == "SE" else 1,
        SpecificAbsorptionRateSequence=one(
            SpecificAbsorptionRateDefinition="IEC_WHOLE_BODY", SpecificAbsorptionRateValue=0.0
        ),
        GradientOutputType="DB_DT",
        GradientOutput=0.0,
        OperatingModeSequence=one(OperatingModeType="STATIC FIELD", OperatingMode="IEC_NORMAL"),
    )
    field_of_view = item(
        InPlanePhaseEncodingDirection="ROW",
        MRAcquisitionFrequencyEncodingSteps=stack.shape[1],
        MRAcquisitionPhaseEncodingStepsInPlane=stack.shape[0],
        PercentSampling="100",
        PercentPhaseFieldOfView="100",
    )
    if sequence.kind == "3D":
        field_of_view.MRAcquisitionPhaseEncodingStepsOutOfPlane = stack.shape[2]
    return item(
        PixelMeasuresSequence=one(
            SliceThickness=decimals([stack.thickness])[0],
            SpacingBetweenSlices=decimals([stack.distance])[0],
            PixelSpacing=decimals([stack.pixel, stack.pixel]),
        ),
        PlaneOrientationSequence=one(ImageOrientationPatient=decimals(stack.orientation)),
        FrameAnatomySequence=one(
            FrameLaterality="U", AnatomicRegionSequence=code("69536005", "SCT", "Head")
        ),
        PixelValueTransformationSequence=one(
            RescaleIntercept="0", RescaleSlope="1", RescaleType="US"
        ),
        MRImageFrameTypeSequence=one(
            FrameType=IMAGE_TYPE,
            PixelPresentation="MONOCHROME",
            VolumetricProperties="VOLUME",
            VolumeBasedCalculationTechnique="NONE",
            ComplexImageComponent="MAGNITUDE",
            AcquisitionContrast=CONTRASTS[sequence.key],
        ),
        MRTimingAndRelatedParametersSequence=Items([timing]),
        MRFOVGeometrySequence=Items([field_of_view]),
        MREchoSequence=one(EffectiveEchoTime=te),
        MRModifierSequence=Items([modifier]),
        MRImagingModifierSequence=one(
            MagnetizationTransfer="NONE",
            BloodSignalNulling="NO",
            Tagging="NONE",
            TransmitterFrequency=63.6,
            PixelBandwidth="180",
        ),
        MRReceiveCoilSequence=one(
            ReceiveCoilName="HEAD",
            ReceiveCoilManufacturerName="",
            ReceiveCoilType="VOLUME",
            QuadratureReceiveCoil="YES",
        ),
        MRTransmitCoilSequence=one(
            TransmitCoilName="BODY", TransmitCoilManufacturerName="", TransmitCoilType="BODY"
        ),
        MRAveragesSequence=one(NumberOfAverages="1"),
    )


def frame_groups(sequence: Sequence, stack: Stack, number: int, shown: tuple[str, str]) -> Dataset:
    """What each frame has of its own: place, number, window."""
    content = item(
        FrameAcquisitionNumber=1,
        FrameReferenceDateTime="".join(moment(sequence.start)),
        FrameAcquisitionDateTime="".join(moment(sequence.start)),
        FrameAcquisitionDuration=SECONDS * 1000,
        StackID="1",
        InStackPositionNumber=number + 1,
        DimensionIndexValues=[1, number + 1],
    )
    frame = item(
        FrameContentSequence=Items([content]),
        PlanePositionSequence=one(ImagePositionPatient=decimals(stack.origin(number))),
        FrameVOILUTSequence=one(WindowCenter=shown[0], WindowWidth=shown[1]),
    )
    if sequence.contrast:
        frame.ContrastBolusUsageSequence = one(
            ContrastBolusAgentNumber=1,
            ContrastBolusAgentAdministered="YES",
            ContrastBolusAgentDetected="YES",
            ContrastBolusAgentPhase="POST_CONTRAST",
        )
    return frame
