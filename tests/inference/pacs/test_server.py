"""The DICOM node as another node sees it, in one process."""

import contextlib
import logging
import os
import socket
import tempfile
import time

import pytest
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, RLELossless
from pynetdicom import AE

from benchmarks.browser import free_port
from common.errors import InputError
from inference.pacs import server
from inference.pacs.server import Node, readable_syntaxes, serving, storage_classes
from tests.inference.dicom.made import ENHANCED_MR, MR, dataset, write
from tests.inference.pacs.listening import wait_for

ECHO = "1.2.840.10008.1.1"
EXPLICIT = "1.2.840.10008.1.2.1"


class Desk:
    """In place of a reception: keeps what comes, and answers what it is told to."""

    def __init__(self):
        self.came, self.ended, self.status, self.error = [], [], 0, None

    def store(self, file, sop_class, association, sender):
        if self.error:
            raise self.error
        self.came.append((file.read_bytes(), sop_class, sender))
        return self.status

    def closed(self, association, *, broken):
        self.ended.append(broken)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "arriving"


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def node(desk, folder, port):
    with serving(Node("GLIOLENS", port, "127.0.0.1", ("PACS",)), desk, folder, 100_000):
        yield port


@contextlib.contextmanager
def associated(port, *kinds, title="PACS"):
    entity = AE(ae_title=title)
    for kind in kinds or [(ECHO, EXPLICIT)]:
        entity.add_requested_context(*kind)
    association = entity.associate("127.0.0.1", port, ae_title="GLIOLENS")
    yield association
    if association.is_established:
        association.release()


def test_it_answers_an_echo(node, desk):
    with associated(node) as association:
        assert association.send_c_echo().Status == 0
    assert wait_for(lambda: desk.ended) == [False]


def test_it_refuses_titles_that_are_not_accepted(node):
    with associated(node, title="STRANGER") as association:
        assert association.is_rejected


def test_an_object_comes_as_it_was_sent_and_nothing_is_left_behind(node, desk, folder, tmp_path):
    file = write(dataset(0), tmp_path / "image.dcm")
    with associated(node, (MR, EXPLICIT)) as association:
        assert association.send_c_store(file).Status == 0
    [(body, sop_class, sender)] = desk.came
    assert (sop_class, sender) == (MR, "PACS")
    assert body[-96:] == file.read_bytes()[-96:]
    assert b"Doe^Jane" in body
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless, JPEGLosslessSV1])
@pytest.mark.parametrize("sop_class", [MR, ENHANCED_MR])
def test_compressed_images_are_agreed_on(node, sop_class, syntax):
    with associated(node, (sop_class, syntax)) as association:
        assert association.accepted_contexts[0].transfer_syntax == [syntax]


def test_what_cannot_be_read_is_not_agreed_on(node):
    with associated(node, (ECHO, EXPLICIT), (MR, "1.2.840.10008.1.2.4.201")) as association:
        assert [each.abstract_syntax for each in association.accepted_contexts] == [ECHO]


def test_what_is_accepted_is_what_is_read_and_what_has_a_name():
    assert {MR, ENHANCED_MR, "1.2.840.10008.5.1.4.1.1.66.4"} <= set(storage_classes())
    syntaxes = readable_syntaxes()
    assert {"1.2.840.10008.1.2", EXPLICIT, "1.2.840.10008.1.2.2", RLELossless} <= set(syntaxes)
    for unread in ("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.102"):
        assert unread not in syntaxes


def test_a_full_house_and_a_fault_are_told_by_their_status(node, desk, folder, tmp_path):
    file = write(dataset(0), tmp_path / "image.dcm")
    with associated(node, (MR, EXPLICIT)) as association:
        desk.status = 0xA700
        assert association.send_c_store(file).Status == 0xA700
        desk.error = OSError("no space")
        assert association.send_c_store(file).Status == 0xA700
        desk.error = ValueError("Doe^Jane")
        assert association.send_c_store(file).Status == 0xC000
    assert list(folder.iterdir()) == []


def test_a_connection_that_breaks_is_no_release(node, desk):
    with associated(node) as association:
        association.abort()
    assert wait_for(lambda: desk.ended) == [True]
    with associated(node) as association:
        association.dul.socket.socket.shutdown(socket.SHUT_RDWR)  # as where a cable is pulled
        wait_for(lambda: len(desk.ended) == 2)
    assert desk.ended == [True, True]


def test_an_object_that_does_not_end_ends_its_association(node, desk, tmp_path):
    ds = dataset(0)
    ds.PixelData = b"\0" * 500_000
    file = write(ds, tmp_path / "image.dcm")
    with associated(node, (MR, EXPLICIT)) as association:
        assert not association.send_c_store(file)
        wait_for(lambda: desk.ended)
    assert (desk.came, desk.ended) == ([], [True])


def test_an_object_that_broke_off_is_removed_in_time(node, desk, folder):
    for name, age in (("old", 300), ("new", 10)):
        (folder / f"{name}.dcm").touch()
        when = time.time() - age
        os.utime(folder / f"{name}.dcm", (when, when))
    with associated(node):
        pass
    wait_for(lambda: [file.name for file in folder.iterdir()] == ["new.dcm"])


@pytest.mark.parametrize(
    ("start", "silence"),
    [
        pytest.param(b"\x01\0\xff\xff\xff\xff", 60, id="claims 4 GB"),
        pytest.param(b"\x01\0\0\0\x10\0abc", 1, id="stops in the middle"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 60, id="speaks another language"),
    ],
)
def test_a_stranger_is_neither_believed_nor_waited_for(
    monkeypatch, desk, folder, port, start, silence
):
    monkeypatch.setattr(server, "_SILENCE_SECONDS", silence)
    with (
        serving(Node("GLIOLENS", port, "127.0.0.1"), desk, folder, 1000),
        socket.create_connection(("127.0.0.1", port), timeout=20) as stranger,
    ):
        stranger.sendall(start)
        with contextlib.suppress(ConnectionError):
            while stranger.recv(1000):
                pass


def test_what_a_killed_process_left_half_received_is_removed(desk, folder, port):
    folder.mkdir()
    (folder / "tmp1.dcm").write_bytes(b"Doe^Jane")
    (folder / "slice").mkdir()
    (folder / "slice" / "slice.dcm").write_bytes(b"x")
    before = tempfile.gettempdir()
    with serving(Node("GLIOLENS", port, "127.0.0.1"), desk, folder, 1000):
        assert list(folder.iterdir()) == []
        assert tempfile.gettempdir() == str(folder)
    assert tempfile.gettempdir() == before


def test_a_port_that_is_taken_is_named(node, desk, folder):
    with (
        pytest.raises(InputError, match=f"Port {node} cannot be listened on"),
        serving(Node("OTHER", node, "127.0.0.1"), desk, folder, 1000),
    ):
        raise AssertionError("two listen on one port")


def test_nothing_is_logged(node, desk, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    desk.error = ValueError("Doe^Jane")
    with associated(node, (MR, EXPLICIT)) as association:
        association.send_c_store(write(dataset(0), tmp_path / "image.dcm"))
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
