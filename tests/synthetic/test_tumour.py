import numpy as np
import pytest

from synthetic.tumour import make_plan, push_aside


def test_parts_are_nested(tumour):
    whole, core, necrosis = (part > 0.5 for part in (tumour.whole, tumour.core, tumour.necrosis))
    assert necrosis.any()
    assert not (necrosis & ~core).any()
    assert not (core & ~whole).any()


def test_volumes_are_the_planned_ones(grid, tumour, plan):
    whole, core, necrosis = (
        (part > 0.5).sum() * grid.voxel_volume_ml
        for part in (tumour.whole, tumour.core, tumour.necrosis)
    )
    assert core == pytest.approx(plan.necrotic_ml + plan.enhancing_ml, rel=0.05)
    assert whole - core == pytest.approx(plan.oedema_ml, rel=0.1)
    assert necrosis == pytest.approx(plan.necrotic_ml, rel=0.3)


def test_the_tumour_lies_in_the_brain_at_its_place(grid, tumour, anatomy, plan):
    whole = tumour.whole > 0.5
    assert not (whole & ~anatomy.mask).any()
    middle = [np.average(grid.axis(n)[np.nonzero(whole)[n]]) for n in range(3)]
    assert np.linalg.norm(np.subtract(middle, plan.centre)) < 20


def test_oedema_prefers_white_matter_and_stays_on_its_side(grid, tumour, anatomy, plan):
    oedema = (tumour.whole > 0.5) & (tumour.core <= 0.5)
    near = tumour.whole > 0.01
    assert anatomy.share("white")[oedema].mean() > anatomy.share("white")[near & ~oedema].mean()
    assert anatomy.share("csf")[oedema].mean() < 0.1
    beyond = grid.axis(0) * np.sign(plan.centre[0]) < -5
    assert not oedema[beyond].any()


def test_tissue_is_pushed_away_from_the_centre(grid, plan):
    points = list(np.meshgrid(*[grid.axis(n) for n in range(3)], indexing="ij"))
    pulled, pressure = push_aside(points, plan)

    def from_centre(where):
        return np.sqrt(sum((p - c) ** 2 for p, c in zip(where, plan.centre, strict=True)))

    moved = from_centre(points) - from_centre(pulled)
    assert moved.min() > -1e-3
    assert moved.max() == pytest.approx(plan.push, rel=0.1)
    assert pressure.max() == pytest.approx(1, abs=0.05)


def test_seeds_choose_either_side():
    sides = {np.sign(make_plan(seed=seed).centre[0]) for seed in range(10)}
    assert sides == {-1.0, 1.0}
