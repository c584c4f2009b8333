"""What a file name reveals: which modality a file holds, and which patient it belongs to.

Only whole words count, so a patient called ``Brats18_2013_T2X`` is no T2 image. A name that
could mean two things means nothing: the user has to decide instead of a guess being made.
"""

import itertools
import re
from collections.abc import Iterable
from typing import Final

TRUTH: Final = "truth"

_NIFTI = r"\.nii(\.gz)?"
_PICTURE = r"\.(png|jpe?g|tiff?|npy)"
_EXTENSION = re.compile(rf"({_NIFTI}|{_PICTURE})$", re.IGNORECASE)
_NIFTI_EXTENSION = re.compile(rf"{_NIFTI}$", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\W_]")
_BIDS_SUBJECT = re.compile(r"^sub (?=\S+ )")  # elsewhere "sub" is a subtraction
_PLUS_CONTRAST = re.compile(r"(?<![^\W\d_])(\+[ ]*c|c[ ]*\+)(?![^\W\d_])", re.IGNORECASE)
# What scanners write between the weighting and the contrast: sequence, plane, technique.
_TECHNIQUE = r"""(?:2d|3d|se|tse|fse|ffe|tfe|gre|ir|fl2d|fl3d|flash|f?spgr|bravo|mp[ ]*rage|mpr
    |vibe|space|cube|vista|lava|thrive|blade|propeller|ax|axial|tra|trans|transversal|sag
    |sagittal|cor|coronal|iso|ns|fs|fatsat|fsat|p2|p3)"""
_AGENT = r"(?:[ck]ontrast\w*|контраст\w*|gd|gad|gado|gadolinium|km)"
_NO = r"(?:pre|non?|without|wo|ohne|sans|sin|senza|bez|без)"
_WORDS = re.compile(
    rf"""(?<!\S)(?:
      (?P<flair> flair[ ]+t2w? | (?:t2w?[ ]*)?(?:flair|fl) | t2f )
    | (?P<t1c>   ct1
               | (?:[se]?t1w|t1)(?:[ ]+{_TECHNIQUE})*
                 [ ]*(?:c|ce|gd|gad|gado|gadolinium|km|contrast(?:[ ]*enhanced)?
                         |post(?![ ]*op)(?:[ ]*{_AGENT})?) )
    | (?P<t1>    (?:[se]?t1wi?|t1n?)(?:[ ]*weighted)?
                 (?:[ ]*(?:native?|{_NO}(?:[ ]*{_AGENT})?))? )
    | (?P<t2>    (?:[se]?t2wi?|t2)(?:[ ]*weighted)? )
    | (?P<truth> segm?|segmentation|mask|labels?|truth|gt|ground[ ]*truth )
    )(?!\S)""",
    re.IGNORECASE | re.VERBOSE,
)

_CONTRAST = {"gad", "gado", "gadolinium", "contrast", "postcontrast", "km", "mdc", "enhanced"}
_CONTRAST_STEMS = ("kontrast", "contrast", "контраст", "gadolin", "增强", "造影")
# "post" may be post-operative, "gd" and "ce" may be initials: away from the T1 they say nothing.
_PERHAPS_CONTRAST = {"gd", "ce", "post"}
_WITHOUT = {"no", "non", "without", "wo", "pre", "ohne", "sans", "sin", "senza", "bez", "без"}
# Images derived from a modality or made in another way, which the models have never seen.
_DERIVED = {
    *("map", "star", "bias", "sub", "subtraction", "diff", "ratio"),
    *("adc", "dwi", "swi", "dsc", "dce", "dti", "asl", "perfusion", "tof", "stir"),
}
# Beside T2: blood-sensitive images, proton density, and Siemens' inversion recovery.
_NOT_T2 = {"gre", "medic", "swan", "hemo", "pd", "tirm"}
_DARK_FLUID = ({"dark", "fluid"}, {"darkfluid"})  # what Siemens calls FLAIR
# Masks of something else than the tumour, and what another model drew.
_NO_TRUTH = {"brain", "head", "skull", "bet", "pred", "prediction", "auto", "automated"}
_TUMOUR = {"tumor", "tumour", "lesion", "glioma"}


