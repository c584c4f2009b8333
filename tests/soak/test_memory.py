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


QUEUED = """
import resource, sys
from pathlib import Path
import numpy as np
from inference.io.cases.case_files import open_cases
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.quick_look import segmentation_by
from workspace.models.loaded_models import loaded_model
from workspace.open_case import open_files
with open_cases([Path(sys.argv[1])]) as (files,):
    opened = open_files(files)
queue = JobQueue()
def ask(key):
    job = queue.submit(key, lambda report: segmentation_by("unet", opened, report).labels, who=None)
    try:
        return job.future.result(timeout=120), job
    except Exception:
        return None, job
right, _ = ask("first")
loaded_model("unet")[0].rest(for_long=True)
lines = Path("/proc/self/status").read_text().splitlines()
held = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmSize"))
resource.setrlimit(resource.RLIMIT_AS, (held, -1))
none, failed = ask("second")
resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
again, _ = ask("third")
print(none is None, failed.status, str(failed.error), right.any(), (again == right).all(), sep="|")
queue.stop()
"""


@in_soak
@pytest.mark.slow
def test_one_answer_runs_out_of_memory_on_the_servers_queue_and_the_next_is_right(
    small_case_folder,
):
    """The limit is a real one, set while the network is at rest: it cannot even wake.

    With a few megabytes to spare OpenVINO gets as far as its own code, which then ends the process
    now and then.
    """
    command = [sys.executable, "-c", QUEUED, str(small_case_folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"True|failed|{NO_MEMORY}|True|True"


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
    command += ["--model", "unet", "--formats", "nifti", "--output", str(out)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


@in_soak
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["a case", "a study"])
def test_whatever_memory_there_is_the_answer_is_right_or_there_is_none(
    kind, small_case_folder, small_study_folder, tmp_path
):
    """From too little to begin to enough; in between it fails while a network is at work.

    A study is prepared first, which has its own network and its own memory. Where OpenVINO's own
    code finds none it may end the process, which says nothing then, and has written nothing.
    """
    given = small_case_folder if kind == "a case" else small_study_folder
    whole = run_limited(32_000, given, tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    right = np.asarray(nib.load(tmp_path / "whole" / "unet.nii.gz").dataobj)
    ended = {}
    for megabytes in (400, 500, 550, 600, 650, 700, 1000, 2000):
        out = tmp_path / str(megabytes)
        done = run_limited(megabytes, given, out)
        ended[megabytes] = done.returncode
        maps = list(out.rglob("*.nii.gz"))
        if done.returncode == 0:
            np.testing.assert_array_equal(np.asarray(nib.load(maps[0]).dataobj), right)
        else:
            assert maps == [], megabytes
        if done.returncode > 0:
            assert done.stderr.count("\n") == 1, done.stderr
            assert "memory" in done.stderr or done.returncode == 3, done.stderr
    assert 0 in ended.values(), ended
    assert set(ended.values()) != {0}, ended
    print("\nMB of address space and how the command ended:", ended)
