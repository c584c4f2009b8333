"""The record that the command line reports from is the one that the app would make."""

from datetime import UTC, datetime

import numpy as np

from inference.network.segmentation import consensus
from inference.preparation.opened_case import OpenedCase
from report.opened_record import record_of_opened
from report.pdf import write_pdf
from tests.report.conftest import SHIFTS, segmentation_of

MADE = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def test_it_has_every_finding_with_its_figures(read_small_case, record, tmp_path):
    case = read_small_case
    box = record.images.box
    found = {
        name: segmentation_of(name, np.roll(case.truth, shift, (0, 1, 2)), box, case.shape)
        for name, shift in SHIFTS.items()
    }
    found["consensus"] = consensus(list(found.values()))
    made = record_of_opened(OpenedCase(case), found, onto="t1c", made=MADE, read_seconds=0.2)
    assert [each.name for each in made.findings] == [each.name for each in record.findings]
    for one, other in zip(made.findings, record.findings, strict=True):
        assert (one.title, one.colour, one.measures) == (other.title, other.colour, other.measures)
    assert made.differences == record.differences
    write_pdf(made, tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
