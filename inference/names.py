"""What a file name says: which modality a file holds, and which patient it belongs to.

Only whole words count, so a patient called ``Brats18_2013_T2X`` is no T2 image. A name that
could mean two things means nothing: the user is asked instead of a guess being made.
"""

import itertools
import re
from collections.abc import Iterable
from typing import Final

TRUTH: Final = "truth"

_EXTENSION = re.compile(r"\.nii(\.gz)?$", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\W_]")
_BIDS_SUBJECT = re.compile(r"^sub (?=\S+ )")  # elsewhere "sub" is a subtraction
_WORDS = re.compile(
    r"""(?<!\S)(?:
      (?P<flair> (?:t2w?[ ]*)?(?:flair|fl) | t2f )
    | (?P<t1c>   ct1
               | t1w?[ ]*(?:c|ce|gd|gad|gado|gadolinium|km|contrast(?:[ ]*enhanced)?
                         |post(?![ ]*op)(?:[ ]*(?:contrast|gd|gad|gado|gadolinium|km))?) )
    | (?P<t1>    t1(?:n|wi?|[ ]*weighted)?
                 (?:[ ]*(?:native|(?:pre|non?|without|wo)
                         (?:[ ]*(?:contrast|gd|gad|gado|gadolinium|km))?))? )
    | (?P<t2>    t2(?:wi?|[ ]*weighted)? )
    | (?P<truth> segm?|segmentation|mask|labels?|truth|gt|ground[ ]*truth )
    )(?!\S)""",
    re.IGNORECASE | re.VERBOSE,
)

_CONTRAST = {"gad", "gado", "gadolinium", "contrast", "postcontrast", "km"}
# "post" may be post-operative, "gd" and "ce" may be initials: away from the T1 they say nothing.
_PERHAPS_CONTRAST = {"gd", "ce", "post"}
_WITHOUT = {"no", "non", "without", "wo", "pre"}
# Images derived from a modality, which the models have never seen.
_DERIVED = {"map", "star", "bias", "sub", "subtraction", "diff", "adc", "dwi", "swi", "dsc", "dce"}
# Masks of something else than the tumour, and what another model drew.
_NO_TRUTH = {"brain", "head", "skull", "bet", "pred", "prediction", "auto", "automated"}
_TUMOUR = {"tumor", "tumour", "lesion", "glioma"}


def recognise(file_name: str) -> str | None:
    """Tell what a NIfTI file holds from its name alone.

    Knows every BraTS release and common clinical names (``T1 post contrast``, ``t2_flair``).

    Returns:
        One of ``MODALITIES``, ``"truth"``, or None where the name says nothing, says two
        things, or is not that of a NIfTI file.
    """
    if not is_nifti_name(file_name):
        return None
    words = _words(file_name)
    kinds = [match.lastgroup for match in _WORDS.finditer(words)]
    if not kinds:
        return None
    others = set(_WORDS.sub(" ", words).lower().split())
    if TRUTH in kinds:
        return _truth_if_sure(kinds, others)
    if len(set(kinds)) > 1 or others & _DERIVED:
        return None
    return _with_contrast(others) if kinds[0] == "t1" else kinds[0]


def is_nifti_name(file_name: str) -> bool:
    """Whether a name ends in ``.nii`` or ``.nii.gz``, in any case."""
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


def _with_contrast(others: set[str]) -> str | None:
    """Tell a T1 from a T1c by the words elsewhere in the name, as in ``ce-gadolinium_T1w``."""
    if not others & (_CONTRAST | _PERHAPS_CONTRAST):
        return "t1"
    unsure = others & (_WITHOUT | _PERHAPS_CONTRAST) and not others >= {"ce", "gadolinium"}
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
