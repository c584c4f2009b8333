"""A cluster of Ray on this machine, for tests, and the death of its workers."""

import contextlib
import os
import time
from unittest.mock import patch

import psutil
import pytest

from tests.support.repository import ROOT


@contextlib.contextmanager
def small_cluster(*cores):
    """A cluster whose nodes say that they have so many cores; a test is skipped without Ray.

    The first node is that of whoever joins it, and must not be killed.
    """
    settings = {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    with patch.dict(os.environ, settings), contextlib.chdir(ROOT):
        pytest.importorskip("ray", reason="Ray (requirements-cluster.txt) is not installed")
        from ray.cluster_utils import Cluster

        node = {"object_store_memory": 200 * 1024**2, "include_dashboard": False}
        first, *others = ({"num_cpus": each} | node for each in cores)
        cluster = Cluster(initialize_head=True, head_node_args=first)
        try:
            for each in others:
                cluster.add_node(**each)
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
