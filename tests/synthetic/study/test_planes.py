import numpy as np
import pytest

from synthetic.study.planes import Stack, rigid


@pytest.mark.parametrize("plane", ["axial", "sagittal", "coronal"])
def test_a_stack_is_right_handed_in_dicom_and_its_middle_is_its_centre(plane):
    stack = Stack(plane, (12, -3, 5), (1, 2, 3), (20, 30, 5), 0.9, 5.0, 5.5)
    column, row = np.reshape(stack.orientation, (2, 3))
    step = stack.origin(1) - stack.origin(0)
    np.testing.assert_allclose(np.cross(column, row) * 5.5, step, atol=1e-9)
    middle = stack.affine @ (9.5, 14.5, 2, 1)
    np.testing.assert_allclose(middle[:3], (1, 2, 3), atol=1e-9)


def test_a_motion_is_rigid_and_turns_about_the_brain():
    motion = rigid((8, -3, 5), (1, 2, 3))
    np.testing.assert_allclose(motion[:3, :3] @ motion[:3, :3].T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose((motion @ (0, -15, 5, 1))[:3], (1, -13, 8), atol=1e-12)
