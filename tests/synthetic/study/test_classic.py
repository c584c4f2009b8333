import numpy as np
import pytest
from pydicom.uid import MRImageStorage

from synthetic.study.protocol import ANATOMY
from tests.synthetic.study.conftest import datasets

MARK = "made up by GlioLens, no patient"


@pytest.mark.parametrize("sequence", ANATOMY, ids=lambda sequence: sequence.key)
def test_a_series_says_what_it_is_and_that_it_is_made_up(plain, sequence):
    for data in datasets(plain, sequence.number):
        assert data.SOPClassUID == MRImageStorage
        assert (data.StudyDescription, data.ImageComments) == (MARK, MARK)
        assert str(data.PatientName) == "Synthetic^Head"
        assert (data.RepetitionTime, data.EchoTime) == sequence.times[:2]
        assert float(data.get("InversionTime", 0)) == sequence.times[2]
        assert ("ContrastBolusAgent" in data) == (sequence.key == "t1c")


def test_one_scanner_has_one_frame_of_reference_and_time_goes_on(plain):
    firsts = [datasets(plain, number)[0] for number in (1, 2, 3, 4, 5, 7)]
    assert len({data.FrameOfReferenceUID for data in firsts}) == 1
    assert len({data.StudyInstanceUID for data in firsts}) == 1
    assert len({data.SeriesInstanceUID for data in firsts}) == len(firsts)
    times = [data.AcquisitionTime for data in firsts]
    assert times == sorted(times)


def test_neighbouring_slices_are_as_far_apart_as_they_say(plain):
    slices = datasets(plain, 2)
    normal = np.cross(slices[0].ImageOrientationPatient[:3], slices[0].ImageOrientationPatient[3:])
    places = [np.dot(normal, data.ImagePositionPatient) for data in slices]
    np.testing.assert_allclose(np.diff(places), slices[0].SpacingBetweenSlices, atol=1e-5)


def test_the_localiser_has_three_planes_of_three_slices(plain):
    slices = datasets(plain, 1)
    planes = [tuple(data.ImageOrientationPatient) for data in slices]
    assert sorted(planes.count(plane) for plane in set(planes)) == [3, 3, 3]


def test_the_adc_map_is_derived_and_of_the_size_of_diffusion(plain):
    data = datasets(plain, 5)[12]
    assert list(data.ImageType) == ["DERIVED", "PRIMARY", "DIFFUSION", "ADC"]
    brain = data.pixel_array[data.pixel_array > 0]
    assert 600 < np.median(brain) < 1300  # in 1e-6 mm²/s
