"""Archives: that lead out, bombs, archives in archives, names that no disk has."""

import io
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib

from tests.zoo.animal import Animal
from tests.zoo.volumes import IMAGE, LFS, LOGIN, ZEROS

ZIP = "scan.zip"


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def twice() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for content in (IMAGE, b"another"):
            archive.writestr("x_t1.nii", content)
    return stream.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def _zip_that_claims(claimed: int) -> bytes:
    content = bytearray(zipped(("x_t1.nii", bytes(1000))))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", claimed)
    return bytes(content)


def _zip_of_zeros() -> bytes:
    """A gigabyte of zeros at 1 : 1000; its checksum is wrong, but nobody comes so far."""
    worker = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    first = worker.compress(bytes(10**6)) + worker.flush(zlib.Z_FULL_FLUSH)
    again = worker.compress(bytes(10**6)) + worker.flush(zlib.Z_FULL_FLUSH)
    packed = first + again * 999 + worker.flush()
    name, sizes = b"x_t1.nii", (0, len(packed), 10**9)
    common = struct.pack("<5H3I2H", 20, 0, 8, 0, 0, *sizes, len(name), 0)
    local = b"PK\x03\x04" + common + name + packed
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + common + bytes(14) + name
    return local + entry + _end(1, len(entry), len(local))


def _end(count: int, size: int, at: int) -> bytes:
    return struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, at, 0)


def _zip_of_entries(count: int) -> bytes:
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"x"
    return b"PK\x03\x04" + entry * count + _end(9, len(entry) * count, 4)


def _lying_on_each_other() -> bytes:
    """Two thousand entries whose content is one and the same megabyte, packed to a kilobyte."""
    packed = zlib.compress(bytes(10**6), 9)[2:-4]
    body, table = b"", b""
    for number in range(1900):
        name = f"P/x{number:04}_t1.nii".encode()
        fields = struct.pack(
            "<5H3I2H", 20, 0, 8, 0, 0, 0, len(packed) * 50, 10**6, len(name), 0
        )  # fmt: skip
        if not body:
            body = b"PK\x03\x04" + fields + name + packed
        table += b"PK\x01\x02" + struct.pack("<H", 20) + fields + bytes(14) + name
    return body + table + _end(1900, len(table), len(body))


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def locked(whole: bytes) -> bytes:
    """A zip of one file that says it has a password."""
    content = bytearray(whole)
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _tar_header(kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo("x_t1.nii")
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def _tar_link() -> tarfile.TarInfo:
    info = tarfile.TarInfo("x_t1.nii")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


def archives() -> list[Animal]:
    """All of them."""
    return [*_zips(), *_tars()]


def _zips() -> list[Animal]:
    good = zipped(("x_t1.nii", IMAGE))
    return [
        Animal("a zip of a scan", ZIP, good),
        Animal("a zip of a zip", ZIP, zipped(("scan.zip", good)), "holds scan.zip"),
        Animal("a zip of a scan of zeros", ZIP, zipped(("x_t1.nii.gz", ZEROS)), "times its size"),
        Animal("a zip with one name twice", ZIP, twice(), "cannot be unpacked"),
        Animal("a login page called .zip", ZIP, LOGIN, "is a text file"),
        Animal("a placeholder of Git LFS called .zip", ZIP, LFS, "a placeholder of Git LFS"),
        Animal("a zip that leads out", ZIP, zipped(("../x_t1.nii", IMAGE)), "leads out of it"),
        Animal("a zip with a path from the root", ZIP, zipped(("/etc/x_t1.nii", IMAGE)), "out of"),
        Animal("a zip with a path of Windows", ZIP, zipped(("C:\\x_t1.nii", IMAGE)), "out of it"),
        Animal("a zip with a link", ZIP, zipped((_link("x_t1.nii"), b"/etc/passwd")), "a link"),
        Animal("a zip with a password", ZIP,
               locked(zipped(("x_t1.nii", b"secret"), how=zipfile.ZIP_STORED)), "password"),
        Animal("a zip packed in a rare way", ZIP, zipped(("x_t1.nii", IMAGE), how=zipfile.ZIP_LZMA),
               "packed in a rare way"),
        Animal("a zip that claims 4 GB", ZIP, _zip_that_claims(4 * 10**9), "GB"),
        Animal("a zip of 1 GB of zeros", ZIP, _zip_of_zeros(), "which no scan packs to"),
        Animal("a zip of 100,000 entries", ZIP, _zip_of_entries(10**5), "more than 5000 files"),
        Animal("a zip whose entries lie on each other", ZIP, _lying_on_each_other(), "no scan"),
        Animal("a zip with a name of 300 letters", ZIP, zipped(("x" * 300 + "_t1.nii", IMAGE))),
        Animal("a zip with a name of 60,000 letters", ZIP,
               zipped(("x" * 60_000 + "_t1.nii", IMAGE))),
        Animal("a zip cut off", ZIP, good[:-30], "damaged zip"),
        Animal("a zip of nothing", ZIP, zipped(), "is empty"),
        Animal("a zip of text", ZIP, zipped(("notes.txt", b"x")), "but no scan"),
    ]  # fmt: skip


def _tars() -> list[Animal]:
    out = tarfile.TarInfo("../x_t1.nii")
    zeros = _tar_header(tarfile.REGTYPE, 1_900_000_000)
    chain = _tar_header(tarfile.XHDTYPE, 10) + b"10 a=bbbb\n".ljust(512, b"\0")
    good = tarred((tarfile.TarInfo("x_t1.nii"), IMAGE), mode="w:gz")
    return [
        Animal("a tar of a scan", "scan.tar.gz", good),
        Animal("a tar with a name of Latin-1", "scan.tar",
               tarred((tarfile.TarInfo("M\udcfcller_t1.nii"), IMAGE))),
        Animal("a tar packed by xz", "scan.tar.xz", tarred((tarfile.TarInfo("x_t1.nii"), IMAGE),
               mode="w:xz")),
        Animal("a tar of a zip", "scan.tar", tarred((tarfile.TarInfo("scan.zip"),
               zipped(("x_t1.nii", IMAGE)))), "holds scan.zip"),
        Animal("a tar that leads out", "scan.tar", tarred((out, IMAGE)), "leads out of it"),
        Animal("a tar with a link", "scan.tar", tarred((_tar_link(), b"")), "holds a link"),
        Animal("a tar of 2 GB of zeros", "scan.tar", zeros + bytes(9000), "which no scan packs to"),
        Animal("a tar with names of 900 MB", "scan.tar", _tar_header(tarfile.XHDTYPE, 900_000_000),
               "damaged tar"),
        Animal("a tar with a chain of names", "scan.tar", chain * 3000, "damaged tar"),
        Animal("a tar cut off", "scan.tar.gz", good[:-60], "damaged tar"),
    ]  # fmt: skip
