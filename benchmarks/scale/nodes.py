"""Whether more nodes answer more visitors: ``python -m benchmarks nodes``.

Nodes of Ray on this machine, each of one core, so that two of them have what two machines have.
"""

import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from common.cluster import join_cluster
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import segment_prepared
from inference.network.preprocess import prepare
from training.results import machine


def measure_nodes(
    case: Path, name: str, *, nodes: Sequence[int] = (1, 2), visitors: int = 16
) -> dict[str, Any]:
    """Have visitors answered by some numbers of nodes.

    Args:
        case: What each of them wants answered.
        name: The model that answers.
        nodes: How many, one number after the other.
        visitors: Who ask at the same moment.

    Returns:
        ``machine``, ``visitors``, ``model`` and, of each number, ``nodes``, ``cases_per_minute``
        and the median and longest ``answer_s``; ``ratio`` is of the last number to the first.

    Raises:
        InputError: if the case cannot be read, or Ray is not installed.
    """
    with open_cases([case]) as (files,):
        opened = read_case(files)
    prepared, shape = prepare(opened), opened.shape
    work = partial(segment_prepared, name=name, shape=shape)
    found = [_with_nodes(count, name, work, prepared, visitors) for count in nodes]
    return {
        "machine": machine(),
        "model": name,
        "visitors": visitors,
        "counts": found,
        "ratio": found[-1]["cases_per_minute"] / found[0]["cases_per_minute"],
    }


def _with_nodes(count: int, name: str, work: Any, prepared: Any, visitors: int) -> dict[str, Any]:
    from ray.cluster_utils import Cluster

    from workspace.models.on_cluster import OnCluster

    room = {"object_store_memory": 1 << 30, "include_dashboard": False}
    head = {"num_cpus": 0} | room
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(count):
            cluster.add_node(num_cpus=1, **room)
        ray = join_cluster(cluster.address, wanted_by="nodes")
        networks = OnCluster(ray)
        with ThreadPoolExecutor(count) as places:
            warm = [places.submit(networks.ask, name, work, prepared, _quiet) for _ in range(count)]
            _ = [each.result() for each in warm]
            seconds, answers = _asked(networks, name, work, prepared, places, visitors)
        ray.shutdown()
    finally:
        cluster.shutdown()
    return {
        "nodes": count,
        "cases_per_minute": 60 * visitors / seconds,
        "answer_s": {"median": statistics.median(answers), "max": max(answers)},
    }


def _asked(
    networks: Any, name: str, work: Any, prepared: Any, places: ThreadPoolExecutor, visitors: int
) -> tuple[float, list[float]]:
    """Seconds until all are answered, and those of each, who wait for a place as in the app."""
    start = time.perf_counter()

    def visit(_: int) -> float:
        networks.ask(name, work, prepared, _quiet)
        return time.perf_counter() - start

    answers = list(places.map(visit, range(visitors)))
    return time.perf_counter() - start, answers


def _quiet(_: float) -> None:
    """Nobody looks at the progress."""
