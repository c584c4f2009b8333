"""Studies of DICOM as scanners and archives give them: of every encoding, with gaps, mixed up."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
)

from tests.inference.dicom import made
from tests.inference.dicom.codestreams import jpeg, jpeg_2000, runs
from tests.zoo.animal import Animal
from tests.zoo.archives import locked, zipped

Make = Callable[[Path], object]
_ROW, _, _NORMAL = made.oblique()
_HTJ2K = "1.2.840.10008.1.2.4.201"
_JPEG_XL = "1.2.840.10008.1.2.4.110"
_MPEG = "1.2.840.10008.1.2.4.102"
_CT, _REPORT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.88.33"
_DICOMDIR = "1.2.840.10008.1.3.10"
_PLANES = ([1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1], [1, 0, 0, 0, 0, -1])


def series(**how: object) -> Make:
    """A series of ten slices, or as :func:`tests.inference.dicom.made.write_series` is told."""
    return lambda folder: made.write_series(folder, **how)


def compressed(syntax: str, pack: Callable[[np.ndarray], bytes], bits: int = 8) -> Make:
    """The same with each slice packed."""

    def make(folder: Path) -> None:
        for index in range(10):
            pixels = made.pixels(index)
            frame = pack((pixels % 256).astype(np.uint8) if bits == 8 else pixels)
            ds = made.dataset(index)
            made.write_compressed(ds, frame, folder / f"IM{index:04}", syntax, bits)

    return make


def both(*makes: Make) -> Make:
    """Several, each in a folder of its own."""

    def make(folder: Path) -> None:
        for number, each in enumerate(makes):
            each(folder / str(number))

    return make


def one(**elements: object) -> Make:
    """A single object."""

    def make(folder: Path) -> None:
        ds = made.dataset(0)
        for keyword, value in elements.items():
            setattr(ds, keyword, value)
        made.write(ds, folder / "IM0001")

    return make


def studies() -> list[Animal]:
    """All of them."""
    return [*_encoded(), *_odd(), *_refused()]


def _encoded() -> list[Animal]:
    return [
        Animal("classic slices", "study", series()),
        Animal("implicit VR", "study", series(syntax=ImplicitVRLittleEndian)),
        Animal("big-endian slices", "study", series(syntax=ExplicitVRBigEndian)),
        Animal("deflated slices", "study", series(syntax=DeflatedExplicitVRLittleEndian)),
        Animal("slices packed by runs", "study", compressed(RLELossless, runs, 16)),
        Animal("slices as JPEG 2000", "study", compressed(JPEG2000Lossless, jpeg_2000)),
        Animal("slices as JPEG", "study", compressed(JPEGBaseline8Bit, jpeg)),
        Animal("an enhanced file", "study", _enhanced),
        Animal("slices without DICM", "study", _without_magic),
        Animal("slices as HTJ2K", "study", compressed(_HTJ2K, jpeg_2000), "HTJ2K"),
        Animal("slices as JPEG XL", "study", _called(_JPEG_XL), "JPEG XL"),
        Animal("a film", "study", compressed(_MPEG, jpeg), "a film"),
        Animal("an unknown encoding", "study", _called("1.2.840.10008.1.2.9.9"), "not known here"),
        Animal("colours a pixel", "study", series(edit=_colour), "a picture in colour"),
    ]


def _odd() -> list[Animal]:
    few, inverted = [place for place in range(26) if place != 16], "MONOCHROME1"
    return [
        Animal("a slice that is missing", "study", series(slices=few)),
        Animal("slices given twice", "study", both(series(), series())),
        Animal("white that is 0", "study", series(edit=_set(PhotometricInterpretation=inverted))),
        Animal("a name in Japanese", "study", series(edit=_japanese)),
        Animal("a zip of a study", "study.zip", _zip_of_study),
        Animal("a study among other things", "study", _mixed),
    ]  # fmt: skip


def _refused() -> list[Animal]:
    lost = [place for place in range(26) if place not in (7, 16)]
    mosaic = ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]
    return [
        Animal("two slices that are missing", "study", series(slices=lost), "and 1 more"),
        Animal("three slices", "study", series(slices=range(3)), "has only 3 slices"),
        Animal("a localiser alone", "study", series(slices=range(9), edit=_planes), "one plane"),
        Animal("a mosaic", "study", series(edit=_set(ImageType=mosaic)), "is a mosaic"),
        Animal("a tilted stack", "study", series(edit=_moved(lambda i: _ROW * i)), "tilted stack"),
        Animal("slices at uneven distances", "study",
               series(edit=_moved(lambda i: _NORMAL * i * i)), "uneven distances"),
        Animal("slices without a place", "study",
               series(edit=_set(ImagePositionPatient=None)), "where its slices lie"),
        Animal("a place that is no number", "study",
               series(edit=_set(PixelSpacing=[0.0, 0.0])), "where its slices lie"),
        Animal("two patients", "study", both(series(), series(patient="P2")), "2 patients"),
        Animal("two dates", "study",
               both(series(), series(study="other", date="20240604")), "--study"),
        Animal("a CT", "study", one(SOPClassUID=_CT), "1 CT slice"),
        Animal("a report alone", "study", one(SOPClassUID=_REPORT), "structured report"),
        Animal("a DICOMDIR alone", "DICOMDIR", _dicomdir, "only the table of contents"),
        Animal("a zip of a study with a password", "study.zip",
               locked(zipped(("IM0001", bytes(128) + b"DICM"), how=0)), "password"),
    ]  # fmt: skip


def _set(**elements: object) -> made.Edit:
    def edit(ds: Dataset, _: int) -> None:
        for keyword, value in elements.items():
            setattr(ds, keyword, value)

    return edit


def _moved(by: Callable[[int], np.ndarray]) -> made.Edit:
    def edit(ds: Dataset, index: int) -> None:
        ds.ImagePositionPatient = list(np.array(ds.ImagePositionPatient, float) + by(index))

    return edit


def _planes(ds: Dataset, index: int) -> None:
    ds.ImageOrientationPatient = _PLANES[index % 3]


def _colour(ds: Dataset, _: int) -> None:
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 3, "RGB"
    ds.PixelData *= 3


def _japanese(ds: Dataset, _: int) -> None:
    ds.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
    ds.PatientName = "Yamada^Tarou=山田^太郎"


def _enhanced(folder: Path) -> None:
    made.write(made.enhanced(), folder / "IM0001")


def _called(syntax: str) -> Make:
    """Slices whose encoding is said to be one that pydicom writes none of."""

    def make(folder: Path) -> None:
        compressed(_HTJ2K, jpeg)(folder)
        said = syntax.ljust(len(_HTJ2K), "\0").encode()
        for path in folder.iterdir():
            path.write_bytes(path.read_bytes().replace(_HTJ2K.encode(), said))

    return make


def _without_magic(folder: Path) -> None:
    for path in made.write_series(folder):
        raw = path.read_bytes()
        start = raw.index(b"\x02\0\0\0UL") + 12 + int.from_bytes(raw[140:144], "little")
        path.write_bytes(raw[start:])


def _zip_of_study(path: Path) -> None:
    folder = path.with_name("unpacked")
    files = made.write_series(folder)
    path.write_bytes(zipped(*((f"a/b/{file.name}", file.read_bytes()) for file in files)))


def _mixed(folder: Path) -> None:
    made.write_series(folder / "MR")
    one(SOPClassUID=_CT)(folder / "CT")
    one(SOPClassUID=_REPORT)(folder / "SR")
    (folder / "letter.txt").write_text("Dear colleague")
    (folder / "Thumbs.db").write_bytes(bytes(999))


def _dicomdir(path: Path) -> None:
    ds = made.dataset(0)
    ds.SOPClassUID = _DICOMDIR
    made.write(ds, path)
