"""What a visitor has laid ready to be opened: every image, and what it is to be read as.

It stays in the visitor's session until it is cleared, so that leaving the page loses nothing. On
disk the files stand only while they are being read.
"""

import contextlib
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

import streamlit as st

from common.errors import without_options
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.cases.case_files import CaseFiles
from inference.io.cases.case_of_slices import name_of_slices
from inference.io.image_warnings import notes_on_grid, warnings_on
from inference.io.inspection import FoundImage, grids_that_differ
from inference.io.names.file_names import TRUTH, case_name
from inference.io.names.wording import listed, shown_name
from inference.io.slices.numbered_slices import Source, check_same_slices
from inference.io.truths.label_conventions import (
    convention_by_name,
    detect_convention,
    fitting_conventions,
)
from inference.io.truths.truth import DoubtfulTruthError, question_on
from inference.io.truths.truth_place import grid_drawn_on
from workspace.desk.arrival.dropped import Dropped, DroppedSlices, Failed, bare_name, write_file
from workspace.held_cases import WayBack
from workspace.session.uploads_on_disk import KeptUpload

T = TypeVar("T")

NOT_USED: Final = "not used"
ROLES: Final = {**MODALITY_NAMES, TRUTH: "Truth", NOT_USED: "Not used"}
_STATE: Final = "desk"
_NAMELESS: Final = "Uploaded case"


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(eq=False)
class Row:
    """One image on the desk.

    Args:
        file: The file it is in, or the pictures of its slices.
        image: What was found there.
        role: A key of ``ROLES``; None until the visitor says what it is.
        said: Whether the role is the visitor's word, and not what the name says.
        convention: What the numbers of a truth mean by the visitor's word, a key of
            ``CONVENTIONS``; None where it is to be found out.
        packed: Whether it came in a zip, where files and folders together say what it is.
        once_slice_of: The slices it was taken for one of, until the visitor said otherwise.
    """

    file: Dropped | DroppedSlices
    image: FoundImage
    role: str | None
    said: bool = False
    convention: str | None = None
    packed: bool = False
    once_slice_of: DroppedSlices | None = None

    @property
    def used(self) -> bool:
        """Whether it becomes part of the case."""
        return self.role not in (None, NOT_USED)

    @property
    def title(self) -> str:
        """What to call it on screen."""
        return f"{self.image.file_name} ({self.image.part})" if self.image.part else self.name

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.image.file_name


@dataclass
class Desk:
    """What lies ready to be opened.

    Args:
        rows: The images, in the order they came.
        arrived: The names of the files of the last drop.
        missing: The names of files that were chosen and did not arrive.
        failed: The dropped files that could not be read.
        refused: A sentence for each file of the last drop that cannot be used.
        unread: A sentence for each zip of the last drop that holds files which are not read.
        since: The first round of which dropped files are missed where they did not arrive.
        rounds: How often files were dropped; the drop zone is a new one each time.
        agreed_to: The differences in grid that the visitor agreed to have resampled.
        aligned: Whether the visitor wants the images aligned too.
        as_they_are: Whether the visitor wants them read without being prepared.
        brain_mask: A brain mask to be used instead of those found.
        doubt: What the images left open of the truth when the files were read.
        doubted: What was used when they were.
        of_one_patient: The names of files that are one patient's by the visitor's word.
        order: What the images are whose files have a number for a modality, as nnU-Net names them,
            by the description of their data set or the visitor's word.
        looking: Held while dropped files are looked at. A press of a button meanwhile runs the page
            anew at once, and it must not open half of them.
    """

    rows: list[Row] = field(default_factory=list)
    arrived: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: list[Failed] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    rounds: int = 0
    since: int = 0
    agreed_to: list[tuple[str, str]] = field(default_factory=list)
    aligned: bool = False
    as_they_are: bool = False
    brain_mask: KeptUpload | None = None
    doubt: DoubtfulTruthError | None = None
    doubted: tuple[tuple[str, str], ...] = ()
    of_one_patient: frozenset[str] = frozenset()
    order: tuple[str | None, ...] | None = None
    looking: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def wait_until_looked(self) -> None:
        """Return when the files that were dropped last lie here."""
        with self.looking:
            pass

    def emptied(self) -> "Desk":
        """An empty one in its place, whose drop zone starts anew.

        What was dropped since the press, into the zone that goes, is missed and named.
        """
        return Desk(rounds=self.rounds + 1, since=self.rounds)

    @property
    def used(self) -> list[Row]:
        """The images that become the case."""
        return [row for row in self.rows if row.used]

    @property
    def truth(self) -> Row | None:
        """The image that is read as truth."""
        return next((row for row in self.rows if row.role == TRUTH), None)


