from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from workspace.case_results.surfaces import beside_each_other


@pytest.fixture(autouse=True)
def _session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})


def surfaces(opened):
    bodies = beside_each_other(opened, {"truth": opened.case.truth}, [2], 0.2)["truth"]
    return [body.surface for body in bodies]


def test_surfaces_are_made_once(opened):
    assert all(a is b for a, b in zip(surfaces(opened), surfaces(opened), strict=True))


def test_the_same_voxels_elsewhere_are_a_scene_of_their_own(opened):
    """Two files may differ in their affine alone, and then have the same key."""
    grid = opened.case.grid
    turned = np.diag([-1.0, -1.0, 1.0, 1.0]) @ grid.affine
    there = replace(opened, case=replace(opened.case, grid=replace(grid, affine=turned)))
    for here, elsewhere in zip(surfaces(opened), surfaces(there), strict=True):
        assert not np.allclose(here.vertices, elsewhere.vertices)
