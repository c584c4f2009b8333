"""One case, opened: as the networks see it, and as it came where the two differ."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.case import Case
from inference.geometry.native_grid import NativeGrid
from inference.io.case_reader import (
    read_brain_mask,
    read_case,
    read_images,
    read_truth_of,
)
from inference.io.cases.case_files import CaseFiles
from inference.io.image_warnings import notes_on_spacing, skull_note
from inference.io.names.wording import shown
from inference.io.one_grid import DifferentGridsError
from inference.io.scan_images import ScanImage, channel_of
from inference.io.truths.truth import Truth
from inference.io.volumes.claims import MAX_VOXELS
from inference.network.segmentation import Segmentation
from inference.preparation.decision import has_skull, reason_to_prepare
from inference.preparation.modes import Prepare
from inference.preparation.native_answer import (
    case_of_file,
    native_brain,
    native_case,
    native_frames,
    native_segmentation,
    segmentation_on,
)
from inference.preparation.poses import reference_of
from inference.preparation.prepare import (
    BrainFinder,
    GivenBrain,
    Preparation,
    prepare_examination,
)
from inference.study.examination import Examination

if TYPE_CHECKING:
    from inference.study.appearance import Doubt

_SAID_TOGETHER: Final = {"t1", "t1c", "flair"}
_ABOUT_1_MM: Final = (0.7, 1.5)
# As far as the alignment is wrong itself, in the mean.
_MOVED_MM, _TURNED_DEGREES = 0.5, 0.5


@dataclass(frozen=True, eq=False)
class OpenedCase:
    """A case, and how it was prepared if it was.

    Args:
        case: As the networks see it.
        preparation: What was done; None where it was left as it came.
        examination: As it came; None where ``case`` is that.
        doubts: Images that look like another modality than they were given as.
    """

    case: Case
    preparation: Preparation | None = None
    examination: Examination | None = None
    doubts: tuple["Doubt", ...] = ()

    @property
    def sequences(self) -> tuple[str, ...]:
        """The modalities whose grids the answer can be brought onto, if it has to be."""
        return tuple(self.preparation.sequences) if self.preparation else ()

    def as_it_came(self, onto: str | None = None) -> Case:
        """The case on the grid of one sequence, with its skull and its truth.

        Args:
            onto: A modality; the T1c, or what stands for it, unless another is named.

        Raises:
            InputError: where there is no such sequence.
        """
        if self.preparation is None or self.examination is None:
            return self.case
        images, truth = self.examination.images, self.examination.truth
        case = native_case(self.preparation, images, onto=self._onto(onto), truth=truth)
        return replace(case, notes=(*self.case.notes, *case.notes))

    def frames_of_file(self, onto: str | None = None) -> Case:
        """As :meth:`as_it_came` without voxels: its grid and its truth, which take no memory.

        A file that was read on larger voxels than it has gets its own here.

        Args:
            onto: As of :meth:`as_it_came`.

        Raises:
            InputError: where there is no such sequence.
        """
        if self.preparation is None or self.examination is None:
            return case_of_file(self.case)
        onto, truth = self._onto(onto), self.examination.truth
        case = native_frames(self.preparation, onto=onto, truth=truth, of_file=True)
        return replace(case, notes=(*self.case.notes, *case.notes))

    def segmentation_as_it_came(
        self,
        segmentation: Segmentation,
        onto: str | None = None,
        *,
        with_probabilities: bool = True,
    ) -> Segmentation:
        """What a model predicted, on the grid of one sequence.

        Args:
            segmentation: On the grid of ``case``.
            onto: As of :meth:`as_it_came`.
            with_probabilities: Whether they are brought back too, which takes most of the time.
        """
        if self.preparation is None:
            return segmentation
        return native_segmentation(
            segmentation,
            self.preparation,
            onto=self._onto(onto),
            with_probabilities=with_probabilities,
        )

    def segmentation_of_file(
        self, segmentation: Segmentation, onto: str | None = None
    ) -> Segmentation:
        """The label map of a model on the frames of :meth:`frames_of_file`, no probabilities.

        Args:
            segmentation: On the grid of ``case``.
            onto: As of :meth:`as_it_came`.
        """
        if self.preparation is None:
            grid = self.case.grid
            return segmentation_on(segmentation, of=grid, onto=grid.of_file)
        return native_segmentation(
            segmentation,
            self.preparation,
            onto=self._onto(onto),
            with_probabilities=False,
            of_file=True,
        )

    def brain_as_it_came(self, onto: str | None = None) -> np.ndarray | None:
        """The brain mask on the grid of one sequence; None where nothing was masked.

        Args:
            onto: As of :meth:`as_it_came`.
        """
        if self.preparation is None:
            return None
        return native_brain(self.preparation, onto=self._onto(onto))

    def without_images(self) -> "OpenedCase":
        """The same without the voxels that the scanner wrote: it can no longer be shown as it came.

        What the networks read, and all that brings their answer back, stays.
        """
        if self.examination is None:
            return self
        images = {
            name: replace(image, voxels=np.broadcast_to(np.float32(0), image.voxels.shape))
            for name, image in self.examination.images.items()
        }
        return replace(self, examination=replace(self.examination, images=images))

    def without_voxels(self) -> "OpenedCase":
        """The same without the voxels that the networks read; the sequences keep theirs."""
        if self.preparation is None:
            return replace(self, case=self.case.without_voxels())
        preparation = replace(self.preparation, case=self.preparation.case.without_voxels())
        return replace(self, case=self.case.without_voxels(), preparation=preparation)

    def _onto(self, onto: str | None) -> str:
        if onto is None:
            return reference_of(dict.fromkeys(self.sequences))
        if onto not in self.sequences:
            there = ", ".join(self.sequences)
            raise InputError(
                f"{self.case.name} has no {onto} to lay the answer on; it has {there} (--onto)."
            )
        return onto


@dataclass(frozen=True)
class PreparationOptions:
    """How a case is opened.

    Args:
        prepare: Whether it is aligned, masked and resampled first.
        brain_mask: A NIfTI file with a brain mask to be used instead of those found.
        find_brain: Makes what finds the brain in an image with its skull; called only if needed.
        max_voxels: Most voxels of one volume of a file.
        progress: Is called with the name of each step as it begins.
        keep: Where the images of a case are held while it is prepared; in memory unless given.
    """

    prepare: Prepare
    find_brain: Callable[[], BrainFinder]
    brain_mask: Path | None = None
    max_voxels: int = MAX_VOXELS
    progress: Callable[[str], None] | None = field(default=None, compare=False)
    keep: Callable[[Mapping[str, ScanImage]], Mapping[str, ScanImage]] = dict


def open_case(files: CaseFiles, options: PreparationOptions) -> OpenedCase:
    """Read a case of files, and prepare it if it needs that.

    Args:
        files: Its files.
        options: How.

    Raises:
        InputError: where a file is refused, or the case cannot be prepared and has to be.
    """
    try:
        case = read_case(files, max_voxels=options.max_voxels)
    except DifferentGridsError:
        if options.prepare == "never":
            raise
        return prepared(_kept(_read_examination(files, options.max_voxels), options), options)
    if options.prepare == "never" or not case.voxel_size_known:
        return OpenedCase(questioned(case))
    examination = _examination_of(case)
    reason = reason_to_prepare(list(examination.images.values()))
    if reason is None and options.prepare == "auto":
        return OpenedCase(questioned(case))
    del case  # the networks do not see it
    examination = _kept(examination, options)
    try:
        return prepared(examination, options)
    except InputError as error:
        if options.prepare == "always":
            raise
        case = read_case(files, max_voxels=options.max_voxels)
        note = f"{reason}, and it could not be prepared: {error} It was read as it is."
        return OpenedCase(replace(case, notes=(note, *case.notes)))


def _kept(examination: Examination, options: PreparationOptions) -> Examination:
    return replace(examination, images=options.keep(examination.images))


def prepared(examination: Examination, options: PreparationOptions) -> OpenedCase:
    """Prepare an examination.

    Raises:
        InputError: as of :func:`inference.preparation.prepare.prepare_examination`.
    """
    preparation = prepare_examination(
        list(examination.images.values()),
        name=examination.name,
        find_brain=_finder(options),
        given=_given(options.brain_mask, examination),
        progress=options.progress,
    )
    case = preparation.case
    doubts = _doubts(case, preparation.brain)
    notes = (*_notes(preparation), *map(_on_doubt, doubts), *examination.notes)
    return OpenedCase(replace(case, notes=notes), preparation, examination, doubts)


def _finder(options: PreparationOptions) -> BrainFinder:
    """What finds a brain: nothing has to be looked for where the skull is off already."""
    network: list[BrainFinder] = []

    def find(image: np.ndarray, grid: NativeGrid) -> np.ndarray:
        if not has_skull(ScanImage("", MODALITIES[0], image, grid)):
            return image != 0
        if not network:
            network.append(options.find_brain())
        return network[0](image, grid)

    return find


def _given(file: Path | None, examination: Examination) -> GivenBrain | None:
    if file is None:
        return None
    mask, grid = read_brain_mask(file)
    for modality, image in examination.images.items():
        if image.grid.differs_from(grid) is None:
            return GivenBrain(mask, modality)
    raise InputError(
        f"{shown(file)} lies on the grid of none of the images; give a brain mask drawn on one of "
        "them (--brain-mask)."
    )


def _read_examination(files: CaseFiles, max_voxels: int) -> Examination:
    found = read_images(files, max_voxels=max_voxels)
    images = {image.modality: image for image in found}
    truth = read_truth_of(files, found) if files.truth is not None else None
    notes = (*files.notes, *(note for image in found for note in image.notes))
    return Examination(files.name, images, truth, notes=notes)


def _examination_of(case: Case) -> Examination:
    """A case on one grid as sequences that share it."""
    images = {
        name: ScanImage(name, name, channel_of(case.volume, name), case.grid)
        for name in case.present
    }
    drawn = Truth(case.truth, case.truth_regions, stored=case.stored_truth)
    truth = None if case.truth is None else (drawn, case.grid)
    return Examination(case.name, images, truth, notes=_lasting_notes(case))


def _lasting_notes(case: Case) -> tuple[str, ...]:
    """The notes on a case that hold once it is prepared: neither on its skull nor its voxels."""
    settled = set(notes_on_spacing(case.spacing))
    return tuple(note for note in case.notes if note not in settled and not skull_note([note]))


def questioned(case: Case) -> Case:
    """A case that needs no preparation, with a note on images that look like another modality.

    Only where that can be relied on: with T1, T1c and FLAIR, as BraTS prepares them. Of 41 patients
    (some of those that the table was made of) none was questioned then, and all were with T1 and
    T1c exchanged; without FLAIR 5 of the 41 were questioned.
    """
    known = case.voxel_size_known and set(case.present) >= _SAID_TOGETHER
    least, most = _ABOUT_1_MM
    if not known or not least <= min(case.spacing) <= max(case.spacing) <= most:
        return case
    if skull_note(case.notes):
        return case
    doubts = _doubts(case, (case.volume != 0).any(axis=0))
    return replace(case, notes=(*map(_on_doubt, doubts), *case.notes)) if doubts else case


def _doubts(case: Case, brain: np.ndarray) -> "tuple[Doubt, ...]":
    """Images that look like another modality than they were given as."""
    from inference.study.appearance import check_appearance  # here: it brings its tables

    images = {name: channel_of(case.volume, name) for name in case.present}
    return check_appearance(images, brain)


def _on_doubt(doubt: "Doubt") -> str:
    return (
        f"{MODALITY_NAMES[doubt.given]} looks like {MODALITY_NAMES[doubt.looks]}: {doubt.reason} "
        "Check which file is which (--series decides for DICOM)."
    )


def _notes(preparation: Preparation) -> tuple[str, ...]:
    moved = [
        f"{MODALITY_NAMES[name]} {each.pose.shift_mm:.1f} mm, {each.pose.turn_degrees:.0f}°"
        for name, each in preparation.sequences.items()
        if each.pose.shift_mm >= _MOVED_MM or each.pose.turn_degrees >= _TURNED_DEGREES
    ]
    found = f"The brain was found ({preparation.brain_ml:.0f} ml) and laid upright at 1 mm"
    aligned = f"; the head had moved: {', '.join(moved)}" if moved else ""
    return (f"{found}{aligned}.", *preparation.warnings)
