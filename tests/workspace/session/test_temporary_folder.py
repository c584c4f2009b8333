import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workspace.session.temporary_folder import remove_abandoned

SERVER = """
import os, tempfile, time
if {number}:
    os.getpid = lambda: {number}
from workspace.session.temporary_folder import own_temporary_folder
own_temporary_folder()
own_temporary_folder()
print(tempfile.mkdtemp(prefix="gliolens-"), flush=True)
time.sleep({seconds})
"""


@pytest.fixture
def start(tmp_path):
    """Starts what stands for a server; gives it and the temporary folder it has made."""
    started = []

    def run(seconds, *, number=0):
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(seconds=seconds, number=number)],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(server)
        return server, Path(server.stdout.readline().strip())

    yield run
    for server in started:
        server.kill()
        server.wait()


def test_a_server_that_ends_takes_its_files_with_it(start, tmp_path):
    server, folder = start(0)
    server.wait(timeout=30)
    assert folder.is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_files_of_a_killed_server_go_when_the_next_starts(start, tmp_path):
    killed, left = start(60)
    _, in_use = start(60)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert left.is_dir()
    start(60)
    assert not left.parent.exists()
    assert in_use.is_dir(), "its server is at work"


def test_nobody_else_on_the_machine_may_look_into_it(start):
    _, folder = start(60)
    for each in (folder, folder.parent):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700


def test_two_servers_of_one_number_leave_each_other_alone(start):
    """As two containers do that share a folder and a name, and each count from 1."""
    (_, one), (_, other) = (start(60, number=2**30) for _ in range(2))
    assert one.is_dir(), "its server is at work"
    assert other.is_dir()
    assert one.parent != other.parent


def test_a_folder_that_was_swept_away_comes_back_and_is_kept_from_others(tmp_path):
    """In a process of its own: it moves the temporary files of all that follows."""
    code = """
import os, shutil, tempfile
from pathlib import Path
from workspace.session.temporary_folder import own_temporary_folder, remove_abandoned
own_temporary_folder()
own = Path(tempfile.gettempdir())
shutil.rmtree(own)
own_temporary_folder()
remove_abandoned(own.parent)
assert own.is_dir()
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_nothing_else_is_removed(tmp_path):
    host = socket.gethostname()
    others = ["gliolens-export-abc", f"gliolens-{host}-notes", "gliolens-elsewhere-1-x", "scan"]
    for name in others:
        (tmp_path / name).mkdir()
    file = tmp_path / f"gliolens-{host}-{2**30}-a_file"
    file.touch()
    folder = tmp_path / f"gliolens-{host}-{2**30}-x"
    folder.mkdir()
    remove_abandoned(tmp_path)
    assert not folder.exists()
    assert file.exists()
    assert all((tmp_path / name).is_dir() for name in others)
