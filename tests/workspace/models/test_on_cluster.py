"""The networks on two nodes: 16 visitors get the answers of one process, whoever dies meanwhile."""

import logging
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import segment_prepared
from inference.network.preprocess import prepare
from model_zoo.errors import WeightsError
from tests.support.small_cluster import small_cluster
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.queue.places import Places
from workspace.models.networks import InProcess, networks, places_elsewhere
from workspace.models.on_cluster import OnCluster

VISITORS = 16
SLICES = 6
MODEL = "edge_unet"
PATIENCE_S = 120

# A cluster starts, and networks run in its processes.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster():
    with small_cluster(2, 2) as there:
        yield there


@pytest.fixture(scope="module")
def elsewhere(cluster):
    """The networks as the app asks them where GLIOLENS_RAY names the cluster."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLIOLENS_RAY", cluster.address)
        found = networks()
        yield found
        import ray

        ray.shutdown()


@pytest.fixture(scope="module")
def scans(small_case_folder):
    """What the networks read of some slices a visitor: no two are the same."""
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files)
    whole = prepare(case)
    middle, first = len(whole.slices) // 2, whole.box[2].start
    some = whole.slices[middle : middle + SLICES]
    up = slice(first + middle, first + middle + SLICES)
    one = replace(whole, slices=some, box=(*whole.box[:2], up))
    return case.shape, [
        replace(one, slices=one.slices * np.float32(1 + number / 50)) for number in range(VISITORS)
    ]


def answered(model, weights, prepared, report, *, shape, seconds):
    """A segmentation that takes its time."""
    time.sleep(seconds)
    return segment_prepared(model, weights, prepared, report, name=MODEL, shape=shape)


@pytest.fixture(scope="module")
def slowly(cluster):
    import ray

    import tests.workspace.models.test_on_cluster as this  # workers need not find the tests

    ray.cloudpickle.register_pickle_by_value(this)
    yield this.answered
    ray.cloudpickle.unregister_pickle_by_value(this)


def same(found, expected):
    return (
        found.labels.tobytes() == expected.labels.tobytes()
        and found.probabilities.tobytes() == expected.probabilities.tobytes()
        and found.weights == expected.weights
    )


def test_an_actor_stands_for_two_cores(elsewhere):
    assert isinstance(elsewhere, OnCluster)
    assert places_elsewhere() == elsewhere.places == 2
    assert len(set(elsewhere.processes())) == 2


def test_what_fails_there_fails_here_and_what_is_unwanted_ends(elsewhere, scans):
    def missing(*_):
        raise WeightsError("no weights")

    def endless(_, __, ___, report):
        for share in range(10_000):
            time.sleep(0.01)
            report(share / 10_000)

    class LeftError(Exception):
        pass

    def left(share):
        if share > 0:
            raise LeftError

    prepared = scans[1][0]
    with pytest.raises(WeightsError, match="no weights"):
        elsewhere.ask(MODEL, missing, prepared, lambda share: None)
    start = time.monotonic()
    for _ in range(elsewhere.places):
        with pytest.raises(LeftError):
            elsewhere.ask(MODEL, endless, prepared, left)
    # Answered at once only if nobody is still at what nobody wants.
    assert elsewhere.ask(MODEL, lambda *_: "next", prepared, lambda share: None) == "next"
    assert time.monotonic() - start < 60


def test_with_no_machine_left_the_visitor_is_told(elsewhere, monkeypatch):
    none = OnCluster(elsewhere._ray, patience_s=0.3)
    monkeypatch.setattr(none, "_loads", dict)
    with pytest.raises(InputError, match="No machine of the cluster answers"):
        none.ask(MODEL, None, object(), lambda share: time.sleep(0.1))


def test_a_node_killed_in_the_middle_costs_the_visitors_time_alone(
    cluster, elsewhere, scans, slowly, caplog
):
    shape, prepared = scans
    plain = partial(segment_prepared, name=MODEL, shape=shape)
    expected = [InProcess().ask(MODEL, plain, each, lambda share: None) for each in prepared]
    slow = partial(slowly, shape=shape, seconds=0.4)
    queue = JobQueue(
        is_here=lambda who: True, places=Places(lambda: True, lambda: elsewhere.places)
    )
    with caplog.at_level(logging.WARNING, logger="workspace.models.on_cluster"):
        jobs = [
            queue.submit(
                ("scan", visitor),
                lambda report, each=each: elsewhere.ask(MODEL, slow, each, report),
                who=visitor,
                by_networks=True,
            )
            for visitor, each in enumerate(prepared)
        ]
        jobs[0].future.result(PATIENCE_S)
        cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
        found = [job.future.result(PATIENCE_S) for job in jobs]
    queue.stop()
    assert [same(*pair) for pair in zip(found, expected, strict=True)] == [True] * VISITORS
    assert "another is asked" in caplog.text, "nobody was at work on the node that was killed"
