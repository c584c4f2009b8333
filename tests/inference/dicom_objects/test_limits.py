import pytest

from common.errors import InputError
from inference.dicom_objects.limits import check_overlapping


def test_regions_of_very_many_voxels_are_refused_and_parts_are_not():
    check_overlapping(("seg", "rtstruct", "nifti"), (512, 512, 512), name="exam")
    check_overlapping(("regions", "sr"), (512, 512, 26), name="exam")
    with pytest.raises(
        InputError, match=r"^exam has 512 × 512 × 512 voxels, too many for regions "
    ):
        check_overlapping(("seg", "regions", "sr"), (512, 512, 512), name="exam")
