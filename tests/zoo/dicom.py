"""Files of DICOM whose headers claim what no scan has; each alone in a folder."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from tests.inference.dicom import made
from tests.inference.dicom.codestreams import (
    as_file,
    in_layers,
    in_precincts,
    in_tiles,
    jpeg,
    jpeg_2000,
    jpeg_of_components,
    of_components,
    runs,
)
from tests.zoo.animal import Animal
from tests.zoo.studies import compressed

_FRAMES, _ITEM = (0x5200, 0x9230), (0xFFFE, 0xE000)
_OPEN = 0xFFFFFFFF
_MANY = 400_000
_SIDE = 1024
_DEFLATED = "1.2.840.10008.1.2.1.99"


def _long(tag: tuple[int, int], length: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH2sHI", *tag, b"SQ", 0, length) + content


def _item(length: int) -> bytes:
    return struct.pack("<HHI", *_ITEM, length)


def _with(inserted: bytes) -> Callable[[Path], None]:
    """A classic slice with more before its pixels."""

    def make(folder: Path) -> None:
        path = made.write(made.dataset(0), folder / "IM0001")
        whole = path.read_bytes()
        pixels = whole.index(struct.pack("<HH", 0x7FE0, 0x0010))
        path.write_bytes(whole[:pixels] + inserted + whole[pixels:])

    return make


def _edited(slices: int = 1, **elements: object) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        def edit(dataset: Dataset, _: int) -> None:
            for keyword, value in elements.items():
                setattr(dataset, keyword, value)

        made.write_series(folder, slices=range(slices), edit=edit)

    return make


def _compressed() -> list[Animal]:
    """Some hundred bytes each, for which a decoder would make room for gigabytes."""
    slice_ = jpeg_2000(np.zeros((_SIDE, _SIDE), np.uint8))
    grey = jpeg(np.zeros((_SIDE, _SIDE), np.uint8))
    usual = "as no program builds a slice"
    return [
        Animal("a picture of 1000 components", "study", _around(of_components(slice_, 1000)),
               "is damaged"),
        Animal("a picture of 65,000 tiles", "study", _around(in_tiles(slice_, 4)), usual),
        Animal("a picture of a million precincts", "study", _around(in_precincts(slice_, 0)),
               usual),
        Animal("a picture of 65,535 layers", "study", _around(in_layers(slice_, 65_535)), usual),
        Animal("a picture behind another", "study",
               _around(as_file(of_components(slice_, 1000), decoy=slice_)), "is damaged"),
        Animal("a JPEG of 255 components", "study",
               _around(jpeg_of_components(grey, 255), JPEGBaseline8Bit), "is damaged"),
        Animal("a compressed picture of another size", "study",
               _around(jpeg_2000(np.zeros(made.SHAPE, np.uint8))), "a compressed picture of"),
        Animal("compressed by no way at all", "study", _around(b"not a picture"), "is damaged"),
        Animal("runs of 128 MB behind the pixels", "study", compressed(
               RLELossless, lambda pixels: runs(pixels, more=500_000), 16)),
        Animal("runs that end too early", "study", compressed(
               RLELossless, lambda pixels: runs(pixels)[:-9], 16), "is damaged"),
    ]  # fmt: skip


def _around(frame: bytes, syntax: str = JPEG2000Lossless) -> Callable[[Path], None]:
    """Slices of 1024×1024 pixels, by their headers, each of one compressed picture."""

    def make(folder: Path) -> None:
        for index in range(10):
            ds = made.dataset(index)
            ds.Rows = ds.Columns = _SIDE
            made.write_compressed(ds, frame, folder / f"IM{index:04}", syntax)

    return make


def _cut(folder: Path) -> None:
    for path in made.write_series(folder, slices=[0]):
        path.write_bytes(path.read_bytes()[:-20])


def _deflated_bomb(folder: Path) -> None:
    path = made.write(made.dataset(0), folder / "IM0001", _DEFLATED)
    head = path.read_bytes()
    at = head.find(b"\x02\0\0\0UL\x04\0")
    start = at + 12 + int.from_bytes(head[at + 8 : at + 12], "little")
    worker = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    zeros = worker.compress(bytes(10**6)) + worker.flush(zlib.Z_FULL_FLUSH)
    again = worker.compress(bytes(10**6)) + worker.flush(zlib.Z_FULL_FLUSH)
    path.write_bytes(head[:start] + zeros + again * 600)


def dicom() -> list[Animal]:
    """All of them."""
    nested = _long(_FRAMES, _OPEN) + _item(_OPEN)
    items, elements = _item(0) * _MANY, struct.pack("<HH2sH", 0x5400, 0x0100, b"SH", 0) * _MANY
    return [
        *_compressed(),
        Animal("slices cut off", "study", _cut, "cut off"),
        Animal("a sequence of 400,000 items", "study", _with(_long(_FRAMES, len(items), items)),
               "more parts"),
        Animal("an open sequence of 400,000 items", "study", _with(_long(_FRAMES, _OPEN, items)),
               "more parts"),
        Animal("400,000 elements", "study", _with(elements), "more parts"),
        Animal("sequences 3000 deep", "study", _with(nested * 3000), "is damaged"),
        Animal("an element longer than the file", "study", _with(_long(_FRAMES, 2**31)), "cut off"),
        Animal("a deflated file of 600 MB", "study", _deflated_bomb, "would unpack"),
        Animal("60000×60000 pixels", "study", _edited(Rows=60_000, Columns=60_000), "60000×60000"),
        Animal("two billion frames", "study", _edited(NumberOfFrames=2_000_000_000), "slices"),
        Animal("frames that the file has not", "study", _edited(NumberOfFrames=5000), "cut off"),
        Animal("no bits a pixel", "study", _edited(BitsAllocated=7), "7 bits a pixel"),
        Animal("an intercept beyond float32", "study", _edited(10, RescaleIntercept=1e300),
               "is damaged"),
    ]  # fmt: skip
