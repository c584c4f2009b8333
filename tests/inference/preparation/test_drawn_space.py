from dataclasses import replace

import numpy as np
import pytest

from common.labels import labels_to_regions
from inference.geometry.boxes import with_margin
from inference.metrics import region_dice
from inference.network.postprocess import draw_labels
from inference.network.segmentation import Segmentation
from inference.preparation.drawn_space import drawn_on
from inference.preparation.native_space import labels_on
from inference.preparation.template import grid_of
from tests.inference.motions import rigid

GRID = grid_of((48, 48, 48), np.eye(4))
MIDDLE = np.array([24.0, 24, 24])
EVERYWHERE = (slice(0, 48),) * 3


def probabilities(centre=MIDDLE, rim_mm=1.2):
    """(3, X, Y, Z) float16 of a ball whose core has an enhancing rim about a voxel thick."""
    axes = np.meshgrid(*[np.arange(48.0)] * 3, indexing="ij")
    away = np.linalg.norm(np.stack(axes, axis=-1) - centre, axis=-1)
    inside = [18 - away, 12 - away, rim_mm / 2 - np.abs(away - 11)]
    return (1 / (1 + np.exp(-4 * np.stack(inside)))).astype(np.float16)


def predicted(maps, box=EVERYWHERE):
    labels = np.zeros(GRID.shape, np.uint8)
    labels[box] = draw_labels(maps[(slice(None), *box)])
    return Segmentation("made up", labels, maps[(slice(None), *box)], box)


def test_on_its_own_grid_it_is_what_was_drawn():
    found = predicted(probabilities())
    there = drawn_on(found, of=GRID, onto=GRID, motion=np.eye(4))
    np.testing.assert_array_equal(there, found.labels)


def test_a_thin_rim_comes_through_better_than_its_labels_do():
    motion = rigid(7, 0, about=MIDDLE)
    motion[:3, 3] += 0.5
    found, moved = predicted(probabilities()), np.linalg.inv(motion) @ np.append(MIDDLE, 1)
    truth = draw_labels(probabilities(moved[:3]))
    way = {"of": GRID, "onto": GRID, "motion": motion}
    by_maps = region_dice(drawn_on(found, **way), truth)
    by_labels = region_dice(labels_on(found.labels, **way), truth)
    assert by_maps["et"] > by_labels["et"] + 0.02
    assert min(by_maps.values()) > 0.95


def test_what_the_rules_left_out_stays_out():
    maps = probabilities()
    maps[:, 2:4, 2:4, 2:4] = 1  # a speck
    found = predicted(maps)
    assert not found.labels[:6, :6, :6].any()
    motion = np.eye(4)
    motion[:3, 3] = 0.5
    there = drawn_on(found, of=GRID, onto=GRID, motion=motion)
    assert there.any()
    assert not there[:6, :6, :6].any()


def test_a_part_of_the_scan_gives_what_the_whole_does():
    maps = probabilities()
    [drawn] = [predicted(maps)]
    box = with_margin((slice(4, 44),) * 3, GRID.shape, 0)
    way = {"of": GRID, "onto": GRID, "motion": rigid(7, 3, about=MIDDLE)}
    np.testing.assert_array_equal(drawn_on(predicted(maps, box), **way), drawn_on(drawn, **way))


def test_a_lower_limit_goes_with_it():
    maps = probabilities()
    maps[0] *= np.float16(0.8)  # a tumour that hardly enhances, drawn from one quarter on
    maps[1] *= np.float16(0.4)
    maps[2] = 0
    found = predicted(maps)
    assert labels_to_regions(found.labels)[1].any()
    there = drawn_on(found, of=GRID, onto=GRID, motion=np.eye(4))
    np.testing.assert_array_equal(there, found.labels)


def test_a_lower_limit_draws_no_more_of_thick_slices():
    maps = probabilities()
    maps[0] *= np.float16(0.9)
    maps[1] *= np.float16(0.2)
    maps[2] = 0
    found = predicted(maps)
    thick = grid_of((48, 48, 8), np.diag([1.0, 1, 6, 1]))
    way = {"of": GRID, "onto": thick, "motion": np.eye(4)}
    there = labels_to_regions(drawn_on(found, **way))
    voted = labels_to_regions(labels_on(found.labels, **way))
    for region, as_voted in zip(there[:2], voted[:2], strict=True):
        assert region.sum() == pytest.approx(as_voted.sum(), rel=0.02)


@pytest.mark.parametrize("labels", [0, 2])
def test_labels_alone_are_voted(labels):
    alone = np.zeros(GRID.shape, np.uint8)
    alone[10:20, 10:20, 10:20] = labels
    empty = Segmentation("made up", alone, np.zeros((3, 0, 0, 0), np.float16), (slice(0, 0),) * 3)
    way = {"of": GRID, "onto": GRID, "motion": rigid(7, 3, about=MIDDLE)}
    np.testing.assert_array_equal(drawn_on(empty, **way), labels_on(alone, **way))


def test_labels_that_the_probabilities_do_not_give_are_voted():
    found = predicted(probabilities())
    corrected = found.labels.copy()
    corrected[2:9, 2:9, 2:9] = 2
    found = replace(found, labels=corrected)
    way = {"of": GRID, "onto": GRID, "motion": rigid(7, 3, about=MIDDLE)}
    np.testing.assert_array_equal(drawn_on(found, **way), labels_on(corrected, **way))


def test_a_model_of_one_region_goes_the_same_way():
    maps = probabilities()
    maps[1:] = 0
    labels = draw_labels(maps, regions=("wt",))
    found = Segmentation("made up", labels, maps, EVERYWHERE, regions=("wt",))
    there = drawn_on(found, of=GRID, onto=GRID, motion=np.eye(4))
    np.testing.assert_array_equal(there, labels)
    assert set(np.unique(there)) == {0, 2}
