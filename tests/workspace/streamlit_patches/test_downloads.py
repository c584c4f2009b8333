"""A download that was made on request outlasts the script runs of others, and then goes."""

import importlib.util
from types import SimpleNamespace

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager, MediaFileMetadata
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from workspace.streamlit_patches import downloads
from workspace.streamlit_patches.downloads import KEPT_SECONDS, keep_downloads


@pytest.fixture
def clock(monkeypatch):
    for name in ("mark_for_delete", "is_marked_for_delete"):  # put back at the end
        monkeypatch.setattr(MediaFileMetadata, name, vars(MediaFileMetadata)[name])
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "a visitor")
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(downloads, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


def asked_for(manager):
    """The address of a download that was made, as the browser is told it."""
    placeholder = manager.add_deferred(lambda: b"scan", "a/b", "x", file_name="scan.zip")
    return manager.execute_deferred(placeholder)


def is_there(manager, address):
    return manager._storage.get_file(address.rsplit("/", 1)[1]) is not None


def gone(manager, address):
    try:
        return not is_there(manager, address)
    except media_file_manager.MediaFileStorageError:
        return True


def end_runs(manager, count):
    """Script runs of others end."""
    for _ in range(count):
        manager.remove_orphaned_files()


@pytest.fixture
def as_installed(monkeypatch):
    """Streamlit's own class: pages that other tests of this process drew have changed the other."""
    spec = importlib.util.find_spec(media_file_manager.__name__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "_get_session_id", lambda: "a visitor")
    return module.MediaFileManager


def test_streamlit_alone_drops_it_before_it_is_fetched(as_installed):
    manager = as_installed(MemoryMediaFileStorage("/media"))
    address = asked_for(manager)
    assert is_there(manager, address)
    end_runs(manager, 2)
    assert gone(manager, address), (
        "Streamlit keeps it now: workspace/streamlit_patches/downloads.py can go"
    )


def test_it_is_kept_for_a_minute(clock):
    keep_downloads()
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    address = asked_for(manager)
    end_runs(manager, 50)
    clock.seconds += KEPT_SECONDS - 1
    end_runs(manager, 50)
    assert is_there(manager, address)
    clock.seconds += 1
    end_runs(manager, 1)
    assert gone(manager, address)
