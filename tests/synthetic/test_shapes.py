import numpy as np

from synthetic.shapes import ellipsoid, intersection, tube, union

LINE = [np.linspace(-10, 10, 41), np.zeros(41), np.zeros(41)]


def test_ellipsoid_is_exact_on_its_surface():
    distance = ellipsoid(LINE, centre=(1, 0, 0), radii=(4, 2, 3))
    surface = LINE[0][np.isclose(distance, 0, atol=1e-5)]
    np.testing.assert_allclose(surface, (-3, 5))
    assert distance[np.isclose(LINE[0], 4)] < 0


def test_tube_narrows_between_its_nodes():
    across = [np.zeros(3), np.array([0.0, 2.0, 4.0]), np.array([0.0, 5.0, 10.0])]
    distance = tube(across, nodes=[(0, 0, 0, 4), (0, 0, 10, 2)])
    np.testing.assert_allclose(distance, (-4, -1, 2), atol=1e-5)


def test_union_and_intersection_round_the_seam_only():
    first, second = np.array([-5.0, 0.0, 9.0]), np.array([5.0, 0.0, -9.0])
    joined = union(first, second, blend=4.0)
    np.testing.assert_allclose(joined, (-5, -1, -9))
    np.testing.assert_allclose(intersection(first, second, blend=4.0), (5, 1, 9))
