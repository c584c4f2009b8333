import hashlib
import re
import subprocess
import sys

import pytest

from inference.io.names.file_names import recognise
from quicklook import component
from quicklook.component import (
    _PARTS,
    _RUNTIME,
    _engine,
    _files,
    _panel,
    is_available,
)
from tests.conftest import ROOT
from viewer.parcel import unpack
from workspace.open_case import SAMPLE_FOLDER


def test_the_vendored_runtime_is_what_its_page_says():
    told = dict(re.findall(r"\| `(\S+)` \| `(\w{64})` \|", (_RUNTIME / "README.md").read_text()))
    vendored = {file.name: file for file in _PARTS.values() if file.parent == _RUNTIME}
    assert told.keys() == vendored.keys()
    for name, file in vendored.items():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == told[name]


@pytest.mark.parametrize("name", _PARTS)
def test_a_part_that_was_changed_is_not_given_to_browsers(name, tmp_path, monkeypatch):
    changed = bytearray(_PARTS[name].read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / name).write_bytes(changed)
    monkeypatch.setattr(component, "_PARTS", _PARTS | {name: tmp_path / name})
    for kept in (is_available, _engine):
        kept.cache_clear()
    assert not is_available()
    with pytest.raises(ValueError, match="not what was released"):
        _engine()
    monkeypatch.undo()
    for kept in (is_available, _engine):
        kept.cache_clear()
    assert is_available()


def test_the_parcel_holds_all_that_the_worker_needs():
    header, blobs = unpack(_engine())
    parts = dict(zip(header["parts"], blobs, strict=True))
    assert parts["model"] == _PARTS["model"].read_bytes()
    assert parts["wasm"][:2] == b"\x1f\x8b"
    assert b"import {" not in parts["worker"]
    assert sum(map(len, blobs)) < 4_000_000


def test_the_sample_goes_along_as_it_lies_on_disk_without_its_truth():
    header, blobs = unpack(_files(SAMPLE_FOLDER))
    assert [recognise(name) for name in header["names"]] == ["flair", "t1", "t1c", "t2"]
    for name, blob in zip(header["names"], blobs, strict=True):
        assert blob == (SAMPLE_FOLDER / name).read_bytes()


def test_the_panel_is_one_of_the_views():
    panel = _panel()
    assert (panel["key"], panel["name"], panel["labels"]) == ("edge_unet", "Edge U-Net", None)


def test_no_torch_until_it_is_needed():
    check = (
        "import sys, quicklook; assert quicklook.is_available(); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)
