import pytest

from synthetic import make_case
from synthetic.anatomy import individual_points, make_anatomy
from synthetic.grid import HEAD_BOX, brats_grid
from synthetic.tumour import grow, make_plan, push_aside

SMALL = (96, 96, 62)  # 2.5 mm: fine enough for every tissue, coarse enough for a tenth of a second


@pytest.fixture(scope="session")
def case():
    return make_case(shape=SMALL)


@pytest.fixture(scope="session")
def grid():
    return brats_grid(SMALL).window(HEAD_BOX)[0]


@pytest.fixture(scope="session")
def plan():
    return make_plan(seed=0)


@pytest.fixture(scope="session")
def anatomy(grid, plan):
    points, pressure = push_aside(individual_points(grid, seed=0), plan)
    return make_anatomy(grid, points, squeeze=1 - pressure, seed=0)


@pytest.fixture(scope="session")
def tumour(grid, anatomy, plan):
    return grow(grid, grid.points, anatomy, plan, seed=0)
