"""Many cases on a cluster of Ray: each is one task, and the run alone writes what was done."""

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from common.cluster import cores_of_worker, join_cluster, workers_in
from common.errors import InputError
from common.memory import keep_heap_small
from inference.cli.answering import Answered, Loaded, models_of
from inference.cli.cohort.attempt import Attempt
from inference.cli.cohort.cases import Job, Steps
from model_zoo.weights.folder import FLOAT, INT8

# Beyond those that are being done, so that no worker waits for its next one.
_AHEAD: Final = 2
# A case whose worker dies is given to another; one that kills four in a row is to blame itself.
_RETRIES: Final = 3
TASK: Final = "gliolens case"
Note = Callable[[Job, Attempt[Answered]], None]


def spread(jobs: Sequence[Job], steps: Steps, note: Note, *, address: str) -> None:
    """Do all cases on a cluster, and note each as soon as it is done.

    Input and output lie where every machine of the cluster sees them, under the same path, and so
    does this program.

    Args:
        jobs: The cases.
        steps: What is done of each, wherever it is.
        note: Is called here, with one case after the other, in the order in which they are done.
        address: See :func:`common.cluster.join_cluster`.

    Raises:
        InputError: where no cluster can be joined, or what was written cannot be seen from here.
        WeightsError: if weights are missing.
        OSError: where there is no room on the disk.
    """
    ray = join_cluster(address, wanted_by="--ray")
    try:
        for job, done in _done(ray, jobs, steps):
            _check_is_here(done)
            note(job, done)
    finally:
        ray.shutdown()


def as_found_here(options: argparse.Namespace, models: Iterable[Loaded]) -> argparse.Namespace:
    """The options with what ``--precision auto`` means here, so that it means it everywhere.

    Args:
        options: Of the command line.
        models: As they were loaded here.
    """
    int8 = any(each.origin.precision == INT8 for each in models)
    return argparse.Namespace(**{**vars(options), "precision": INT8 if int8 else FLOAT})


def _done(ray: Any, jobs: Sequence[Job], steps: Steps) -> Iterator[tuple[Job, Attempt[Answered]]]:
    task = ray.remote(num_cpus=cores_of_worker(ray), max_retries=_RETRIES, max_calls=0, name=TASK)(
        do_case
    )
    common = ray.put((steps.options, steps.kept, Path.cwd()))
    left = iter(jobs)
    running: dict[Any, Job] = {}
    while True:
        while len(running) < workers_in(ray) + _AHEAD and (job := next(left, None)):
            running[task.remote(job, common)] = job
        if not running:
            return
        [ready], _ = ray.wait(list(running), num_returns=1)
        yield running[ready], _outcome(ray, ready, running[ready])
        del running[ready]


def do_case(
    job: Job, common: tuple[argparse.Namespace, bool, Path]
) -> Attempt[Answered]:  # pragma: no cover (in a process of the cluster)
    """All steps of one case, in whichever process."""
    options, kept, folder = common
    os.chdir(folder)
    keep_heap_small()
    steps = Steps(options, lambda: _held(options.model, options.precision), kept=kept)
    return steps.write(job, steps.answer(job, steps.read(job)))


@cache
def _held(model: str, precision: str) -> tuple[Loaded, ...]:  # pragma: no cover (as do_case)
    """The models, which a process keeps from case to case."""
    return tuple(models_of(argparse.Namespace(model=model, precision=precision))())


def _outcome(ray: Any, ready: Any, job: Job) -> Attempt[Answered]:
    lost = (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError)
    try:
        return ray.get(ready)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except (*lost, ray.exceptions.OutOfMemoryError):
        why = f"its worker has ended {_RETRIES + 1} times; give a worker more memory."
        return Attempt(None, f"{job.identity.place}: {why}")


def _check_is_here(done: Attempt[Answered]) -> None:
    for file in done.value.written if done.value else ():
        if not file.exists():
            raise InputError(
                f"{file} was written by a worker on another machine and cannot be seen here; give "
                "an --output on a disk that all machines of the cluster share."
            )
