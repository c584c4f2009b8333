"""What the Docker image promises, held without Docker: by namespaces of the kernel.

A user of its own without any right, a file system that is read only but for /tmp, no network: the
image's files are started by its entry point there, and a browser inside visits them. What differs
from a container is the Python, which is this one.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.browser import PATIENCE_MS
from tests.conftest import ROOT

pytestmark = pytest.mark.slow  # a server and a browser, as the marks of those fixtures say
USER = "10001"  # as in the Dockerfile
CONFINED = (
    *("--unshare-all", "--die-with-parent", "--new-session", "--uid", USER, "--gid", USER),
    *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"),
)


@pytest.fixture(scope="module")
def confined():
    """The words that confine a command; tests are skipped where the kernel does not allow it."""
    program = shutil.which("bwrap")
    if program is None:
        pytest.skip(
            "there is no bwrap (Debian: bubblewrap): make confinement, where apt is allowed"
        )
    tried = subprocess.run([program, *CONFINED, "true"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no namespaces here: {tried.stderr.decode().strip()}")
    return [program, *CONFINED]


def arguments(lines, instruction):
    """The JSON array of the only line with an instruction."""
    [line] = [each for each in lines if each.startswith(instruction)]
    return json.loads(line[line.index("[") :])


@pytest.fixture(scope="module")
def case(small_case_folder, tmp_path_factory):
    """A small case under a patient's name."""
    folder = tmp_path_factory.mktemp("patients") / "Doe_Jane"
    folder.mkdir()
    for file in small_case_folder.iterdir():
        shutil.copy(file, folder / file.name.replace("small", folder.name))
    return folder


@pytest.fixture(scope="module")
def found(confined, image, lines, case):
    """What a visit inside found."""
    entrypoint, check = arguments(lines, "ENTRYPOINT"), arguments(lines, "HEALTHCHECK")
    place, brought = "/home/gliolens/app", "/home/brought"
    inside = [
        *confined,
        *("--tmpfs", "/home", "--ro-bind", str(image), place),
        *("--ro-bind", str(case), brought, "--remount-ro", "/home"),
        *("--chdir", place, "--setenv", "HOME", "/home/gliolens"),
        *("--setenv", "PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}"),
        *("--setenv", "PYTHONPATH", str(ROOT), "--setenv", "HF_HUB_OFFLINE", "1"),
    ]
    places = json.dumps([place, "/home/gliolens", "/", str(ROOT), "/tmp"])
    told = [json.dumps(entrypoint), json.dumps(check), places]
    command = [*inside, sys.executable, "-m", "tests.deployment.visit", *told, json.dumps(brought)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=2 * PATIENCE_MS / 1000
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_runs_as_an_ordinary_user(found):
    assert found["user"] == int(USER)


def test_it_segments_where_it_can_write_to_tmp_alone(found):
    assert found["written"] == ["/tmp"]
    assert found["alerts"] == 0


def test_it_needs_no_network(found):
    assert found["networks"] == ["lo"]


def test_the_health_check_tells_whether_it_runs(found):
    assert not found["healthy_before"]
    assert found["healthy"]
    assert found["healthy_after"]


def test_its_log_says_what_happened_and_nothing_of_the_case(found):
    lines = [json.loads(line) for line in found["log"].splitlines() if line.startswith("{")]
    events = [line["event"] for line in lines]
    assert events[:2] == ["opened", "queued"]
    assert "done" in events
    assert "Doe" not in found["log"]


def test_its_page_of_metrics_counts_the_same(found):
    assert re.search(
        r'^gliolens_events_total\{event="opened",model=""\} 1.0$', found["metrics"], re.M
    )
    assert re.search(r"^gliolens_visitors \d+.0$", found["metrics"], re.M)
