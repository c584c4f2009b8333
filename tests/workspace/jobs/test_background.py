import gc
import threading

import pytest

from workspace.jobs.background import BackgroundTask, Progress, StoppedError

PATIENCE_S = 10


def test_the_result_and_the_steps_that_led_to_it():
    def work(progress):
        progress.step("read")
        progress.count(3, 4)
        progress.step("align")
        return "done"

    task = BackgroundTask(work, name="test")
    assert task.wait(PATIENCE_S)
    assert (task.result, task.error) == ("done", None)
    assert [(name, ended) for name, _, ended in task.progress.steps] == [
        ("read", True),
        ("align", True),
    ]
    assert (task.progress.done, task.progress.total) == (3, 4)


def test_an_error_is_kept_without_what_it_held():
    def work(progress):
        raise ValueError("no head")

    task = BackgroundTask(work, name="test")
    assert task.wait(PATIENCE_S)
    assert str(task.error) == "no head"
    assert task.error.__traceback__ is None
    assert not task.stopped


def test_work_that_is_stopped_ends_at_its_next_step():
    begun, go_on = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        go_on.wait(PATIENCE_S)
        progress.step("never")

    task = BackgroundTask(work, name="test")
    begun.wait(PATIENCE_S)
    task.progress.stop()
    go_on.set()
    assert task.wait(PATIENCE_S)
    assert task.stopped


def test_work_of_a_visitor_who_has_left_stops():
    ended, go_on = threading.Event(), threading.Event()

    def work(progress):
        go_on.wait(PATIENCE_S)
        try:
            progress.check()
        except StoppedError:
            ended.set()

    task = BackgroundTask(work, name="test")
    del task
    gc.collect()
    go_on.set()
    assert ended.wait(PATIENCE_S)


def test_before_its_first_step_there_is_none():
    assert Progress().steps == []
    ended = Progress()
    ended.end()
    assert ended.steps == []


def test_a_step_that_has_not_ended_has_taken_time_already():
    progress = Progress()
    progress.step("read")
    ((name, seconds, ended),) = progress.steps
    assert (name, ended) == ("read", False)
    assert seconds >= 0
    progress.stop()
    with pytest.raises(StoppedError):
        progress.step("align")
