"""A memory that is used up: the answer is right or there is none, and the next one is answered."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import nibabel as nib
import numpy as np
import pytest

from common.disk_errors import NO_MEMORY, in_words
from model_zoo.weights import loading
from tests.conftest import ROOT
from workspace.jobs.queue.job_queue import JobQueue

in_soak = pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak")


def test_the_visitor_reads_it_and_the_next_one_is_answered():
    queue = JobQueue()

    def too_much(report):
        raise MemoryError

    failed = queue.submit("one", too_much, who=None)
    answered = queue.submit("another", lambda report: "an answer", who=None)
    assert answered.future.result(timeout=20) == "an answer"
    assert (failed.status, str(failed.error)) == ("failed", NO_MEMORY)
    queue.stop()


def test_a_network_that_ran_out_of_memory_answers_the_next_question_right():
    network, _ = loading.load_model("unet")
    images = np.random.default_rng(0).random((3, 4, 32, 32), np.float32)
    right = network(images)

    class Exhausted:
        def start_async(self, inputs):
            pass

        def wait(self):
            raise RuntimeError("[CPU] Convolution node with name 'x' can't alloc")

    for _ in range(network.cores):
        network._free.get()
        network._free.put(Exhausted())
    with pytest.raises(RuntimeError) as caught:
        network(images)
    assert str(in_words(caught.value)) == NO_MEMORY
    np.testing.assert_array_equal(network(images), right)


def test_whoever_waits_for_a_network_that_runs_out_of_memory_is_answered_right(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    network, _ = loading.load_model("edge_unet")
    images = np.random.default_rng(0).random((3, 4, 32, 32), np.float32)
    right, at_work, fail = network(images), threading.Event(), threading.Event()

    class Exhausted:
        def start_async(self, inputs):
            at_work.set()

        def wait(self):
            fail.wait(timeout=20)
            raise RuntimeError("[CPU] Convolution node with name 'x' can't alloc")

    network._free.get()
    network._free.put(Exhausted())
    with ThreadPoolExecutor(3) as visitors:
        first = visitors.submit(network, images)
        assert at_work.wait(timeout=20)
        second, resting = visitors.submit(network, images), visitors.submit(network.rest)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.2)
        fail.set()
        with pytest.raises(RuntimeError, match="alloc"):
            first.result(timeout=20)
        np.testing.assert_array_equal(second.result(timeout=20), right)
        resting.result(timeout=20)


LIMITED = """
import resource, sys
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_AS, (most, most))
from inference.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run_limited(megabytes, case, out):
    """The command in a process that has only so much address space."""
    command = [sys.executable, "-c", LIMITED, str(megabytes * 10**6), str(case)]
    command += ["--model", "unet", "--output", str(out)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


@in_soak
@pytest.mark.slow
def test_whatever_memory_there_is_the_answer_is_right_or_there_is_none(small_case_folder, tmp_path):
    """From too little to begin to enough; in between it fails while a network is at work."""
    whole = run_limited(32_000, small_case_folder, tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    right = np.asarray(nib.load(tmp_path / "whole" / "unet.nii.gz").dataobj)
    ended = {}
    for megabytes in (400, 500, 550, 600, 650, 700, 1000, 2000):
        out = tmp_path / str(megabytes)
        done = run_limited(megabytes, small_case_folder, out)
        ended[megabytes] = done.returncode
        maps = list(out.rglob("*.nii.gz"))
        if done.returncode == 0:
            np.testing.assert_array_equal(np.asarray(nib.load(maps[0]).dataobj), right)
        else:
            assert maps == [], megabytes
            assert done.stderr.count("\n") == 1, done.stderr
            assert "memory" in done.stderr or done.returncode == 3, done.stderr
    assert 0 in ended.values(), ended
    assert set(ended.values()) != {0}, ended
    print("\nMB of address space and how the command ended:", ended)
