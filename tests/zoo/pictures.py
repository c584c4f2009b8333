"""Pictures and arrays: of every mode, bombs, series with gaps, and photographs."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from tests.workspace.desk.drops import disc
from tests.zoo.animal import Animal
from tests.zoo.volumes import LFS, LOGIN

PNG = "patient_t1.png"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def saved(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    return stream.getvalue()


def head() -> Image.Image:
    return Image.fromarray(disc())


def chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def png_that_claims(side: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0))
    zeros = zlib.compress(bytes(10**6))
    return PNG_MAGIC + header + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")


def _png_of_chunks() -> bytes:
    whole = saved(head())
    return whole[:33] + chunk(b"teXt", b"") * 50_000 + whole[33:]


def _jpeg_of_scans() -> bytes:
    noise = np.random.default_rng(0).integers(0, 255, (512, 512), np.uint8)
    whole = saved(Image.fromarray(noise), "JPEG", progressive=True, quality=5)
    start, end = [at for at in range(len(whole)) if whole[at : at + 2] == b"\xff\xda"][:2]
    return whole[:-2] + whole[start:end] * 1000 + whole[-2:]


def _tiff_in_a_circle() -> bytes:
    """A page of a thousand tags that is followed by itself."""
    tags = b"".join(struct.pack("<HHII", 256 + number, 4, 1, 8) for number in range(1_000))
    return b"II*\0" + struct.pack("<IH", 8, 1_000) + tags + struct.pack("<I", 8)


def _tiff_of_strips() -> bytes:
    fields = [(256, 64), (257, 64), (258, 8), (259, 1), (262, 1), (278, 1)]
    entries = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields]
    entries += [struct.pack("<HHII", tag, 4, 400_000, 200) for tag in (273, 279)]
    entries.sort()
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8) + directory + bytes(2_000_000)


def _pages(count: int, side: int) -> bytes:
    page = Image.new("L", (side, side))
    others = [page] * (count - 1)
    return saved(page, "TIFF", save_all=True, append_images=others, compression="tiff_deflate")


def _series(*numbers: object, size: int = 64):
    def make(folder: Path) -> None:
        folder.mkdir()
        for number in numbers:
            (folder / f"FLAIR_{number}.png").write_bytes(saved(Image.fromarray(disc(side=size))))

    return make


def _two_sizes(folder: Path) -> None:
    _series("001", "002", "003")(folder)
    (folder / "FLAIR_002.png").write_bytes(saved(Image.fromarray(disc(side=70))))


def array(text: bytes, content: bytes = b"") -> bytes:
    padded = text.ljust(-(-(len(text) + 11) // 64) * 64 - 11) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(padded)) + padded + content


def _array_of(shape: bytes, kind: bytes = b"'<f4'") -> bytes:
    return array(b"{'descr': %s, 'fortran_order': False, 'shape': %s}" % (kind, shape))


def _noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(90, 255, (64, 64, 3), np.uint8))


def pictures() -> list[Animal]:
    """All of them."""
    return [*_modes(), *_bombs(), *_several(), *_arrays()]


def _modes() -> list[Animal]:
    grey = head()
    wide = Image.fromarray(disc().astype(np.uint16) * 200)
    exif = Image.Exif()
    exif[0x0112] = 6
    deep = struct.pack(">2I5B", 64, 64, 16, 2, 0, 0, 0)
    rows = zlib.compress(bytes(64 * (64 * 6 + 1)))
    return [
        Animal("a grey PNG", PNG, saved(grey)),
        Animal("a PNG of 16 bits", PNG, saved(wide)),
        Animal("a PNG with a palette", PNG, saved(grey.convert("P"))),
        Animal("a PNG with alpha", PNG, saved(grey.convert("RGBA"))),
        Animal("a PNG of single bits", PNG, saved(grey.convert("1"))),
        Animal("a PNG of 16 bits a colour", PNG, PNG_MAGIC + chunk(b"IHDR", deep)
               + chunk(b"IDAT", rows) + chunk(b"IEND", b""), "16 bits a colour"),
        Animal("a JPEG", "patient_t1.jpg", saved(grey, "JPEG")),
        Animal("a JPEG turned by EXIF", "patient_t1.jpg", saved(grey, "JPEG", exif=exif)),
        Animal("a JPEG for print (CMYK)", "patient_t1.jpg", saved(grey.convert("CMYK"), "JPEG"),
               "is made for print"),
        Animal("a TIFF of 16 bits", "patient_t1.tif", saved(wide, "TIFF")),
        Animal("a TIFF of pages", "patient_t1.tif",
               saved(grey, "TIFF", save_all=True, append_images=[grey, grey])),
        Animal("a TIFF for print (CMYK)", "patient_t1.tif", saved(grey.convert("CMYK"), "TIFF"),
               "is made for print"),
        Animal("a GIF", "patient_t1.gif", saved(grey, "GIF"), "GIF"),
        Animal("a WebP picture", "patient_t1.webp", saved(grey, "WEBP"), "WebP"),
        Animal("a placeholder of Git LFS called .png", PNG, LFS, "a placeholder of Git LFS"),
        Animal("a PNG that moves", PNG, saved(grey, save_all=True, append_images=[_noise()]),
               "several pictures"),
        Animal("a GIF called .png", PNG, saved(grey, "GIF"), "is a GIF picture"),
        Animal("a login page called .png", PNG, LOGIN, "is a text file"),
        Animal("a photograph", "patient_t1.png", saved(_noise()), "photograph"),
        Animal("a picture cut off", PNG, saved(grey)[:-60], "cut off"),
        Animal("a picture of 20 pixels", PNG, saved(grey.resize((20, 20))), "20×20 pixels"),
    ]  # fmt: skip


def _bombs() -> list[Animal]:
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(60_000_000)))
    with_text = saved(head())[:33] + text + saved(head())[33:]
    return [
        Animal("a PNG that claims 40 GB", PNG, png_that_claims(200_000), "is damaged"),
        Animal("a PNG that claims 67 MB", PNG, png_that_claims(8192), "8192×8192 pixels"),
        Animal("a PNG with 60 MB of text", PNG, with_text, "is damaged"),
        Animal("a PNG of 50,000 chunks", PNG, _png_of_chunks(), "built as no program"),
        Animal("a JPEG of 1000 scans", "patient_t1.jpg", _jpeg_of_scans(), "built as no program"),
        Animal(
            "a TIFF whose page follows itself",
            "patient_t1.tif",
            _tiff_in_a_circle(),
            "as no program",
        ),
        Animal("a TIFF of 400,000 strips", "patient_t1.tif", _tiff_of_strips(), "as no program"),
        Animal("a TIFF that claims 200 MB", "patient_t1.tif", _pages(50, 2048), "50 slices"),
        Animal("a TIFF of 700 pages", "patient_t1.tif", _pages(700, 32), "more than 512 pages"),
    ]


def _several() -> list[Animal]:
    return [
        Animal("numbered slices", "P1", _series("001", "002", "003", "004")),
        Animal("numbered slices with a gap", "P1", _series("001", "002", "004", "005")),
        Animal("two slices of one number", "P1", _series("1", "01", "2", "3"), "are both slice 1"),
        Animal("slices of two sizes", "P1", _two_sizes, "at one size"),
    ]


def _arrays() -> list[Animal]:
    name = "patient_t1.npy"
    plain = io.BytesIO()
    np.save(plain, disc())
    return [
        Animal("an array", name, plain.getvalue()),
        Animal("an array of objects", name, _array_of(b"(64, 64)", b"'|O'"), "objects"),
        Animal("an array that claims 8 GB", name, _array_of(b"(2000, 2000000)"), "32 to 2048"),
        Animal("an array without its numbers", name, _array_of(b"(64, 64)"), "cut off"),
        Animal("an array of 5000 minus signs", name, _array_of(b"-" * 5000 + b"1"), "damaged"),
        Animal("an array of 5000 brackets", name, _array_of(b"(" * 5000), "damaged header"),
    ]