def recognise(file_name: str) -> str | None:
    """Recognise what a NIfTI file, a picture or an array holds by its name alone.

    Knows every BraTS release and what scanners of the large makers write (``T1 post contrast``,
    ``t1_mprage_sag_KM``, ``t2_tirm_tra_dark-fluid``).

    Returns:
        One of ``MODALITIES``, ``"truth"``, or None where the name reveals nothing or
        two things, or is not that of a file GlioLens reads.
    """
    if not is_scan_name(file_name):
        return None
    words = _words(file_name)
    kinds = [kind for match in _WORDS.finditer(words) if (kind := match.lastgroup)]
    if not kinds:
        return None
    others = set(_WORDS.sub(" ", words).lower().split())
    if TRUTH in kinds:
        return _truth_if_sure(kinds, others)
    if len(set(kinds)) > 1 or others & _DERIVED:
        return None
    return _settled(kinds[0], others, file_name)


def is_nifti_name(file_name: str) -> bool:
    """Whether a name ends in ``.nii`` or ``.nii.gz``, in any case."""
    return bool(_NIFTI_EXTENSION.search(file_name))


def is_scan_name(file_name: str) -> bool:
    """Whether a name is that of a file GlioLens reads: NIfTI, PNG, JPEG, TIFF or ``.npy``."""
    return bool(_EXTENSION.search(file_name))


def case_name(file_names: Iterable[str], *, fallback: str = "case") -> str:
    """Call a case what its files have in common, such as ``Brats18_TCIA01_378_1``.

    Args:
        file_names: Names without folders.
        fallback: Taken where the files have nothing in common, usually the folder's name.
    """
    stems = [_without_kind(name) for name in file_names]
    return _trim(_common_words(stems)) or _trim(fallback) or "case"


def _truth_if_sure(kinds: list[str], others: set[str]) -> str | None:
    """``t1c_seg`` was drawn on a T1c; ``seg_t1c`` may be a T1c that was made from one."""
    something_else = bool(others & _NO_TRUTH) and not others & _TUMOUR
    return TRUTH if kinds[-1] == TRUTH and not something_else else None


def _settled(kind: str, others: set[str], file_name: str) -> str | None:
    """The modality, now that the words elsewhere in the name have been heard too."""
    dark_fluid = any(words <= others for words in _DARK_FLUID)
    if kind == "t1":
        plus = bool(_PLUS_CONTRAST.search(_EXTENSION.sub("", file_name)))
        return None if dark_fluid else _with_contrast(others, plus=plus)
    if kind == "t2":
        other_image = others & _NOT_T2 or "t2*" in file_name.lower()
        return "flair" if dark_fluid else None if other_image else "t2"
    return kind


def _with_contrast(others: set[str], *, plus: bool) -> str | None:
    """T1 or T1c, by the words elsewhere in the name, as in ``ce-gadolinium_T1w``."""
    agent = any(stem in word for stem in _CONTRAST_STEMS for word in others)
    sure = plus or agent or bool(others & _CONTRAST)
    perhaps = others & _PERHAPS_CONTRAST
    if not sure and not perhaps:
        return "t1"
    unsure = others & _WITHOUT or not (sure or len(perhaps) > 1)
    return None if unsure else "t1c"


def _words(file_name: str) -> str:
    """The name without its extension, of the same length, every separator a space."""
    words = _SEPARATOR.sub(" ", _EXTENSION.sub("", file_name))
    return _BIDS_SUBJECT.sub("    ", words)


def _without_kind(file_name: str) -> str:
    stem = _EXTENSION.sub("", file_name)
    found = list(_WORDS.finditer(_words(file_name)))
    if recognise(file_name) is None or not found:
        return stem
    return _trim(stem[: found[-1].start()]) or _trim(stem[found[-1].end() :])


def _common_words(stems: list[str]) -> str:
    """The longest common start that does not end inside a word."""
    alike = itertools.takewhile(lambda chars: len(set(chars)) == 1, zip(*stems, strict=False))
    common = "".join(chars[0] for chars in alike)
    if any(stem[len(common) :][:1].isalnum() for stem in stems):
        return re.sub(r"[^\W_]+$", "", common)
    return common


def _trim(name: str) -> str:
    """Leave only what is safe as the name of a file or folder."""
    return re.sub(r"[^\w.+-]+", "_", name).strip("._- ")
