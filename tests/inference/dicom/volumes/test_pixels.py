"""Pixels of every encoding: scaled once, with their sign, the right way up."""

import numpy as np
import pytest
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes import decoding
from inference.dicom.volumes.pixels import grid_read_on, middle_slice, read_volume
from inference.geometry.averaging import averaged
from tests.inference.dicom.codestreams import in_layers, jpeg, jpeg_2000, of_components
from tests.inference.dicom.made import (
    SHAPE,
    dataset,
    enhanced,
    pixels,
    write,
    write_compressed,
    write_series,
)

SYNTAXES = {jpeg_2000: JPEG2000Lossless, jpeg: JPEGBaseline8Bit}
_RAW = jpeg_2000(np.zeros(SHAPE, np.uint8))
_EXPECTED = np.stack([pixels(i).T for i in range(10)], axis=2).astype(np.float32)


def _one(folder):
    (exam,) = find_exams([folder]).exams
    (series,) = exam.series
    return series


@pytest.mark.parametrize(
    "syntax",
    [
        ImplicitVRLittleEndian,
        ExplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
    ],
)
def test_uncompressed_and_deflated(tmp_path, syntax):
    write_series(tmp_path, syntax=syntax)
    assert np.array_equal(read_volume(_one(tmp_path)), _EXPECTED)


def test_run_lengths(tmp_path):
    for index in range(10):
        ds = dataset(index)
        write(ds, tmp_path / f"{index}")
        ds.compress(RLELossless)
        ds.save_as(tmp_path / f"{index}")
    assert np.array_equal(read_volume(_one(tmp_path)), _EXPECTED)


def test_each_slice_has_its_own_slope_and_white_may_be_0(tmp_path):
    def edit(ds, index):
        ds.RescaleSlope, ds.RescaleIntercept = index + 1, -5
        ds.PhotometricInterpretation = "MONOCHROME1"
        ds.BitsStored, ds.HighBit = 12, 11

    write_series(tmp_path, edit=edit)
    inverted = 4095 - _EXPECTED
    assert np.array_equal(
        read_volume(_one(tmp_path)), inverted * np.arange(1, 11, dtype=np.float32) - 5
    )


def test_signed_pixels_of_12_bits_with_an_overlay_above(tmp_path):
    def edit(ds, index):
        ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 12, 11, 1
        stored = (pixels(index).astype(np.int32) - 500) & 0x0FFF
        ds.PixelData = (stored | 0x4000).astype(np.uint16).tobytes()

    write_series(tmp_path, edit=edit)
    assert np.array_equal(read_volume(_one(tmp_path)), _EXPECTED - 500)


def test_an_enhanced_file_is_scaled_frame_by_frame(tmp_path):
    write(enhanced(), tmp_path / "x")
    series = _one(tmp_path)
    scale = np.arange(1, 11, dtype=np.float32)
    assert np.array_equal(read_volume(series), _EXPECTED * scale - (scale - 1))
    assert series.facts.acquisition_contrast == "FLUID_ATTENUATED"
    assert series.facts.echo_time_ms == 94
    assert np.array_equal(middle_slice(series), read_volume(series)[..., 5].T)
    write_series(tmp_path / "classic", series="classic")
    assert np.allclose(series.grid.affine, _one(tmp_path / "classic").grid.affine)


def test_echoes_of_an_enhanced_file_are_two_volumes(tmp_path):
    write(enhanced(echoes=(20.0, 90.0)), tmp_path / "x")
    (exam,) = find_exams([tmp_path]).exams
    assert [s.facts.echo_time_ms for s in exam.series] == [20, 90]
    assert all(len(s.slices) == 10 for s in exam.series)


@pytest.mark.parametrize(("write_frame", "off"), [(jpeg_2000, 0), (jpeg, 2)])
def test_a_compressed_slice_is_read(tmp_path, write_frame, off):
    for index in range(10):
        frame = write_frame((pixels(index) % 256).astype(np.uint8))
        write_compressed(dataset(index), frame, tmp_path / f"{index}", SYNTAXES[write_frame])
    assert np.abs(read_volume(_one(tmp_path)) - _EXPECTED % 256).max() <= off


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (of_components(_RAW, 3), "is damaged"),
        (in_layers(_RAW, 65_535), "as no program builds a slice"),
        (jpeg_2000(np.zeros((9, 6), np.uint8)), "a compressed picture of 6×9 pixels where its"),
    ],
)
def test_a_picture_that_claims_more_is_refused_before_it_is_decoded(
    tmp_path, monkeypatch, frame, words
):
    monkeypatch.setattr(decoding, "_by_itk", lambda *_: pytest.fail("it was decoded"))
    for index in range(10):
        write_compressed(dataset(index), frame, tmp_path / f"{index}", SYNTAXES[jpeg_2000])
    series = _one(tmp_path)
    for read in (read_volume, middle_slice):
        with pytest.raises(InputError, match=words):
            read(series)


def test_a_file_cut_off_between_header_and_pixels(tmp_path):
    paths = write_series(tmp_path)
    series = _one(tmp_path)
    paths[3].write_bytes(paths[3].read_bytes()[:-40])
    with pytest.raises(InputError, match="IM0003 is cut off"):
        read_volume(series)


def test_reading_can_be_stopped(tmp_path):
    write_series(tmp_path)
    with pytest.raises(InterruptedError):
        read_volume(_one(tmp_path), cancelled=lambda: True)


def test_a_large_series_is_read_on_larger_voxels(tmp_path):
    write_series(tmp_path)
    series = _one(tmp_path)
    grid = grid_read_on(series, most_voxels=100)
    assert grid.of_file is series.grid
    assert np.prod(grid.shape) <= 100 < np.prod(series.grid.shape)
    expected = np.stack(
        [*averaged(np.moveaxis(_EXPECTED, 2, 0), _EXPECTED.shape, grid.shape)], axis=-1
    )
    np.testing.assert_array_equal(read_volume(series, onto=grid), expected)
    assert grid_read_on(series).stored is None


def test_a_missing_slice_is_made_up_before_the_mean(tmp_path):
    write_series(tmp_path, slices=[i for i in range(10) if i != 4])
    series = _one(tmp_path)
    whole = read_volume(series)
    assert np.array_equal(whole[..., 4], (whole[..., 3] + whole[..., 5]) / 2)
    grid = grid_read_on(series, most_voxels=100)
    expected = np.stack([*averaged(np.moveaxis(whole, 2, 0), whole.shape, grid.shape)], axis=-1)
    np.testing.assert_array_equal(read_volume(series, onto=grid), expected)
