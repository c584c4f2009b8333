"""Files of DICOM whose headers claim what no scan has; each alone in a folder."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from pydicom.dataset import Dataset

from tests.inference.dicom import made
from tests.zoo.animal import Animal

_FRAMES, _ITEM = (0x5200, 0x9230), (0xFFFE, 0xE000)
_OPEN = 0xFFFFFFFF
_MANY = 400_000
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
