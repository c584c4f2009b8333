import pytest
from pydicom.dataset import Dataset

from inference.dicom.file_headers.values import (
    number,
    pair,
    sextuple,
    silence_pydicom,
    texts,
    triple,
)


def having(**elements) -> Dataset:
    silence_pydicom()
    dataset = Dataset()
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    return dataset


def test_as_many_numbers_as_asked_for():
    dataset = having(
        PixelSpacing=[0.5, 0.75],
        ImagePositionPatient=[1, 2, -3],
        ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
    )

    assert pair(dataset, "PixelSpacing") == (0.5, 0.75)
    assert triple(dataset, "ImagePositionPatient") == (1.0, 2.0, -3.0)
    assert sextuple(dataset, "ImageOrientationPatient") == (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@pytest.mark.parametrize("given", [[1, 2], [1, 2, 3, 4], 7, None, ["nan", 1, 2]])
def test_more_fewer_or_no_numbers_are_none(given):
    assert triple(having(ImagePositionPatient=given), "ImagePositionPatient") is None


def test_zeros_are_numbers():
    assert triple(having(ImagePositionPatient=[0, 0, 0]), "ImagePositionPatient") == (0, 0, 0)


def test_one_number_is_the_first_of_several():
    assert number(having(EchoTime=[20, 94]), "EchoTime") == 20
    assert number(having(), "EchoTime") is None


def test_texts_of_one_of_several_of_a_number_and_of_nothing():
    dataset = having(ImageType=["ORIGINAL", " PRIMARY"], PatientID="a\tb", SeriesNumber=4)

    assert texts(dataset, "ImageType") == ("ORIGINAL", "PRIMARY")
    assert texts(dataset, "PatientID") == ("a b",)
    assert texts(dataset, "SeriesNumber") == ("4",)
    assert texts(dataset, "SeriesDescription") == ()
