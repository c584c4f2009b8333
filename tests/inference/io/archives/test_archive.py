"""Archive: a zip is judged by its table of contents, before anything is unpacked."""

import io
import stat
import struct
import zipfile

import numpy as np
import pytest

from common.errors import InputError
from inference.io.archives.archive import check_zip, is_zip


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def write_zip(path, members, **options):
    path.write_bytes(zipped(members, **options))
    return path


def test_is_zip_looks_inside(tmp_path):
    assert is_zip(write_zip(tmp_path / "x.dat", [("a", b"")]))
    (tmp_path / "y.zip").write_bytes(b"hello")
    assert not is_zip(tmp_path / "y.zip")
    assert not is_zip(tmp_path / "absent.zip")


def test_only_visible_nifti_files_are_wanted(tmp_path):
    members = ["P1/x_t1.nii.gz", "__MACOSX/P1/._x_t1.nii.gz", "P1/.hidden.nii", ".git/x_t1.nii",
               "P1/notes.txt", "inner.zip", "folder.nii/", "P1\\x_t2.NII"]  # fmt: skip
    path = write_zip(tmp_path / "x.zip", [(name, b"") for name in members])
    assert [entry.filename for entry in check_zip(path)] == ["P1/x_t1.nii.gz", "P1\\x_t2.NII"]


@pytest.mark.parametrize(
    "name", ["../x_t1.nii", "a/../../x_t1.nii", "/etc/x_t1.nii", "..\\x_t1.nii", "C:\\x_t1.nii"]
)
def test_paths_that_lead_out_are_refused(tmp_path, name, assert_refused):
    path = write_zip(tmp_path / "x.zip", [("fine_t1.nii", b""), (name, b"")])
    with pytest.raises(InputError, match="leads out of it") as caught:
        check_zip(path)
    assert_refused(caught.value, "x.zip")


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo("x_t1.nii")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(InputError, match=r"x\.zip holds a link"):
        check_zip(write_zip(tmp_path / "x.zip", [(link, b"/etc/passwd")]))


def test_passwords_are_refused(tmp_path):
    content = bytearray(zipped([("x_t1.nii", b"secret")]))
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(InputError, match=r"x\.zip is protected by a password"):
        check_zip(tmp_path / "x.zip")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_compressions_are_refused(tmp_path, compression):
    """Both can be made to take any amount of memory for a few bytes."""
    path = write_zip(tmp_path / "x.zip", [("x_t1.nii", b"data")], compression=compression)
    with pytest.raises(InputError, match=r"x\.zip is packed in a rare way"):
        check_zip(path)


def test_limits_of_a_zip_can_be_moved(tmp_path):
    path = write_zip(tmp_path / "x.zip", [("x_t1.nii", bytes(600)), ("x_t2.nii", bytes(600))])
    assert len(check_zip(path, max_bytes=1200, max_entries=2)) == 2
    with pytest.raises(InputError, match=r"x\.zip unpacks to more than"):
        check_zip(path, max_bytes=1199)
    with pytest.raises(InputError, match=r"x\.zip holds more than 1 files"):
        check_zip(path, max_entries=1)


@pytest.mark.parametrize("damage", ["cut", "end only", "no end", "nonsense", "wide"])
def test_damaged_zips_are_refused(tmp_path, damage, assert_refused):
    whole = zipped([("x_t1.nii", np.random.default_rng(0).bytes(5000))])
    broken = {
        "cut": whole[:-30],
        "end only": b"PK\x05\x06" + b"\xff" * 18,
        "no end": whole[:1000],
        "nonsense": b"PK\x03\x04" + np.random.default_rng(0).bytes(9000),
        "wide": whole[:-22] + whole[-22:].replace(whole[-10:-6], b"\xff\xff\xff\x7f"),
    }
    path = tmp_path / "x.zip"
    path.write_bytes(broken[damage])
    with pytest.raises(InputError) as caught:
        check_zip(path)
    assert_refused(caught.value, "x.zip")


def test_an_endless_table_of_contents_in_the_64_bit_form(tmp_path, assert_refused):
    """zipfile believes the 64-bit record, whatever the plain one says."""
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, 10**12, 4)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, 4, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 47, 4, 0)
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + record + locator + end)
    with pytest.raises(InputError, match="holds more than 5000 files") as caught:
        check_zip(tmp_path / "x.zip")
    assert_refused(caught.value, "x.zip")
