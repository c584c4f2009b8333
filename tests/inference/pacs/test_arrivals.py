"""A study is whole when its associations are closed and it has been quiet."""

import pytest

from inference.pacs.arrivals import Arrivals


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def arrivals(clock):
    return Arrivals(10, clock)


def test_not_while_an_association_is_open(arrivals, clock):
    arrivals.came("1.1", "a")
    clock.now = 90
    assert arrivals.whole() == []
    arrivals.closed("a", broken=False)
    clock.now = 99
    assert arrivals.whole() == []
    clock.now = 100
    assert arrivals.whole() == ["1.1"]
    arrivals.forget("1.1")
    assert arrivals.whole() == []


def test_an_association_that_stays_open_does_not_keep_a_study_for_ever(arrivals, clock):
    arrivals.came("1.1", "a")
    clock.now = 99
    arrivals.came("1.2", "a")
    assert arrivals.whole() == []
    clock.now = 100
    assert arrivals.whole() == ["1.1"]


def test_several_associations_of_one_study_and_several_studies_of_one(arrivals, clock):
    for study, association in (("1.1", "a"), ("1.1", "b"), ("1.2", "a")):
        arrivals.came(study, association)
    arrivals.closed("a", broken=False)
    clock.now = 10
    assert arrivals.whole() == ["1.2"]
    arrivals.closed("b", broken=False)
    clock.now = 20
    assert sorted(arrivals.whole()) == ["1.1", "1.2"]


def test_who_broke_off_is_given_time_to_try_again(arrivals, clock):
    arrivals.came("1.1", "a")
    arrivals.closed("a", broken=True)
    arrivals.resume("1.2")
    clock.now = 99
    assert arrivals.whole() == []
    clock.now = 100
    assert sorted(arrivals.whole()) == ["1.1", "1.2"]
    arrivals.came("1.1", "b")
    arrivals.closed("b", broken=False)
    clock.now = 110
    assert sorted(arrivals.whole()) == ["1.1", "1.2"]
