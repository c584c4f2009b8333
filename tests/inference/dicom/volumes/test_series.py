"""Where volumes lie, what splits a series, and what is refused by name."""

import numpy as np
import pytest

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes.pixels import middle_slice, read_volume
from tests.inference.dicom.made import (
    PIXEL_SPACING,
    dataset,
    oblique,
    pixels,
    write,
    write_series,
)

_TO_RAS = np.diag([-1.0, -1.0, 1.0])


def _series(folder):
    (exam,) = find_exams([folder]).exams
    return exam.series


def test_order_and_place_come_from_positions_alone(tmp_path):
    def misleading(ds, index):
        ds.InstanceNumber = (index * 7) % 10
        ds.SliceLocation = -index
        ds.SliceThickness = 3
        ds.SpacingBetweenSlices = 99

    write_series(tmp_path, edit=misleading)
    (series,) = _series(tmp_path)
    row, column, normal = oblique()
    axes = np.column_stack([row * PIXEL_SPACING[1], column * PIXEL_SPACING[0], normal * 5.5])
    assert np.allclose(series.grid.affine[:3, :3], _TO_RAS @ axes, atol=1e-6)
    assert np.allclose(series.grid.affine[:3, 3], [60, 50, 20])
    volume = read_volume(series)
    assert np.array_equal(volume, np.stack([pixels(i).T for i in range(10)], axis=2))
    assert series.sop_instance_uids == tuple(dataset(i).SOPInstanceUID for i in range(10))
    assert series.refusal is None
    assert series.warnings == ()
    assert series.grid.header.get_sform(coded=True)[1] == 1
    assert series.grid.header.get_qform(coded=True)[1] == 1


def test_a_localiser_of_three_planes_is_three_refused_series(tmp_path):
    planes = ([1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1], [1, 0, 0, 0, 0, -1])
    write_series(
        tmp_path,
        slices=range(9),
        edit=lambda ds, i: setattr(ds, "ImageOrientationPatient", planes[i % 3]),
    )
    series = _series(tmp_path)
    assert [len(s.slices) for s in series] == [3, 3, 3]
    assert all("has only 3 slices in one plane" in s.refusal for s in series)
    assert middle_slice(series[0]).shape == (8, 6)
    with pytest.raises(InputError, match="only 3 slices"):
        read_volume(series[0])


@pytest.mark.parametrize(
    "values",
    [
        {"EchoTime": (20.0, 90.0)},
        {"DiffusionBValue": (0.0, 1000.0)},
        {"ImageType": (["ORIGINAL", "PRIMARY", "M"], ["ORIGINAL", "PRIMARY", "P"])},
        {"ImageType": (["DERIVED", "PRIMARY", "WATER"], ["DERIVED", "PRIMARY", "FAT"])},
        {"TemporalPositionIdentifier": (1, 2)},
        {"AcquisitionNumber": (1, 2)},
    ],
)
def test_what_differs_splits_a_series(tmp_path, values):
    ((keyword, pair),) = values.items()
    for turn, value in enumerate(pair):

        def edit(ds, index, turn=turn, value=value, keyword=keyword):
            setattr(ds, keyword, value)
            ds.SOPInstanceUID = f"1.2.3.{turn}.{index}"
            ds.PixelData = (pixels(index) + turn).tobytes()

        write_series(tmp_path, edit=edit, prefix=f"{turn}_")
    series = _series(tmp_path)
    assert [s.grid.shape for s in series] == [(6, 8, 10)] * 2
    assert read_volume(series[1]).min() == read_volume(series[0]).min() + 1
    if keyword == "EchoTime":
        assert [s.facts.echo_time_ms for s in series] == [20, 90]
    if keyword == "DiffusionBValue":
        assert [s.facts.b_value for s in series] == [0, 1000]


def test_copies_are_dropped_and_said(tmp_path):
    write_series(tmp_path / "a")
    write_series(tmp_path / "b", slices=[2, 3])  # the same files again
    write_series(  # exported twice under new names
        tmp_path / "c", slices=[4], edit=lambda ds, _: setattr(ds, "SOPInstanceUID", "1.2.3")
    )
    (series,) = _series(tmp_path)
    assert len(series.slices) == 10
    assert series.warnings == ("FLAIR: 3 slices were given twice; one of each is kept.",)


def test_one_place_with_other_pixels_is_two_volumes(tmp_path):
    write_series(tmp_path / "a")

    def edit(ds, index):
        ds.SOPInstanceUID, ds.InstanceNumber = f"1.2.3.{index}", index + 11
        ds.PixelData = (pixels(index) + 1).tobytes()

    write_series(tmp_path / "b", edit=edit)
    first, second = _series(tmp_path)
    assert np.array_equal(read_volume(second), read_volume(first) + 1)


