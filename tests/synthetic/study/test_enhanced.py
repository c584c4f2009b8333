import numpy as np
from pydicom.uid import EnhancedMRImageStorage

from tests.synthetic.study.conftest import datasets


def test_a_series_is_one_file_with_the_pixels_and_places_of_the_classic_one(enhanced, plain):
    (data,) = datasets(enhanced, 7)
    slices = datasets(plain, 7)
    assert data.SOPClassUID == EnhancedMRImageStorage
    assert int(data.NumberOfFrames) == len(slices)
    frames = data.PerFrameFunctionalGroupsSequence
    for number in (0, 50, len(slices) - 1):
        place = frames[number].PlanePositionSequence[0].ImagePositionPatient
        assert place == slices[number].ImagePositionPatient
        np.testing.assert_array_equal(data.pixel_array[number], slices[number].pixel_array)


def test_shared_groups_tell_echo_time_and_orientation(enhanced, plain):
    (data,) = datasets(enhanced, 4)
    shared = data.SharedFunctionalGroupsSequence[0]
    classic = datasets(plain, 4)[0]
    assert shared.MREchoSequence[0].EffectiveEchoTime == 105
    assert shared.MRModifierSequence[0].InversionTimes == 2500
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    assert orientation == classic.ImageOrientationPatient
    assert data.AcquisitionContrast == "FLUID_ATTENUATED"
