"""A cluster of Ray, which is an optional package: what several machines calculate together."""

import importlib
import logging
import socket
from typing import Any, Final

from common.errors import InputError

LOCAL: Final = "local"
# Of a worker that runs networks; on a machine that has but one, one.
WORKER_CORES: Final = 2
_NAMESPACE: Final = "gliolens"
_PATIENCE_S: Final = 5
_INSTALL: Final = "pip install -r requirements-cluster.txt -c constraints.txt"


def join_cluster(address: str, *, wanted_by: str) -> Any:
    """Join a cluster, or start one on this machine alone.

    Args:
        address: ``"local"``, or ``HOST:PORT`` of its head.
        wanted_by: The option or variable that names it.

    Returns:
        The module ``ray``.

    Raises:
        InputError: where Ray is not installed, or nothing answers at the address.
    """
    ray = _imported(wanted_by)
    if address != LOCAL:
        _check_answers(address, wanted_by)
    logging.getLogger("ray").setLevel(logging.ERROR)
    alone = {"include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(
            address, namespace=_NAMESPACE, log_to_driver=False, configure_logging=False, **alone
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise _no_cluster(address, wanted_by, error) from error
    return ray


def cores_of_worker(ray: Any) -> int:
    """How many cores each worker gets: no more than the largest machine has."""
    return min(WORKER_CORES, int(max(_cores(ray))))


def workers_in(ray: Any) -> int:
    """How many workers have room in the cluster as it is now, at least one."""
    each = cores_of_worker(ray)
    return max(1, sum(int(cores) // each for cores in _cores(ray)))


def _cores(ray: Any) -> list[float]:
    nodes = [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]
    return [cores for cores in nodes if cores >= 1] or [1]


def _imported(wanted_by: str) -> Any:
    try:
        return importlib.import_module("ray")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "ray":
            raise
        raise InputError(
            f"{wanted_by} needs the package ray, which is not installed; install it with "
            f"{_INSTALL}."
        ) from None


def _check_answers(address: str, wanted_by: str) -> None:
    """Ray itself would try for minutes, and write what it tries."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE_S):
            return
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, wanted_by, error) from error


def _no_cluster(address: str, wanted_by: str, error: Exception) -> InputError:
    why = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return InputError(
        f"{wanted_by}: no cluster answers at {address} ({why}); start one with "
        f"`ray start --head` and give its HOST:PORT, or {LOCAL}."
    )
