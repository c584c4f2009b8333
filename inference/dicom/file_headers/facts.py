"""What the header of a series says of how it was acquired, without anything that names a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeriesFacts:
    """How one series was acquired, as far as its header says; what it does not say is None or "".

    A DICOM series gives these, and so does the JSON file that dcm2niix writes beside a NIfTI.

    Args:
        number: SeriesNumber.
        description: SeriesDescription, without the patient's name and number and any date.
        protocol: ProtocolName, likewise.
        sequence_name: SequenceName or PulseSequenceName.
        scanning_sequence: ScanningSequence, such as ``("SE", "IR")``.
        image_type: ImageType, such as ``("ORIGINAL", "PRIMARY", "M")``.
        echo_time_ms: EchoTime (of the frames of this volume).
        repetition_time_ms: RepetitionTime.
        inversion_time_ms: InversionTime.
        flip_angle_degrees: FlipAngle.
        b_value: Diffusion b-value in s/mm².
        is_3d: Whether MRAcquisitionType is 3D.
        contrast_agent: ContrastBolusAgent; often stale or missing, so the last thing to go by.
        acquired_s: Time of the acquisition in seconds after midnight.
        shape: Voxels along the columns, the rows and the slices.
        spacing_mm: Distance of voxels along the same.
        body_part: BodyPartExamined.
        manufacturer: Manufacturer.
        patient_age_years: PatientAge in years.
        acquisition_contrast: AcquisitionContrast of an enhanced file, such as
            ``"FLUID_ATTENUATED"``.
    """

    number: int | None = None
    description: str = ""
    protocol: str = ""
    sequence_name: str = ""
    scanning_sequence: tuple[str, ...] = ()
    image_type: tuple[str, ...] = ()
    echo_time_ms: float | None = None
    repetition_time_ms: float | None = None
    inversion_time_ms: float | None = None
    flip_angle_degrees: float | None = None
    b_value: float | None = None
    is_3d: bool | None = None
    contrast_agent: str = ""
    acquired_s: float | None = None
    shape: tuple[int, int, int] | None = None
    spacing_mm: tuple[float, float, float] | None = None
    body_part: str = ""
    manufacturer: str = ""
    patient_age_years: float | None = None
    acquisition_contrast: str = ""
