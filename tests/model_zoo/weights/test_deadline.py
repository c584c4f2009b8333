import time

import pytest

from model_zoo.weights.deadline import GaveUpError, within


def test_what_the_work_gives_comes_back():
    assert within(lambda _: 7, silence=5, total=5) == 7


def test_what_the_work_raises_comes_back():
    def fail(_):
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        within(fail, silence=5, total=5)


def test_silence_is_given_up():
    start = time.monotonic()
    with pytest.raises(GaveUpError, match=r"nothing within 0\.1 seconds"):
        within(lambda _: time.sleep(30), silence=0.1, total=60)
    assert time.monotonic() - start < 15


def work_in_steps(sign_of_life, *, steps, seconds):
    for _ in range(steps):
        time.sleep(seconds)
        sign_of_life()
    return "done"


def test_signs_of_life_lengthen_the_wait():
    # Ten times the step, so that a machine with other work still shows life in time.
    work = lambda sign: work_in_steps(sign, steps=12, seconds=0.2)  # noqa: E731
    assert within(work, silence=2, total=60) == "done"


def test_but_not_for_ever():
    work = lambda sign: work_in_steps(sign, steps=3000, seconds=0.01)  # noqa: E731
    with pytest.raises(GaveUpError, match=r"nothing within 0\.5 seconds"):
        within(work, silence=20, total=0.5)
