import numpy as np
import pytest

from scene.surface import mask_surface


def ball(radius, shape=(60, 60, 40), spacing=(1.0, 1.0, 1.0), centre=None):
    centre = centre or [n // 2 for n in shape]
    places = [(np.arange(n) - c) * s for n, c, s in zip(shape, centre, spacing, strict=True)]
    x, y, z = np.meshgrid(*places, indexing="ij")
    return x**2 + y**2 + z**2 <= radius**2


def volume_of(surface):
    """Of a closed surface, by the divergence theorem."""
    a, b, c = (surface.vertices[surface.triangles[:, each]].astype(float) for each in range(3))
    return abs(float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6)


@pytest.mark.parametrize("most", [200, 1000, 5000])
def test_never_more_triangles_than_allowed_and_the_volume_stays(most):
    mask = ball(16)
    surface = mask_surface(mask, np.eye(4), most_triangles=most, smoothing_mm=1)
    assert most / 4 < len(surface.triangles) <= most
    assert volume_of(surface) == pytest.approx(mask.sum(), rel=0.1)


def test_a_large_mask_is_bounded_too():
    noise = np.random.default_rng(0).random((120, 120, 80)) < 0.5
    surface = mask_surface(noise, np.eye(4), most_triangles=3000, smoothing_mm=0.5)
    assert 0 < len(surface.triangles) <= 3000


def test_it_stands_in_the_world_as_the_affine_says():
    spacing = (0.5, 1.0, 3.0)
    mask = ball(12, shape=(80, 60, 20), spacing=spacing, centre=(50, 20, 8))
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]) @ np.diag(spacing)
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = turn, (7, -30, 12)
    surface = mask_surface(
        mask[10:], affine, most_triangles=4000, smoothing_mm=1, origin=(10, 0, 0)
    )
    middle = (surface.vertices.max(axis=0) + surface.vertices.min(axis=0)) / 2
    np.testing.assert_allclose(middle, turn @ (50, 20, 8) + (7, -30, 12), atol=1)
    np.testing.assert_allclose(np.ptp(surface.vertices, axis=0), 24, atol=3)


def test_a_thin_rim_is_not_swallowed():
    rim = ball(15) & ~ball(14)
    surface = mask_surface(rim, np.eye(4), most_triangles=20_000, smoothing_mm=0.8)
    assert volume_of(surface) == pytest.approx(rim.sum(), rel=0.25)


def test_a_solid_has_no_inside():
    hollow = ball(16) & ~ball(6)
    surface = mask_surface(hollow, np.eye(4), most_triangles=4000, smoothing_mm=1, solid=True)
    reach = np.linalg.norm(surface.vertices - (30, 30, 20), axis=1)
    assert reach.min() > 12


def test_one_voxel_at_the_border_and_nothing_at_all():
    mask = np.zeros((5, 6, 7), bool)
    assert mask_surface(mask, np.eye(4), most_triangles=100, smoothing_mm=1) is None
    mask[0, 5, 6] = True
    surface = mask_surface(mask, np.eye(4), most_triangles=100, smoothing_mm=1)
    np.testing.assert_allclose(surface.vertices.mean(axis=0), (0, 5, 6), atol=0.1)