def desk() -> Desk:
    """This visitor's desk."""
    return st.session_state.setdefault(_STATE, Desk())


def way_back_to(on: Desk, page: str) -> WayBack:
    """How the case of what is used on this visitor's desk is opened again, while it lies there.

    Args:
        on: The desk.
        page: Where it lies.
    """
    used = [weakref.ref(row) for row in on.used]
    return WayBack(page, lambda: [row() for row in used] == desk().used)


def clear_desk() -> None:
    """Put everything away; the drop zone starts anew."""
    empty = desk().emptied()
    del st.session_state[_STATE]  # else Streamlit keeps the full one until the next run
    st.session_state[_STATE] = empty


def problem(on: Desk) -> str | None:
    """What keeps the desk from being one case, in a sentence; None when nothing does."""
    roles = [row.role for row in on.used]
    twice = next((role for role in roles if roles.count(role) > 1), None)
    unsaid = next((row for row in on.rows if row.role is None), None)
    several = {id(row.file) for row in on.used if row.image.part}
    truth = on.truth
    if on.missing:
        return f"{shown_name(on.missing[0])} did not arrive: try again, or leave it out."
    if on.failed:
        name = shown_name(on.failed[0].file.name)
        return f"{name} could not be read: try again, drop it anew, or leave it out."
    if unsaid:
        return f"Choose what {unsaid.title} is, or set it to “Not used”."
    if twice:
        names = [row.title for row in on.used if row.role == twice]
        both, all_but_one = ("both", "one") if len(names) == 2 else ("all", "all but one")
        return (
            f"{listed(names)} are {both} set to {ROLES[twice]}; set {all_but_one} of them to "
            "something else."
        )
    if len(several) > 1:
        return "Several files hold more than one image each; use the images of one of them."
    if not set(roles) & set(MODALITIES):
        return "Choose the modality of at least one image: T1, T1c, T2 or FLAIR."
    if truth and truth.image.part:
        return (
            f"{truth.title} cannot be the truth: a truth is a file of its own, with a number for "
            "each part of the tumour."
        )
    if truth and not truth.image.label_values:
        return truth.image.no_labels
    question = question_of(on)
    return without_options(str(question)) if question else None


def question_of(on: Desk) -> DoubtfulTruthError | None:
    """What the visitor has to say of the numbers of the truth, before anything can be opened."""
    truth = on.truth
    if truth is None or truth.convention:
        return None
    by_numbers = question_on(truth.image.label_values, source=truth.name)
    return by_numbers or (on.doubt if on.doubted == _what_is_used(on) else None)


def ask(on: Desk, doubt: DoubtfulTruthError) -> None:
    """Ask the visitor what the images left open, until other files are used."""
    on.doubt, on.doubted = doubt, _what_is_used(on)


def _what_is_used(on: Desk) -> tuple[tuple[str, str], ...]:
    return tuple((row.title, row.role) for row in on.used)


def reference(on: Desk) -> Row:
    """The image whose grid the case will lie on."""
    by_role = {row.role: row for row in on.used}
    return by_role.get(TRUTH) or by_role.get("t1c") or by_role[_first_modality(by_role)]


def grid_differences(on: Desk) -> list[tuple[str, str]]:
    """The files that would have to be resampled, each with how its grid differs.

    Raises:
        InputError: where no resampling could make the files fit, or slices of one are missing.
    """
    files = {id(row.file): row.file for row in on.used}.values()
    check_same_slices([file.series for file in files if isinstance(file, DroppedSlices)])
    images = _images_in_place(on)
    lies_on = images[on.used.index(reference(on))]
    return grids_that_differ(images, lies_on)


