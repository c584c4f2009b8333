"""Uploads lie on disk, go with the last who holds them, and Streamlit is left with no copy."""

import gc
import io
import tempfile
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from tests.support.run_async import run_async
from workspace.kept_file import KeptFile
from workspace.session import uploads_on_disk
from workspace.session.uploads_on_disk import keep_uploads_on_disk, kept, let_go

CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where they lie."""
    (tmp_path / "server").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "server"))
    return tmp_path / "server"


@pytest.fixture
def manager(monkeypatch):
    """Streamlit's own, of a server with one visitor."""
    manager = MemoryUploadedFileManager("/upload")

    class Server:
        uploaded_file_mgr = manager

    monkeypatch.setattr(Runtime, "exists", lambda: True)
    monkeypatch.setattr(Runtime, "instance", lambda: Server)
    monkeypatch.setattr(uploads_on_disk, "this_visitor", lambda: "me")
    monkeypatch.setattr(UploadFile, "read", UploadFile.read)
    return manager


def send(manager, name="a_t1.nii.gz"):
    manager.add_file("me", UploadedFileRec("17", name, "", CONTENT))
    [record] = manager.get_files("me", ["17"])
    return UploadedFile(record, None)


def test_a_file_is_there_as_long_as_somebody_holds_it(folder):
    held = KeptFile.of(CONTENT)
    assert (held.size, held.head(3), held.read()) == (len(CONTENT), CONTENT[:3], CONTENT)
    del held
    gc.collect()
    assert not list(folder.iterdir())


def test_it_stands_under_a_name_for_as_long_as_it_is_read(folder, tmp_path):
    held = KeptFile.of(CONTENT)
    held.lay(tmp_path / "named.nii.gz")
    (tmp_path / "named.nii.gz").unlink()
    assert held.read() == CONTENT


def test_it_stays_when_the_file_it_was_made_of_goes(tmp_path):
    (tmp_path / "of.zip").write_bytes(CONTENT)
    held = KeptFile.like(tmp_path / "of.zip")
    (tmp_path / "of.zip").unlink()
    assert held.read() == CONTENT


def test_where_no_file_has_two_names_it_is_copied(tmp_path, monkeypatch):
    def no(*_):
        raise OSError("no such links here")

    monkeypatch.setattr("os.link", no)
    held = KeptFile.of(CONTENT)
    held.lay(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT


def test_what_is_uploaded_is_not_in_memory(manager, folder):
    keep_uploads_on_disk()
    keep_uploads_on_disk()
    upload = send(manager)
    assert upload.getvalue() == b""
    assert kept(upload).name == "a_t1.nii.gz"
    assert kept(upload).file.read() == CONTENT
    assert len(list(folder.iterdir())) == 1


def test_what_was_taken_in_streamlit_forgets(manager, folder):
    keep_uploads_on_disk()
    upload = send(manager)
    taken = kept(upload)
    let_go([upload])
    assert not manager.get_files("me", ["17"])
    assert taken.file.read() == CONTENT
    del taken
    gc.collect()
    assert not list(folder.iterdir())


def test_what_the_server_has_on_disk_is_never_read_into_memory(manager, monkeypatch, folder):
    monkeypatch.setattr(UploadFile, "read", uploads_on_disk._whole)
    keep_uploads_on_disk()
    large = tempfile.SpooledTemporaryFile(max_size=100)  # noqa: SIM115 (its reader closes it)
    large.write(CONTENT)
    large.seek(0)
    data = run_async(UploadFile(large, filename="a_t1.nii.gz").read())
    large.close()
    assert data == b""
    manager.add_file("me", UploadedFileRec("17", "a_t1.nii.gz", "", data))
    upload = UploadedFile(manager.get_files("me", ["17"])[0], None)
    assert kept(upload).file.read() == CONTENT


def test_a_small_upload_is_read_as_ever(monkeypatch):
    monkeypatch.setattr(UploadFile, "read", uploads_on_disk._laid_on_disk)
    upload = UploadFile(io.BytesIO(CONTENT), filename="a.png")
    assert run_async(upload.read(3)) == CONTENT[:3]


def test_the_end_of_a_visit_deletes_what_was_not_taken_in(manager, folder):
    keep_uploads_on_disk()
    send(manager)
    manager.remove_session_files("me")
    gc.collect()
    assert not list(folder.iterdir())


def test_what_a_full_disk_does_not_take_stays_in_memory_until_it_is_read(
    manager, monkeypatch, folder
):
    def full(_self, _content):
        raise OSError(28, "No space left on device")

    keep_uploads_on_disk()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        held = kept(send(manager)).file
        with pytest.raises(OSError, match="No space left"):
            held.lay(folder / "named")
    assert (held.size, held.head(3), held.read()) == (len(CONTENT), CONTENT[:3], CONTENT)
    held.lay(folder / "named")
    assert (folder / "named").read_bytes() == CONTENT
    assert [file.name for file in folder.iterdir()] == ["named"]


def test_what_came_another_way_is_laid_on_disk_when_it_is_asked_for(folder):
    class Upload:
        name = "b.png"

        def getvalue(self):
            return CONTENT

    assert kept(Upload()).file.read() == CONTENT
