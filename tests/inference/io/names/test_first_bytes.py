import pytest

from inference.io.names.first_bytes import (
    KILOBYTE,
    begins_like_dicom,
    first_bytes,
    may_be_dicom,
)


def test_no_more_is_read_than_asked_for(tmp_path):
    file = tmp_path / "long"
    file.write_bytes(bytes(range(256)) * 8)
    assert len(first_bytes(file)) == KILOBYTE
    assert first_bytes(file, 3) == b"\0\1\2"


def test_what_cannot_be_opened_begins_with_nothing(tmp_path):
    assert first_bytes(tmp_path / "absent") == b""
    assert first_bytes(tmp_path) == b""


@pytest.mark.parametrize(
    ("head", "is_dicom"),
    [
        (bytes(128) + b"DICM", True),
        (b"x" * 128 + b"DICM" + b"more", True),
        (b"DICM", False),
        (bytes(127) + b"DICM", False),
        (bytes(128) + b"DIC", False),
        (b"", False),
    ],
)
def test_dicom_says_so_after_its_preamble(head, is_dicom):
    assert begins_like_dicom(head) is is_dicom


@pytest.mark.parametrize(
    ("head", "may_be"),
    [
        (bytes(128) + b"DICM", True),
        (b"\x08\0\x05\0" + b"CS\x0a\0" + b"1.2.840.10008.5.1.4.1.1.4", True),
        (b"\0\x08\0\x05" + b"CS\0\x0a" + b"1.2.840.10008.5.1.4.1.1.4", True),
        (b"\x08\0" + bytes(900), False),
        (b"of 1.2.840.10008.1.2", False),
    ],
)
def test_without_its_preamble_it_may_be_dicom(head, may_be):
    assert may_be_dicom(head) is may_be
