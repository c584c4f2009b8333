"""A cluster of Ray with two nodes on this machine, for tests and their workers."""

import contextlib
import os
import time
from unittest.mock import patch

import psutil
import pytest

from tests.support.repository import ROOT

CORES = 2


@contextlib.contextmanager
def two_nodes(*, cores_of_head=None):
    """The cluster, whose nodes have two cores each, or say so; a test is skipped without Ray.

    With ``cores_of_head`` there is a head beside them, which is not killed.
    """
    settings = {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    with patch.dict(os.environ, settings), contextlib.chdir(ROOT):
        pytest.importorskip("ray", reason="Ray (requirements-cluster.txt) is not installed")
        from ray.cluster_utils import Cluster

        node = {"num_cpus": CORES, "object_store_memory": 200 * 1024**2, "include_dashboard": False}
        head = node if cores_of_head is None else node | {"num_cpus": cores_of_head}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        try:
            for _ in range(1 if cores_of_head is None else 2):
                cluster.add_node(**node)
            yield cluster
        finally:
            cluster.shutdown()


def kill_a_worker_of(task, *, patience_s=120):
    """Kill the first process that is seen at a task; it must not have been done."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if " ".join(process.cmdline()).startswith(f"ray::{task}"):
                    process.kill()
                    return process.pid
        time.sleep(0.005)
    raise TimeoutError(f"No process was ever at {task}.")
