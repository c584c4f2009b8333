"""Stand-ins for the models, which answer when a test lets them and stop when they are told."""

import threading
import time
from contextlib import contextmanager

import numpy as np

from tests.report.conftest import segmentation_of
from viewer import QuickLook, labels_payload
from workspace.jobs import segmentation
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.quick_look import QUICK_LOOK
from workspace.jobs.segmentation import Answer, finished, segmentation_jobs

SECONDS = 120


class HeldModels:
    """Each model reports half its progress, over and over, and answers the truth when let go;
    nothing where there is none.

    The quick look draws the truth at once, unless it is held too.
    """

    def __init__(self):
        self.runs = []
        self._at_work = threading.Lock()
        self._go = threading.Semaphore(0)
        self._quick = threading.Event()
        self._quick.set()

    def draw_quick_look(self, opened, report):
        with self._at_work:
            self.runs.append((opened.key, QUICK_LOOK))
            while not self._quick.wait(0.005):
                report(0.5)
            return {None: QuickLook("Edge U-Net", labels_payload(opened.case.truth))}

    def hold_quick_look(self):
        self._quick.clear()

    def let_go_of_quick_look(self):
        self._quick.set()

    def segment(self, opened, name, report):
        with self._at_work:
            self.runs.append((opened.key, name))
            report(0.5)
            while not self._go.acquire(timeout=0.005):
                report(0.5)
            truth = opened.case.truth
            empty = np.zeros(opened.case.shape, np.uint8)
            return answer_of(opened, empty if truth is None else truth, name)

    def go(self, count):
        """Let so many more models answer."""
        self._go.release(count)

    def let_go(self, opened, count):
        """Wait until so many more models have answered."""
        before = len(finished(segmentation_jobs(opened)))
        self.go(count)
        until(lambda: len(finished(segmentation_jobs(opened))) >= before + count)

    def until_stopped(self):
        """Wait until a model that was cancelled has heard of it."""
        until(lambda: not self._at_work.locked())


@contextmanager
def held_models(monkeypatch):
    """Held models in place of the real ones, and a queue of their own."""
    held, queue = HeldModels(), JobQueue()
    monkeypatch.setattr(segmentation, "queue", queue)
    for name, work in (("_segment", held.segment), ("draw_quick_look", held.draw_quick_look)):
        monkeypatch.setattr(segmentation, name, _in_queue(queue, work, getattr(segmentation, name)))
    yield held
    queue.stop()


def _in_queue(queue, held, real):
    """The held work in this queue; the server's own may still be at work for an earlier test."""

    def work(*given):
        return (held if threading.current_thread() is queue._thread else real)(*given)

    return work


def answer_of(opened, labels, name="unet"):
    return Answer.of(opened, segmentation_of(name, labels, opened.prepared.box, opened.case.shape))


def until(holds):
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.005)
