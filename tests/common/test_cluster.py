"""Where there is no cluster, one sentence says so at once; a worker gets two cores."""

import socket
import sys
from types import SimpleNamespace

import pytest

from common.cluster import cores_of_worker, join_cluster, workers_in
from common.errors import InputError


@pytest.fixture
def ray(monkeypatch):
    """Stands in for Ray, which must not be asked to join anything."""
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace())


def nodes(*cores):
    """A cluster of machines with so many cores; a machine may be gone."""
    found = [
        {"Alive": each is not None, "Resources": {"CPU": 8.0 if each is None else each}}
        for each in cores
    ]
    return SimpleNamespace(nodes=lambda: found)


def test_an_address_at_which_nothing_listens_is_told_at_once(ray):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, so that nobody else listens there either
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(InputError, match=rf"--ray: no cluster answers at {address} "):
            join_cluster(address, wanted_by="--ray")


@pytest.mark.parametrize("address", ["head", "head:", "127.0.0.1:99999999"])
def test_what_is_no_address_is_told_with_what_would_be_one(ray, address):
    with pytest.raises(InputError, match="give its HOST:PORT, or local"):
        join_cluster(address, wanted_by="GLIOLENS_RAY")


@pytest.mark.parametrize(
    ("cores", "each", "workers"),
    [
        ((2.0,), 2, 1),
        ((16.0, 16.0), 2, 16),
        ((3.0, 2.0), 2, 2),
        ((1.0,), 1, 1),
        ((1.0, 4.0), 2, 2),
        ((2.0, None), 2, 1),
        ((0.0, 4.0), 2, 2),  # a head that works for nobody
        ((), 1, 1),
    ],
)
def test_a_worker_gets_two_cores_where_a_machine_has_them(cores, each, workers):
    assert cores_of_worker(nodes(*cores)) == each
    assert workers_in(nodes(*cores)) == workers
