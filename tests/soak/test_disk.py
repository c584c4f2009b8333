"""A disk that is full or only read: no half file is left, and one sentence says why."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from streamlit.testing.v1 import AppTest

from inference.__main__ import main
from model_zoo.weights import hub as hub_module
from model_zoo.weights.hub_pin import environment_variable
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import EMBEDDED
from tests.conftest import ROOT
from tests.support.hub_client import client_environment, point_client
from tests.support.hub_server import run_hub
from workspace.session import temporary_folder

# A file system of the kernel, in which not even root makes a folder.
UNWRITABLE = "/sys/gliolens"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="has no such file system")


@pytest.fixture
def largest_file():
    """Sets how many bytes a file may have, as a full disk does for all that is written then."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@on_linux
def test_an_export_that_finds_no_room_leaves_nothing(
    small_case_folder, tmp_path, largest_file, capsys
):
    out = tmp_path / "out"
    largest_file(100)
    code = main([str(small_case_folder), "--model", "edge_unet", "--output", str(out)])
    largest_file(-1)
    error = capsys.readouterr().err
    assert code == 2, error
    assert "no room left" in error
    assert error.count("\n") == 1
    assert [file for file in out.rglob("*") if file.is_file()] == []


@on_linux
def test_an_archive_that_finds_no_room_is_no_damaged_one(
    small_case_folder, tmp_path, largest_file, capsys
):
    archive = shutil.make_archive(str(tmp_path / "case"), "zip", small_case_folder)
    largest_file(10_000)
    code = main([archive, "--model", "edge_unet"])
    largest_file(-1)
    error = capsys.readouterr().err
    assert code == 2, error
    assert "no room left" in error


@on_linux
def test_an_export_onto_a_disk_that_is_only_read(small_case_folder, capsys):
    with pytest.raises(SystemExit) as ended:
        main([str(small_case_folder), "--model", "edge_unet", "--output", UNWRITABLE])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert "/sys cannot be written in" in error
    assert error.count("\n") == 1
    assert "Traceback" not in error


@on_linux
def test_where_the_cache_of_the_hub_is_only_read_the_embedded_weights_are_used(monkeypatch):
    with run_hub() as hub:
        point_client(monkeypatch, hub.address, type(ROOT)(UNWRITABLE))
        monkeypatch.setattr(hub_module, "_silent_until", 0.0)
        commit = hub.add("lab/edge", EMBEDDED / "edge_unet")
        monkeypatch.setenv(environment_variable("edge_unet"), f"lab/edge@{commit}")
        _, origin = load_model("edge_unet")
    assert origin.source == "embedded"
    assert "the download failed (" in origin.note
    assert UNWRITABLE not in origin.note


LOADED = """
from pathlib import Path
from model_zoo.weights.loading import load_model
try:
    Path("written").touch()
except OSError as error:
    print(error.strerror)
_, origin = load_model("edge_unet")
print(origin.source, origin.note)
"""


@pytest.mark.slow  # a process of its own
def test_weights_in_a_cache_that_is_only_read_are_used(monkeypatch, tmp_path):
    confine = [shutil.which("bwrap") or "bwrap", "--ro-bind", "/", "/", "--dev", "/dev"]
    try:
        subprocess.run([*confine, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("there is no bwrap (Debian: bubblewrap), or the kernel does not allow it")
    with run_hub() as hub:
        point_client(monkeypatch, hub.address, tmp_path)
        monkeypatch.setattr(hub_module, "_silent_until", 0.0)
        commit = hub.add("lab/edge", EMBEDDED / "edge_unet")
        monkeypatch.setenv(environment_variable("edge_unet"), f"lab/edge@{commit}")
        assert load_model("edge_unet")[1].source == "hub"
        environment = os.environ | client_environment(hub.address, tmp_path)
        environment["PYTHONPATH"] = str(ROOT)
        done = subprocess.run(
            [*confine, "--chdir", str(tmp_path), sys.executable, "-c", LOADED],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout == "Read-only file system\nhub cache None\n", done.stderr


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "no room left on the disk"), (errno.EROFS, "may not write to its folder")],
)
def test_a_server_without_room_for_temporary_files_says_so(monkeypatch, number, words):
    def mkdtemp(**_):
        raise OSError(number, os.strerror(number), "/srv/secret")

    monkeypatch.setattr(temporary_folder, "_own", [])
    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120).run()
    assert not app.exception
    said = " ".join(error.value for error in app.error)
    assert words in said
    assert "secret" not in said


def test_a_machine_without_any_folder_to_write_to_is_told_so(monkeypatch):
    def gettempdir():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(temporary_folder, "_own", [])
    monkeypatch.setattr(tempfile, "gettempdir", gettempdir)
    with pytest.raises(PermissionError):
        temporary_folder.own_temporary_folder()