def _images_in_place(on: Desk) -> list[FoundImage]:
    """The images that are used; a truth whose header does not hold lies on the image it fits."""
    images = [row.image for row in on.used]
    truth = on.truth
    if truth is None or not truth.image.size_known:
        return images
    likeliest = sorted(on.used, key=lambda row: row.role != "t1c")
    grids = [row.image.grid for row in likeliest if row is not truth]
    grid = grid_drawn_on(truth.image.grid, grids)
    if grid is None:
        return images
    return [replace(each, grid=grid) if each is truth.image else each for each in images]


def can_be_aligned(on: Desk) -> bool:
    """Whether there are several images, and voxels of a known size to move them by."""
    images = [row.image for row in on.used if row.role != TRUTH]
    return len(images) > 1 and all(image.size_known for image in images)


def warnings(on: Desk) -> list[str]:
    """What the visitor should know of the images before they are opened."""
    images = [row for row in on.used if row.role != TRUTH]
    if not images:
        return []
    found = {ROLES[row.role]: row.image.concerns for row in images}
    lies_on = reference(on).image
    return [
        *dict.fromkeys(note for row in images for note in row.image.notes),
        *warnings_on(found),
        *notes_on_grid(lies_on.grid, size_known=lies_on.size_known),
    ]


def while_there(here: T, act: Callable[[T], object]) -> Callable[[], None]:
    """For a widget: does something with a desk, or a row of one, if it is still there.

    Streamlit keeps what a widget calls until the session is gone, and would keep the files on it.
    """
    kept = weakref.ref(here)

    def call() -> None:
        found = kept()
        if found is not None:
            act(found)

    return call


def set_role(row: Row, role: str | None) -> None:
    """Take the visitor's word for what an image is."""
    row.role, row.said = role, True
    row.convention = None


def conventions_of(row: Row) -> list[str]:
    """The conventions that could explain the numbers of a truth."""
    return fitting_conventions(row.image.label_values)


def expected_convention(row: Row) -> str | None:
    """What a truth's name, or else its numbers, say of their meaning; the images may differ."""
    values = row.image.label_values
    return convention_by_name([row.name], values) or detect_convention(values)


@contextlib.contextmanager
def case_files(on: Desk) -> Iterator[CaseFiles]:
    """Put the used files on disk, as one case, for as long as they are being read."""
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        files = {id(row.file): row.file for row in on.used}
        places = {
            key: write_file(file, Path(folder) / str(number))
            for number, (key, file) in enumerate(files.items())
        }
        yield _assembled(on, places)


def _assembled(on: Desk, places: dict[int, Source]) -> CaseFiles:
    singles = {row.role: places[id(row.file)] for row in on.used if not row.image.part}
    truth = singles.pop(TRUTH, None)
    in_stack = next((row for row in on.used if row.image.part), None)
    return CaseFiles(
        _name(on),
        modalities={role: singles[role] for role in MODALITIES if role in singles},
        truth=truth,
        stacked=places[id(in_stack.file)] if in_stack else None,
        channels=_channels(on, in_stack) if in_stack else None,
        truth_convention=on.truth.convention if on.truth else None,
        asks=True,
    )


def _name(on: Desk) -> str:
    files = {id(row.file): row.file for row in on.used if row.role != TRUTH}.values()
    slices = [file.series for file in files if isinstance(file, DroppedSlices)]
    if slices:
        return name_of_slices(slices, fallback=_NAMELESS)
    return case_name([bare_name(file.name) for file in files], fallback=_NAMELESS)


def _channels(on: Desk, one: Row) -> tuple[str | None, ...]:
    rows = sorted((r for r in on.rows if r.file is one.file), key=lambda row: row.image.volume)
    return tuple(row.role if row.used else None for row in rows)


def _first_modality(by_role: dict[str, Row]) -> str:
    return next(name for name in MODALITIES if name in by_role)
