"""Enhanced MR Image Storage: one file a series, a frame a slice (PS3.3 A.36.2)."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import EnhancedMRImageStorage

from synthetic.study.exam import Series
from synthetic.study.groups import CONTRASTS, IMAGE_TYPE, SECONDS, frame_groups, shared_groups
from synthetic.study.header import (
    Study,
    add_frame_of_reference,
    add_meta,
    add_pixels,
    start_dataset,
    window,
)
from synthetic.study.identity import MARK, moment, uid
from synthetic.study.items import code, item, one
from synthetic.study.protocol import Sequence


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
    shown = window(values)
    data.NumberOfFrames = str(len(frames))
    data.SharedFunctionalGroupsSequence = Items([shared_groups(sequence, stack)])
    data.PerFrameFunctionalGroupsSequence = Items(
        [frame_groups(sequence, stack, number, shown) for number in range(len(frames))]
    )
    _add_dimensions(data)
    add_pixels(data, frames)
    return add_meta(data)


def _add_image(data: Dataset, sequence: Sequence) -> None:
    data.ImageType = IMAGE_TYPE
    data.InstanceNumber = 1
    data.AcquisitionNumber = 1
    data.ImageComments = MARK
    data.AcquisitionDateTime = "".join(moment(sequence.start))
    data.AcquisitionDuration = SECONDS
    data.ContentDate, data.ContentTime = moment(sequence.start + SECONDS)
    data.PixelPresentation = "MONOCHROME"
    data.VolumetricProperties = "VOLUME"
    data.VolumeBasedCalculationTechnique = "NONE"
    data.ComplexImageComponent = "MAGNITUDE"
    data.AcquisitionContrast = CONTRASTS[sequence.key]
    data.BurnedInAnnotation = "NO"
    data.LossyImageCompression = "00"
    data.PresentationLUTShape = "IDENTITY"
    data.ContentQualification = "RESEARCH"
    data.ResonantNucleus = "1H"
    data.KSpaceFiltering = "NONE"
    data.MagneticFieldStrength = 1.5
    data.ApplicableSafetyStandardAgency = "IEC"
    data.AcquisitionContextSequence = Items([])
    data.PulseSequenceName = sequence.key
    data.MRAcquisitionType = sequence.kind
    data.EchoPulseSequence = {"SE": "SPIN", "GR": "GRADIENT"}[sequence.scanning[0]]
    if sequence.scanning[0] == "SE":
        data.MultipleSpinEcho = "YES" if sequence.train > 1 else "NO"
    data.MultiPlanarExcitation = "NO"
    data.PhaseContrast = "NO"
    data.TimeOfFlightContrast = "NO"
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
        agent = item(
            ContrastBolusAgentNumber=1,
            ContrastBolusVolume=None,
            ContrastBolusIngredientConcentration=None,
            ContrastBolusAdministrationRouteSequence=code("47625008", "SCT", "Intravenous route"),
            ContrastBolusIngredientCodeSequence=code("105879004", "SCT", "Gadolinium"),
            CodeValue="105879004",
            CodingSchemeDesignator="SCT",
            CodeMeaning="Gadolinium",
        )
        data.ContrastBolusAgentSequence = Items([agent])


def _add_dimensions(data: Dataset) -> None:
    organisation = uid(data.SOPInstanceUID, "dimensions")
    data.DimensionOrganizationSequence = one(DimensionOrganizationUID=organisation)
    data.DimensionIndexSequence = Items(
        [
            item(
                DimensionOrganizationUID=organisation,
                DimensionIndexPointer=pointer,
                FunctionalGroupPointer=0x00209111,
            )
            for pointer in (0x00209056, 0x00209057)  # StackID, InStackPositionNumber
        ]
    )
