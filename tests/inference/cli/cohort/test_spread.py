"""Cases spread over a cluster: the same results, and a worker that dies takes none with it."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.errors import InputError
from inference.__main__ import main
from inference.cli.cohort import spread as module
from inference.cli.cohort.asked import options_that_count
from inference.cli.cohort.attempt import Attempt
from inference.cli.options import make_parser
from tests.support.small_cluster import kill_a_worker_of, small_cluster

NAMES = [f"P{number}" for number in range(4)]


@pytest.fixture(scope="module")
def cluster():
    with small_cluster(4) as there:
        yield there


@pytest.fixture
def many(small_case_folder, tmp_path):
    """Folders of cases, and one that cannot be read."""
    for name in NAMES:
        folder = tmp_path / "in" / name
        folder.mkdir(parents=True)
        for file in small_case_folder.iterdir():
            os.link(file, folder / file.name.replace("small", name))
    bad = tmp_path / "in" / "bad" / "T2.nii.gz"
    bad.parent.mkdir()
    [whole] = small_case_folder.glob("*_t2.*")
    bad.write_bytes(whole.read_bytes()[:5000])
    return tmp_path / "in"


def run(folder, output, *more):
    given = [folder, "--model", "edge_unet", "--output", output, *more]
    code = main([str(each) for each in given])
    lines = (output / "manifest.jsonl").read_text().splitlines()
    return code, sorted((json.loads(line) for line in lines), key=lambda line: line["case"])


def without_times(line):
    return {name: value for name, value in line.items() if name != "seconds"}


@pytest.mark.slow  # a cluster starts, and networks run in its processes
def test_a_worker_killed_in_the_middle_loses_nothing_and_changes_nothing(
    cluster, many, tmp_path, capsys
):
    alone, spread = tmp_path / "alone", tmp_path / "spread"
    code, lines = run(many, alone)
    assert code == 2
    with ThreadPoolExecutor(1) as watcher:
        killed = watcher.submit(kill_a_worker_of, module.TASK)
        spread_code, spread_lines = run(many, spread, "--ray", cluster.address)
        assert killed.result()
    assert spread_code == 2
    assert [line["case"] for line in spread_lines] == sorted([*NAMES, "bad"])
    assert list(map(without_times, spread_lines)) == list(map(without_times, lines))
    for name in NAMES:
        file = f"{name}/edge_unet.nii.gz"
        assert (spread / file).read_bytes() == (alone / file).read_bytes()
    assert not [file for file in spread.rglob(".*") if file.is_file()]
    capsys.readouterr()
    assert run(many, spread)[1][:-1] == spread_lines[:-1]
    assert f"{len(NAMES)} of {len(NAMES) + 1} cases were done before" in capsys.readouterr().out


def test_where_it_is_computed_is_no_reason_to_do_a_case_again():
    plain, spread = (
        make_parser().parse_args(["x", *more]) for more in ([], ["--ray", "head:6379"])
    )
    assert options_that_count(plain) == options_that_count(spread)


def test_what_cannot_be_seen_from_here_ends_the_run(tmp_path):
    class Done:
        written = (tmp_path / "P1" / "unet.nii.gz",)

    with pytest.raises(InputError, match="on a disk that all machines of the cluster share"):
        module._check_is_here(Attempt(Done()))


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"--ray needs .* -r requirements-cluster\.txt"):
        module.spread([], None, None, address="local")
