"""Where answers go, as it is written on the command line."""

import pytest

from common.errors import InputError
from inference.pacs.sending.c_store import NodeDestination
from inference.pacs.sending.destination import destination, parcel
from inference.pacs.sending.dicomweb import WebDestination


@pytest.mark.parametrize(
    ("given", "title", "host", "port"),
    [
        ("PACS@10.1.2.3:104", "PACS", "10.1.2.3", 104),
        ("MY PACS@pacs.example:11112", "MY PACS", "pacs.example", 11112),
        ("PACS@[::1]:11112", "PACS", "::1", 11112),
    ],
)
def test_a_node(given, title, host, port):
    there = destination(given, title="GLIOLENS")
    assert isinstance(there, NodeDestination)
    assert (there._title, there._host, there._port) == (title, host, port)
    assert there.name == given


def test_a_url_is_shown_without_its_password():
    there = destination("https://me:secret@pacs.example/dicom-web", title="GLIOLENS")
    assert isinstance(there, WebDestination)
    assert there.name == "https://pacs.example/dicom-web"


@pytest.mark.parametrize(
    "given",
    ["PACS", "PACS@host", "@host:1", "PACS@host:0", "PACS@host:70000", "ftp://x/y", "A@b:1c"],
)
def test_anything_else_is_refused(given):
    with pytest.raises(InputError, match="is no destination; give AET@HOST:PORT"):
        destination(given, title="GLIOLENS")


def test_an_ae_title_of_ours_that_is_none_is_refused():
    with pytest.raises(InputError, match="is no AE title; give 1 to 16 characters"):
        destination("PACS@host:104", title="A" * 17)


def test_a_file_that_is_not_dicom_cannot_be_sent(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF" * 99)
    with pytest.raises(InputError, match=r"report\.pdf is no DICOM file"):
        parcel(file)
