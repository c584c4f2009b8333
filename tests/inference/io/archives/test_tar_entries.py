"""A tar is read as Python's own reader does, and its headers cost no more than they weigh."""

import io
import tarfile

import pytest

from common.errors import InputError
from inference.io.archives.archive import unpacked
from inference.io.archives.tar_archive import members_of
from inference.io.archives.tar_entries import BLOCK, Kind, entries_of

FORMATS = {"pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT, "ustar": tarfile.USTAR_FORMAT}
LIMITS = {"max_bytes": 10**6, "max_entries": 9}


def tar_of(members, style=tarfile.PAX_FORMAT):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=style) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.type = len(content), tarfile.REGTYPE
            tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def header(kind, size, name="x"):
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize("style", FORMATS.values(), ids=FORMATS.keys())
def test_names_and_content_are_those_of_python(style):
    members = [
        ("P1/scan_t1.nii", b"x" * 700),
        ("P1/" + "long" * 20 + "/" + "name" * 20 + ".nii", b"y" * BLOCK),
        ("P1/Größe_頭_flair.nii", b""),
    ]
    tar = io.BytesIO(tar_of(members, style))
    found = [(each.name, each.kind, each.stream.read()) for each in entries_of(tar)]
    assert found == [(name, Kind.FILE, content) for name, content in members]


def test_links_folders_and_devices_are_told_apart():
    kinds = {
        tarfile.SYMTYPE: Kind.LINK,
        tarfile.LNKTYPE: Kind.LINK,
        tarfile.DIRTYPE: Kind.FOLDER,
        tarfile.FIFOTYPE: Kind.OTHER,
    }
    tar = io.BytesIO(b"".join(header(kind, 0) for kind in kinds))
    assert [each.kind for each in entries_of(tar)] == list(kinds.values())


LONG = header(tarfile.XHDTYPE, 900_000_000)
RECORD = b"10 a=bbbb\n".ljust(BLOCK, b"\0")
DAMAGED = {
    "names of 900 MB": LONG,
    "a long name of 900 MB": header(tarfile.GNUTYPE_LONGNAME, 900_000_000),
    "a chain of names": (header(tarfile.XHDTYPE, 10) + RECORD) * 3000,
    "a record of digits alone": header(tarfile.XHDTYPE, 50_000) + b"1" * 50_176,
    "a record beyond its end": header(tarfile.XHDTYPE, 10) + b"99 a=bbbb\n".ljust(BLOCK, b"\0"),
    "holes": header(tarfile.XHDTYPE, 26) + b"26 GNU.sparse.size=123456\n".ljust(BLOCK, b"\0")
    + header(tarfile.REGTYPE, 0),
    "a negative size": header(tarfile.REGTYPE, 0)[:124] + b"\xff" * 12 + bytes(376),
    "a wrong checksum": header(tarfile.REGTYPE, 0).replace(b"x", b"y", 1),
    "cut in a header": header(tarfile.REGTYPE, 0) + header(tarfile.REGTYPE, 0)[:200],
    "cut in a file": header(tarfile.REGTYPE, 900) + bytes(BLOCK),
}  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_damaged_is_refused_at_once(content, tmp_path):
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(InputError, match=r"x\.tar is a damaged tar"):
        members_of(tmp_path / "x.tar", **LIMITS)


def test_a_tar_of_zeros_is_a_bomb(tmp_path):
    (tmp_path / "x.tar").write_bytes(header(tarfile.REGTYPE, 1_900_000_000))
    with pytest.raises(InputError, match="which no scan packs to"):
        members_of(tmp_path / "x.tar", max_bytes=2 * 1024**3, max_entries=9)


def test_a_path_of_windows_does_not_lead_out(tmp_path):
    (tmp_path / "x.tar").write_bytes(tar_of([("..\\x_t1.nii", b"x")]))
    with pytest.raises(InputError, match="leads out of it"):
        members_of(tmp_path / "x.tar", **LIMITS)


def test_two_entries_of_one_name_are_refused(tmp_path):
    (tmp_path / "x.tar").write_bytes(tar_of([("x_t1.nii", b"x"), ("x_t1.nii", b"y")]))
    with pytest.raises(InputError, match="damaged tar"), unpacked(tmp_path / "x.tar"):
        pass
