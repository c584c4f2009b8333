import pytest

from common.errors import InputError
from inference.dicom.file_headers.facts import SeriesFacts
from inference.study.series.option import parse_series_option

SERIES = (
    SeriesFacts(number=3, description="AX T1"),
    SeriesFacts(number=12, description="AX T1"),
    SeriesFacts(number=13, description="Ax T2 FLAIR"),
)


@pytest.mark.parametrize("option", ["t1c=12", "T1c = 12", "t1ce=12"])
def test_by_number(option: str):
    assert parse_series_option([option], SERIES) == {"t1c": 1}


def test_by_description_of_any_case():
    assert parse_series_option(["flair=ax t2 flair"], SERIES) == {"flair": 2}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["t1c"], "write it like"),
        (["pd=3"], "t1, t1c, t2, flair"),
        (["t1c=99"], r"there are 3 \(AX T1\), 12 \(AX T1\), 13 \(Ax T2 FLAIR\)"),
        (["t1c=AX T1"], "fits 2 series"),
        (["t1=3", "t1=12"], "T1 twice"),
        (["t1=3", "t1c=3"], "two modalities"),
    ],
)
def test_what_cannot_be_followed_is_said(options: list[str], says: str):
    with pytest.raises(InputError, match=says):
        parse_series_option(options, SERIES)
