"""What a file name reveals: which modality a file holds, and which patient it belongs to.

Only whole words count, so a patient called ``Brats18_2013_T2X`` is no T2 image. A name that
could mean two things means nothing: the user has to decide instead of a guess being made.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from common.disk_errors import name_that_fits
from common.vocabulary import MODALITIES
from inference.naming.contrast import Contrast, contrast_in
from inference.naming.letters import CHUNK, composed, is_of_a_word
from inference.naming.terms import is_known, lists, places, words_of
from inference.naming.words import NameTerms, name_terms

TRUTH: Final = "truth"

CONTRAST_IN_DOUBT: Final = "its name leaves open whether before or after contrast"

# What the files of a data set are, as nnU-Net and the Decathlon describe theirs.
DESCRIPTION: Final = "dataset.json"

ITK_ENDINGS: Final = (".mha", ".mhd", ".nrrd", ".nhdr")
MGH_ENDINGS: Final = (".mgz", ".mgh")
PAIR_ENDING: Final = ".hdr"
_NIFTI = r"\.nii(\.gz)?"
_OTHER_VOLUME = rf"({'|'.join(map(re.escape, (*ITK_ENDINGS, *MGH_ENDINGS, PAIR_ENDING)))})"
_PICTURE = r"\.(png|jpe?g|tiff?|npy)"
_EXTENSION = re.compile(rf"({_NIFTI}|{_OTHER_VOLUME}|{_PICTURE})$", re.IGNORECASE)
_VOLUME_EXTENSION = re.compile(rf"({_NIFTI}|{_OTHER_VOLUME})$", re.IGNORECASE)
_NIFTI_EXTENSION = re.compile(rf"{_NIFTI}$", re.IGNORECASE)
_CHUNK = re.compile(CHUNK)
# Sequences such as MPRAGE are T1 as a rule; a file that says no more is asked about.
# Patients and projects may be called so; nobody is called "subtraction".
MAY_BE_A_NAME: Final = (
    *("localiser", "functional imaging", "spectroscopy", "report or screen picture"),
    *("other part of the body", "double inversion recovery", "angiography", "synthetic image"),
)
_EXPLICIT = {"t1": {"t1", "t1n", "ct1"}, "t2": {"t2"}}


def recognise(file_name: str) -> str | None:
    """Recognise what a NIfTI file, a picture or an array holds by its name alone.

    Knows every BraTS release and what scanners of the large makers write (``T1 post contrast``,
    ``t1_mprage_sag_KM``, ``t2_tirm_tra_dark-fluid``). Of several files of one case
    :func:`inference.io.names.names_of_case.kinds_of` knows more.

    Returns:
        One of ``MODALITIES``, ``"truth"``, or None where the name reveals nothing or
        two things, or is not that of a file GlioLens reads.
    """
    return recognise_stem(stem_of(file_name)) if is_scan_name(file_name) else None


def recognise_stem(stem: str) -> str | None:
    """As :func:`recognise`, of a name without its extension."""
    heard = name_terms(stem)
    if places(heard.words, "truth", "words"):
        return _truth_if_sure(heard.words)
    if heard.left_out and not _is_of_a_name(heard):
        return None
    kinds = set(heard.modalities) or ({"flair"} if "fl" in heard.words else set())
    if "flair" in kinds:
        kinds.discard("t2")
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    if kind in _EXPLICIT and not _EXPLICIT[kind] & set(heard.words):
        return None
    if kind == "t2" and places(heard.words, "maybe", "inversion"):
        return None
    return _with_contrast(heard) if kind == "t1" else kind if kind in MODALITIES else None


def why_not(file_name: str) -> str:
    """Why a name is neither that of a modality nor of a truth, as a noun; "" if unknown."""
    heard = name_terms(stem_of(file_name))
    if places(heard.words, "truth", "words"):
        return "mask of something else, or drawn by a program"
    in_doubt = "t1" in heard.modalities and heard.contrast == Contrast.DOUBTFUL
    return heard.left_out or (CONTRAST_IN_DOUBT if in_doubt else "")


def stem_of(file_name: str) -> str:
    """A name without the extension of a file that GlioLens reads."""
    return _EXTENSION.sub("", file_name)


def is_nifti_name(file_name: str) -> bool:
    """Whether a name ends in ``.nii`` or ``.nii.gz``, in any case."""
    return bool(_NIFTI_EXTENSION.search(file_name))


def is_volume_name(file_name: str) -> bool:
    """Whether a name is that of a file of volumes: NIfTI, MetaImage, NRRD, FreeSurfer, a pair."""
    return bool(_VOLUME_EXTENSION.search(file_name))


def is_scan_name(file_name: str) -> bool:
    """Whether a name is that of a file GlioLens reads: volumes, PNG, JPEG, TIFF or ``.npy``."""
    return bool(_EXTENSION.search(file_name))


def case_name(file_names: Iterable[str], *, fallback: str = "case") -> str:
    """Call a case what its files have in common, such as ``Brats18_TCIA01_378_1``.

    Args:
        file_names: Names without folders.
        fallback: Taken where the files have nothing in common, usually the folder's name.
    """
    stems = [name_without_kind(composed(name)) for name in file_names]
    return _trim(common_words(stems)) or _trim(fallback) or "case"


def _is_of_a_name(heard: NameTerms) -> bool:
    """Whether a word that would leave an image out is of a name: other words lie between.

    ``pilot_007_t1`` is a patient of a pilot study, ``pilot t1`` a localiser.
    """
    if heard.left_out not in MAY_BE_A_NAME:
        return False
    said_so = places(heard.words, "left_out", heard.left_out)
    images = {at for kind in lists()["modality"] for at in places(heard.words, "modality", kind)}
    technique = places(heard.words, "understood", "sequence") | places(
        heard.words, "understood", "plane"
    )
    return bool(images) and not any(
        set(range(min(one, other) + 1, max(one, other))) <= technique | said_so
        for one in said_so
        for other in images
    )


def _truth_if_sure(words: tuple[str, ...]) -> str | None:
    """``t1c_seg`` was drawn on a T1c; ``seg_t1c`` may be a T1c that was made from one."""
    drawn = places(words, "truth", "words")
    images = {at for kind in lists()["modality"] for at in places(words, "modality", kind)}
    if images and max(images) > max(drawn):
        return None
    if places(words, "truth", "drawn_by_a_program"):
        return None
    elsewhere = places(words, "truth", "place") and not places(words, "truth", "tumour")
    return None if elsewhere else TRUTH


def _with_contrast(heard: NameTerms) -> str | None:
    """T1 or T1c; None where the name speaks of contrast and it is not clear what it says."""
    if heard.contrast == Contrast.DOUBTFUL:
        return None
    if heard.contrast != Contrast.AFTER:
        return "t1"
    # Before the T1, "post" may be after an operation: it needs another word that says contrast.
    first = min(at for at, word in enumerate(heard.words) if word in _EXPLICIT["t1"])
    others = (word for at, word in enumerate(heard.words) if word != "post" or at > first)
    return "t1c" if contrast_in(tuple(others))[0] == Contrast.AFTER else None


def name_without_kind(file_name: str) -> str:
    """What stands before the words that say what a file is; where nothing does, what follows."""
    stem = stem_of(file_name)
    chunks = list(_CHUNK.finditer(stem))
    kinds = [at for at, chunk in enumerate(chunks) if says_kind(chunk.group())]
    if recognise(file_name) is None or not kinds:
        return stem
    first = kinds[-1]
    while first and _is_of_the_image(chunks[first - 1]):
        first -= 1
    after = kinds[-1] + 1
    while after < len(chunks) and _is_of_the_image(chunks[after]):
        after += 1
    behind = stem[chunks[after].start() :] if after < len(chunks) else ""
    return _trim(stem[: chunks[first].start()]) or _trim(behind)


def says_kind(chunk: str) -> bool:
    """Whether a part of a name says which modality a file holds, or that it is a truth."""
    heard = name_terms(chunk)
    return bool(heard.modalities or places(heard.words, "truth", "words")) or chunk.lower() == "fl"


def is_understood(chunk: str) -> bool:
    """Whether a part of a name says how an image was made, and not whose it is."""
    return chunk.isalpha() and all(map(is_known, words_of(chunk)))


def _is_of_the_image(chunk: re.Match[str]) -> bool:
    """As :func:`is_understood`, where no picture sign stands next to it: 😀a is a name."""
    stem, (start, end) = chunk.string, chunk.span()
    beside = stem[max(start - 1, 0) : start] + stem[end : end + 1]
    return is_understood(chunk.group()) and not any(map(_is_picture_sign, beside))


def common_words(stems: list[str]) -> str:
    """The longest common start that does not end inside a word."""
    alike = itertools.takewhile(lambda chars: len(set(chars)) == 1, zip(*stems, strict=False))
    common = "".join(chars[0] for chars in alike)
    if any(stem[len(common) :] and is_of_a_word(stem[len(common)]) for stem in stems):
        return re.sub(rf"{CHUNK}$", "", common)
    return common


def _trim(name: str) -> str:
    """Leave only what is safe as the name of a file or folder, every letter with its marks."""
    safe = "".join(char if _is_safe(char) else " " for char in composed(name))
    return name_that_fits(re.sub(" +", "_", safe)).strip("._- ")


def _is_safe(char: str) -> bool:
    """Letters, digits, marks and a few signs; pictures too, which some put into names."""
    return is_of_a_word(char) or char in "_.+-" or _is_picture_sign(char)


def _is_picture_sign(char: str) -> bool:
    return unicodedata.category(char) == "So"
