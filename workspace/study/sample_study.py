"""The synthetic sample as a scanner would have written it; ``make study`` generates it."""

from pathlib import Path
from typing import Final

from inference.study.sources import DicomFiles
from workspace.study.study import Study, current_study, lay_down

SAMPLE_STUDY: Final = Path(__file__).parents[2] / "assets" / "sample" / "synthetic_study"


def has_sample_study() -> bool:
    """Whether it was generated on this machine."""
    return SAMPLE_STUDY.is_dir()


def lay_down_sample_study() -> None:
    """Make it the study of this visitor, unless it is already or was not generated."""
    study, source = current_study(), DicomFiles((SAMPLE_STUDY,))
    if has_sample_study() and not (study and study.source == source):
        lay_down(Study(source, synthetic=True))