def test_a_single_missing_slice_is_named_and_filled(tmp_path):
    write_series(tmp_path, slices=[i for i in range(26) if i != 16])
    (series,) = _series(tmp_path)
    start = -60 * oblique()[2][0] - 50 * oblique()[2][1] + 20 * oblique()[2][2]
    ends = f"{start + 15 * 5.5:.1f} and {start + 17 * 5.5:.1f}"
    assert series.refusal is None
    assert series.warnings == (
        f"FLAIR: slice 17 of 26 is missing, between {ends} mm; it is filled with the mean of its "
        "neighbours.",
    )
    volume = read_volume(series)
    assert volume.shape == (6, 8, 26)
    assert np.array_equal(volume[..., 16], (volume[..., 15] + volume[..., 17]) / 2)
    assert series.sop_instance_uids[16] == ""


def test_several_missing_slices_are_refused(tmp_path):
    write_series(tmp_path, slices=[i for i in range(26) if i not in (7, 16)])
    (series,) = _series(tmp_path)
    assert "slice 8 of 26 is missing" in series.refusal
    assert "and 1 more" in series.refusal


def test_uneven_and_tilted_stacks_and_mosaics_are_refused(tmp_path):
    def moved(by):
        def edit(ds, index):
            ds.ImagePositionPatient = list(np.array(ds.ImagePositionPatient, float) + by(index))

        return edit

    row, _, normal = oblique()
    write_series(tmp_path / "1", series="uneven", edit=moved(lambda i: normal * i * i * 0.7))
    write_series(tmp_path / "2", series="tilted", edit=moved(lambda i: row * i * 0.5))
    write_series(
        tmp_path / "3",
        series="fmri",
        edit=lambda ds, _: setattr(ds, "ImageType", ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]),
    )
    refusals = {s.name: s.refusal for s in _series(tmp_path)}
    assert "uneven distances" in refusals["uneven"]
    assert "tilted stack" in refusals["tilted"]
    assert "is a mosaic" in refusals["fmri"]


def test_rounded_positions_make_no_holes(tmp_path):
    rng = np.random.default_rng(0)

    def edit(ds, _):
        ds.ImagePositionPatient = [
            round(float(v) + rng.uniform(-0.02, 0.02), 3) for v in ds.ImagePositionPatient
        ]

    write_series(tmp_path, slices=range(20), edit=edit)
    (series,) = _series(tmp_path)
    assert series.refusal is None
    assert series.grid.shape[2] == 20


def test_a_place_far_away_asks_for_no_memory(tmp_path):
    write_series(tmp_path, edit=lambda ds, i: setattr(ds, "ImagePositionPatient", [0, 0, 1e9 * i]))
    near, far = _series(tmp_path)
    assert "has only 1 slice" in near.refusal
    assert "does not state where" in far.refusal


def test_colours_and_htj2k_are_refused_by_name(tmp_path):
    def colour(ds, _):
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 3, "RGB"
        ds.PixelData *= 3

    write_series(tmp_path / "1", series="colour", edit=colour)
    (series,) = _series(tmp_path / "1")
    assert "is a picture in colour" in series.refusal
    with pytest.raises(InputError):
        middle_slice(series)
    paths = write_series(tmp_path / "2")
    for path in paths:  # the UID is as long as that of explicit little endian with a padding
        raw = path.read_bytes()
        old, new = b"UI\x14\x001.2.840.10008.1.2.1\0", b"UI\x18\x001.2.840.10008.1.2.4.201\0"
        assert old in raw
        at = raw.index(b"\x02\0\0\0UL\x04\0") + 8
        length = int.from_bytes(raw[at : at + 4], "little") + len(new) - len(old)
        raw = raw[:at] + length.to_bytes(4, "little") + raw[at + 4 :]
        path.write_bytes(raw.replace(old, new))
    (series,) = _series(tmp_path / "2")
    assert "HTJ2K" in series.refusal


def test_few_slices_are_said(tmp_path):
    write_series(tmp_path, slices=range(5))
    (series,) = _series(tmp_path)
    assert series.warnings == ("FLAIR: has only 5 slices, which cover 28 mm.",)


def test_nothing_that_names_a_person_is_kept(tmp_path):
    write(dataset(0), tmp_path / "x")
    text = repr(find_exams([tmp_path]))
    assert "Doe" not in text
    assert "'P1'" not in text
