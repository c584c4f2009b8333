"""Several volumes of one series in the table."""

import pytest

from inference.study.dicom_examination import read_dicom_examination
from inference.study.examination import SeriesRow
from inference.study.series.volumes import folded
from tests.inference.dicom.made import uid, write_series


def test_rows_of_one_series_are_one_and_the_others_stay():
    table = (
        SeriesRow(1, "FLAIR", "flair", "FLAIR by its name", volumes=(0,)),
        SeriesRow(2, "dwi", None, "diffusion: left out", volumes=(1,)),
        SeriesRow(2, "dwi", None, "diffusion: left out", volumes=(2,)),
        SeriesRow(3, "dwi", None, "diffusion: left out", volumes=(3,)),
        SeriesRow(4, "?", None, "unclear", unclear=True, volumes=(4,)),
        SeriesRow(4, "?", None, "unclear", unclear=True, volumes=(5,)),
    )
    rows = folded(table, ["a", "b", "b", "c", "d", "d"])
    assert [row.number for row in rows] == [1, 2, 3, 4, 4]
    assert rows[1].reason == "diffusion: left out (2 volumes)"
    assert rows[1].volumes == (1, 2)


def test_refusals_that_differ_in_their_numbers_are_one_row():
    table = tuple(
        SeriesRow(1, "loc", None, f"loc: has only {n} slices in one plane.", volumes=(at,))
        for at, n in enumerate((3, 2, 3))
    )
    [row] = folded(table, ["a"] * 3)
    assert row.reason == "loc: has only 3 slices in one plane (3 volumes)."


@pytest.fixture
def study(tmp_path):
    """A FLAIR, and a diffusion of four directions whose name does not say so."""
    write_series(tmp_path / "flair")

    def diffusion(b_value, x):
        def edit(ds, index):
            ds.EchoTime, ds.RepetitionTime, ds.InversionTime = 90.0, 5000.0, None
            ds.DiffusionBValue = b_value
            ds.DiffusionGradientOrientation = [x, 0, 0]
            ds.SOPInstanceUID = uid("diffusion", index, b_value, x)

        return edit

    for b_value, x in ((0, 0), (1000, 1), (1000, 2), (2000, 1)):
        write_series(
            tmp_path / "d",
            series="Ax",
            number=6,
            prefix=f"{b_value}-{x}-",
            edit=diffusion(b_value, x),
        )
    return tmp_path


def test_all_b_values_are_one_row_and_none_is_the_t2(study):
    exam = read_dicom_examination([study])
    assert set(exam.images) == {"flair"}
    [flair, diffusion] = exam.series
    assert flair.modality == "flair"
    assert (diffusion.number, diffusion.reason) == (6, "diffusion: left out (4 volumes)")
