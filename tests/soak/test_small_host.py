"""More visitors than a small host has memory for, each with a case of 240×240×155: ``make soak``.

The server is a real one, in a control group with the memory of a public host. Its temporary files
lie on the disk, or in memory as in a container whose ``/tmp`` is a ``tmpfs``.
"""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nibabel as nib
import numpy as np
import pytest

from benchmarks.browser import free_port, start_server
from common.vocabulary import CONSENSUS
from inference.io.cases.case_files import open_cases
from model_zoo.registry import ALL_MODELS
from synthetic import make_case, write_case
from tests.conftest import ROOT
from tests.soak.figures import keep
from tests.support.memory_limit import MemoryLimit, NoMemoryLimitError, memory_limit
from tests.support.onlooker import onlookers
from tests.support.plain_visitor import PlainVisitor
from workspace.memory_budget import held_bytes
from workspace.open_case import read_files

pytestmark = [
    pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak"),
    pytest.mark.slow,
]

MEMORY = 2_700_000_000
VISITORS = 14
HEADS = 2
AT_ONCE = 4
ANSWERS = (*ALL_MODELS, CONSENSUS)
IN_MEMORY = Path("/dev/shm")
# Whoever waits for the answers of all who come with him, on two cores beside other work.
PATIENCE_S = 900
NO_ROOM = "full of cases that other visitors look at"
AGAIN_S = 10
MEGABYTE = 10**6


@dataclass(frozen=True)
class SmallHost:
    """A server with little memory, and what says how it is."""

    address: str
    metrics: str
    limit: MemoryLimit

    def events(self, kind: str) -> int:
        """How many of these there were."""
        with urllib.request.urlopen(self.metrics, timeout=60) as answer:
            text = answer.read().decode()
        found = re.search(rf'^gliolens_events_total{{event="{kind}",model=""}} (\S+)$', text, re.M)
        return int(float(found[1])) if found else 0


@contextmanager
def small_host(files: Path) -> Iterator[SmallHost]:
    """The app in a group of its own.

    Args:
        files: Where its temporary files lie.
    """
    metrics = f"127.0.0.1:{free_port()}"
    env = {"GLIOLENS_METRICS": metrics, "TMPDIR": str(files)}
    try:
        with memory_limit(MEMORY) as limit, limit.watched():
            with limit.around_what_begins():
                server = start_server(ROOT / "app.py", env=env)
                address = server.__enter__()
            try:
                with onlookers(address, 1, ("",)):  # the first visit has metrics served
                    pass
                yield SmallHost(address, f"http://{metrics}/metrics", limit)
            finally:
                server.__exit__(None, None, None)
    except NoMemoryLimitError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def heads(tmp_path_factory):
    """Cases of different heads."""
    folder = tmp_path_factory.mktemp("heads")
    for seed in range(HEADS):
        write_case(make_case(seed=300 + seed), folder / f"head{seed}")
    return folder


@pytest.fixture(scope="module")
def right(heads, tmp_path_factory):
    """By head and name of an answer, the label map that the command line writes, RAS+."""
    out = tmp_path_factory.mktemp("right")
    command = [sys.executable, "-m", "inference", str(heads), "--model", "all"]
    subprocess.run([*command, "--output", str(out)], cwd=ROOT, check=True, capture_output=True)
    return {
        head.name: {name: label_map(out / head.name / f"{name}.nii.gz") for name in ANSWERS}
        for head in heads.iterdir()
    }


def label_map(file: Path) -> np.ndarray:
    image = nib.as_closest_canonical(nib.load(file))
    return np.asarray(image.dataobj).astype(np.uint8)


def case_of(number: int, heads: Path, folder: Path) -> tuple[str, list[Path]]:
    """The name of a visitor's head, and files that nobody else has: a truth of his own."""
    head = heads / f"head{number % HEADS}"
    own = folder / f"case{number}"
    own.mkdir()
    for file in head.iterdir():
        if "seg" not in file.name:
            (own / file.name).symlink_to(file)
            continue
        image = nib.load(file)
        truth = np.asarray(image.dataobj).copy()
        voxel = tuple(np.argwhere(truth)[10 * number])
        truth[voxel] = 1 if truth[voxel] == 2 else 2
        nib.save(nib.Nifti1Image(truth, image.affine, image.header), own / file.name)
    return head.name, sorted(own.iterdir())


def press_until_there_is_room(visitor: PlainVisitor, label: str) -> int:
    """Open a case as long as it takes; how often there was no room."""
    start, refused = time.monotonic(), 0
    while True:
        visitor.press(label)
        if NO_ROOM not in visitor.told:
            return refused
        assert time.monotonic() < start + PATIENCE_S, "there never was room"
        refused, label = refused + 1, "Open these files"
        time.sleep(AGAIN_S)


@dataclass
class Visit:
    """What one visitor did."""

    visitor: PlainVisitor
    head: str
    refused: int


def check_answers(visitor: PlainVisitor, right: dict[str, np.ndarray]) -> None:
    """Wait for them all; they are the command line's."""
    visitor.until(lambda: visitor.has_answers(ANSWERS), PATIENCE_S)
    for name in ANSWERS:
        np.testing.assert_array_equal(visitor.label_map(name), right[name])


@pytest.mark.parametrize("files_in", ["disk", "memory"])
def test_more_than_fit_are_all_answered_and_the_host_stays(files_in, heads, right, tmp_path):
    if files_in == "memory" and not IN_MEMORY.is_dir():
        pytest.skip(f"there is no {IN_MEMORY}")
    place = str(IN_MEMORY) if files_in == "memory" else None
    with TemporaryDirectory(dir=place) as temporary, small_host(Path(temporary)) as host:

        def come(number: int) -> Visit:
            head, files = case_of(number, heads, tmp_path)
            visitor = PlainVisitor(host.address)
            visitor.visit("")
            visitor.drop(files)
            refused = press_until_there_is_room(visitor, "Open these files")
            check_answers(visitor, right[head])
            print(
                f"\n{files_in}: visitor {number + 1} has his answers, refused {refused} times; "
                f"{host.limit.taken_bytes / MEGABYTE:.0f} MB are taken",
                flush=True,
            )
            return Visit(visitor, head, refused)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            visits = list(pool.map(come, range(VISITORS)))
        assert host.limit.killed == 0
        made_room = host.events("let_go")
        assert (made_room > 0) is (files_in == "memory")
        # No further than the first: coming back to a case is looking at it, and it stays then.
        again = next((visit for visit in visits if had_to_make_room(visit.visitor)), None)
        assert (again is not None) is (files_in == "memory")
        if again is not None:
            press_until_there_is_room(again.visitor, "Open it again")
            check_answers(again.visitor, right[again.head])
        assert host.limit.killed == 0
        for visit in visits:
            visit.visitor.leave()
    keep(
        f"small_host_{files_in}",
        visitors=VISITORS,
        at_once=AT_ONCE,
        case_mb=file_bytes(heads) / MEGABYTE,
        limit_mb=MEMORY / MEGABYTE,
        peak_mb=host.limit.peak_bytes / MEGABYTE,
        made_room=made_room,
        refused=sum(visit.refused > 0 for visit in visits),
    )
    assert host.limit.peak_bytes < MEMORY


def file_bytes(heads: Path) -> int:
    """What one of the cases takes in files while it is open."""
    with open_cases([heads / "head0"]) as (files,):
        return held_bytes(read_files(files), in_files=True)


def had_to_make_room(visitor: PlainVisitor) -> bool:
    """Whether he reads so when he comes back to his case."""
    visitor.visit("compare")
    return "Your case was let go of" in visitor.told
