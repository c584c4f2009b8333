"""What the kinds of DICOM objects are in plain words, by SOPClassUID (DICOM PS3.4, annex B.5)."""

from typing import Final

_STORAGE: Final = "1.2.840.10008.5.1.4.1.1."
MR_IMAGE: Final = _STORAGE + "4"
ENHANCED_MR_IMAGE: Final = _STORAGE + "4.1"
LEGACY_ENHANCED_MR_IMAGE: Final = _STORAGE + "4.4"
DIRECTORY: Final = "1.2.840.10008.1.3.10"
READ: Final = frozenset({MR_IMAGE, ENHANCED_MR_IMAGE, LEGACY_ENHANCED_MR_IMAGE})

_DIRECTORY = ("table of contents of a disc (DICOMDIR)", "tables of contents of discs (DICOMDIR)")
_UNKNOWN = ("DICOM object of another kind", "DICOM objects of other kinds")
# The longest start that fits says what an object is: one of it, several of it.
_KINDS = {
    "4.2": ("MR spectrum", "MR spectra"),
    "4.3": ("MR picture in colour", "MR pictures in colour"),
    "2": ("CT slice", "CT slices"),
    "1": ("X-ray picture", "X-ray pictures"),
    "12": ("X-ray angiogram", "X-ray angiograms"),
    "13": ("X-ray volume", "X-ray volumes"),
    "3.1": ("ultrasound film", "ultrasound films"),
    "6.1": ("ultrasound picture", "ultrasound pictures"),
    "6.2": ("ultrasound volume", "ultrasound volumes"),
    "7": ("secondary capture (a picture of a screen)", "secondary captures (pictures of a screen)"),
    "9": ("recorded curve", "recorded curves"),
    "11": ("presentation state (window and annotations)", "presentation states"),
    "20": ("nuclear medicine image", "nuclear medicine images"),
    "30": ("parametric map", "parametric maps"),
    "66": ("raw data object", "raw data objects"),
    "66.1": ("spatial registration", "spatial registrations"),
    "66.3": ("deformable registration", "deformable registrations"),
    "66.4": ("segmentation (SEG)", "segmentations (SEG)"),
    "66.5": ("surface segmentation", "surface segmentations"),
    "66.7": ("segmentation (label map)", "segmentations (label maps)"),
    "77": ("photograph", "photographs"),
    "88": ("structured report (SR)", "structured reports (SR)"),
    "88.59": ("key object selection (KO)", "key object selections (KO)"),
    "104": ("document (PDF)", "documents (PDF)"),
    "128": ("PET slice", "PET slices"),
    "130": ("PET volume", "PET volumes"),
    "481.1": ("radiotherapy image", "radiotherapy images"),
    "481.2": ("radiotherapy dose", "radiotherapy doses"),
    "481.3": ("radiotherapy structure set (RTSTRUCT)", "radiotherapy structure sets (RTSTRUCT)"),
    "481.5": ("radiotherapy plan", "radiotherapy plans"),
}


def is_storage(sop_class: str) -> bool:
    """Whether a UID is that of an object a file can hold; what a file without DICM must have."""
    return sop_class.startswith(_STORAGE) or sop_class == DIRECTORY


def in_words(sop_class: str, number: int = 1) -> str:
    """What an object of this class is called, in the singular or the plural."""
    return _pair(sop_class)[number != 1]


def _pair(sop_class: str) -> tuple[str, str]:
    if sop_class == DIRECTORY:
        return _DIRECTORY
    if not sop_class.startswith(_STORAGE):
        return _UNKNOWN
    numbers = sop_class.removeprefix(_STORAGE).split(".")
    starts = (".".join(numbers[:length]) for length in range(len(numbers), 0, -1))
    return next((_KINDS[start] for start in starts if start in _KINDS), _UNKNOWN)
