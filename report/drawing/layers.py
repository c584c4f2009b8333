"""The findings of a case as columns of a picture."""

from collections.abc import Sequence

from report.drawing.pictures import Layer
from report.record import Finding


def layers(findings: Sequence[Finding]) -> list[Layer]:
    """One column a finding, in their order."""
    return [Layer(each.title, each.colour, each.labels) for each in findings]
