import numpy as np

from scene.figure import Body, scene_figure
from scene.surface import Surface

CORNERS = np.array([[-70, -90, -50], [60, -90, -50], [-70, 80, -50], [-70, -90, 40]], np.float32)
BODY = Body("Brain", "#c9ced6", 0.2, Surface(CORNERS, np.array([[0, 1, 2], [0, 1, 3]], np.int32)))


def figure(*bodies):
    return scene_figure(bodies or [BODY], height=300)


def test_the_letters_stand_beyond_the_patients_sides():
    *_, letters = figure().data
    places = dict(zip(letters.text, zip(letters.x, letters.y, letters.z, strict=True), strict=True))
    middle, gap = (CORNERS.min(axis=0) + CORNERS.max(axis=0)) / 2, 0.12 * 85
    ends = {"L": (0, -70), "R": (0, 60), "P": (1, -90), "A": (1, 80), "I": (2, -50), "S": (2, 40)}
    assert set(places) == set(ends)
    for letter, (axis, end) in ends.items():
        expected = middle.copy()
        expected[axis] = end + np.sign(end) * gap
        np.testing.assert_allclose(places[letter], expected, rtol=1e-5)
    assert not figure().layout.scene.xaxis.visible


def test_the_camera_looks_from_the_front_so_that_the_right_is_on_the_left():
    camera = figure().layout.scene.camera
    forward = -np.array([camera.eye.x, camera.eye.y, camera.eye.z])
    right_of_screen = np.cross(forward, [camera.up.x, camera.up.y, camera.up.z])
    assert right_of_screen[0] < 0


def test_millimetres_are_as_long_on_every_axis_and_the_camera_stays():
    layout = figure().layout
    assert layout.scene.aspectmode == "data"
    assert layout.uirevision


def test_each_body_has_its_colour_and_its_triangles():
    other = Body("Oedema", "#F0E442", 0.35, BODY.surface)
    first, second, _ = figure(BODY, other).data
    assert (first.color, second.color, second.opacity) == ("#c9ced6", "#F0E442", 0.35)
    np.testing.assert_array_equal(
        np.stack([second.i, second.j, second.k], 1), [[0, 1, 2], [0, 1, 3]]
    )
    np.testing.assert_array_equal(second.x, CORNERS[:, 0])
