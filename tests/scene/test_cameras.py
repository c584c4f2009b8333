import html
import json
import re

import numpy as np

from scene.cameras import VIEWS, camera_controls
from scene.figure import CAMERA


def towards(camera, point):
    """Where a point of the head lies on the screen: to the right, up, and to the viewer."""
    eye, centre, up = (np.array([*camera[key].values()], float) for key in ("eye", "center", "up"))
    back = (eye - centre) / np.linalg.norm(eye - centre)
    right = np.cross(up, back)
    return np.round([right @ point, np.cross(back, right) @ point, back @ point], 6)


def test_each_side_is_nearest_to_who_looks_from_it():
    right, front, top = np.eye(3)
    np.testing.assert_array_equal(towards(VIEWS["Front"], front), [0, 0, 1])
    np.testing.assert_array_equal(towards(VIEWS["Front"], right), [-1, 0, 0])  # as in the slices
    np.testing.assert_array_equal(towards(VIEWS["Left"], -right), [0, 0, 1])
    np.testing.assert_array_equal(towards(VIEWS["Left"], top), [0, 1, 0])
    np.testing.assert_array_equal(towards(VIEWS["Top"], top), [0, 0, 1])
    np.testing.assert_array_equal(towards(VIEWS["Top"], front), [0, 1, 0])


def test_the_buttons_carry_their_cameras():
    found = {
        name: json.loads(html.unescape(camera))
        for camera, name in re.findall(r'data-camera="([^"]+)">(\w+)<', camera_controls())
    }
    assert found == VIEWS
    assert found["Reset"] == CAMERA
