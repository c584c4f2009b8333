"""One slice as PNG, JPEG or TIFF, or several as the pages of a TIFF.

A picture's header is a claim too, so its size is checked before a pixel is unpacked. The pixels
say whether it is one grey image, three images in red, green and blue, or a photograph.
"""

import itertools
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from common.errors import InputError
from inference.io.names.wording import cut_off, damaged, shown, what_it_is
from inference.io.slices.decoded_file import DecodedFile, decoded_slice
from inference.io.slices.picture_guard import check_frame

# Twice the finest slice a scanner makes; its three channels as float32 take 50 MB.
MAX_SIDE: Final = 2048
MIN_SIDE: Final = 32
_FORMATS = ("PNG", "JPEG", "TIFF")
_MOST_PAGES = 4096  # more than any reader here turns to
_IMAGE_DESCRIPTION = 270  # the tag of TIFF
_GREY_MODES = {"1", "L", "F", "I", "I;16", "I;16B", "I;16L"}
_SEE_THROUGH_MODES = {"LA", "La", "PA", "RGBA", "RGBa"}
_COLOUR_MODES = {"RGB", "YCbCr"}
# A label map saved with colours, as the command line writes it, has a palette of a few.
_MAX_LABELS = 16
# Colours closer than this are the rounding of a JPEG.
_COLOURLESS = 24
# A slice with an arrow or a name drawn on it in colour is still grey.
MAX_COLOURED_MARKS: Final = 0.01
# Over 1176 slices of the public LGG set and 176 of BraTS, cut to the brain, the dark around the
# head takes 17 % or more, but for noise above the head; of a photograph it takes next to nothing.
_DARK = 0.1
_MIN_DARK_COLOUR = 0.1
_MIN_DARK_GREY = 0.04
_JPEG_NOISE = 10
# A photograph darkened towards its corners fades in. Of 1172 slices of the LGG set in colour and
# 1204 pictures in colour made of 38 patients of BraTS, a quarter of them as JPEG, none that fills
# half of the picture is dimmer than 0.19 of its brightest so near its background.
_FILLS_PICTURE = 0.6
_FADED = 0.15
_RIM = (2, 4)  # pixels from the background, of a picture of 256
_RIM_SIDE = 256
_BROKEN = (
    *(SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(EOFError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError),
)

# Pillow warns on stderr of what is large or damaged; here it is refused, or read.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class PictureClaim:
    """What the header of a picture says.

    Args:
        size: Width and height in pixels, before it is turned as a camera's tag says.
        mode: What a pixel is, in Pillow's letters.
        lossy: Whether JPEG has blurred it.
    """

    size: tuple[int, int]
    mode: str
    lossy: bool


def read_picture(path: Path) -> DecodedFile:
    """Read a picture of one slice as it is looked at, turned as a camera's tag says.

    Returns:
        One channel for a grey picture, also for one saved in colour; a label map's numbers for a
        picture with a palette of a few colours; else red, green and blue.

    Raises:
        InputError: for what is no picture of these kinds, is too large or too small, damaged, has
            several pages, is made for print, or is a photograph.
    """
    lossy = picture_claim(path).lossy
    pixels = picture_pixels(path)
    in_colour = pixels.ndim == 3
    if in_colour and not share_in_colour(pixels):
        pixels = pixels[..., 0]
    if not is_label_map(pixels):
        _refuse_photograph(pixels, path)
    notes: tuple[str, ...] = ()
    if pixels.ndim == 3 and (grey := _without_marks(pixels)) is not None:
        notes = (f"{shown(path)} has marks in colour on it; give the slice without them.",)
        pixels = grey
    if lossy and pixels.dtype == np.uint8:
        pixels = quiet_background(pixels)
    slice_ = decoded_slice(path, pixels, colour=pixels.ndim == 3, notes=notes)
    return replace(slice_, grey_in_colour=in_colour and not slice_.colour)


def picture_claim(path: Path) -> PictureClaim:
    """Check what a picture claims to be; no pixel is unpacked.

    Raises:
        InputError: for what is no picture of these kinds, is too large or too small, or has several
            pages.
    """
    with _opened(path) as image:
        _refuse_several(image, path)
        return _claim(image, path)


def has_pages(path: Path) -> bool:
    """Whether a file is a TIFF of several pages.

    Raises:
        InputError: for what is no picture of these kinds.
    """
    with _opened(path) as image:
        return image.format == "TIFF" and getattr(image, "is_animated", False)


def page_description(path: Path) -> str:
    """The text in the first page of a TIFF; empty where there is none.

    Raises:
        InputError: for what is no picture of these kinds.
    """
    with _opened(path) as image:
        text = getattr(image, "tag_v2", {}).get(_IMAGE_DESCRIPTION, "")
        return text if isinstance(text, str) else ""


def page_claims(path: Path, *, most: int) -> list[PictureClaim]:
    """Check what every page of a TIFF claims to be; no pixel is unpacked.

    Args:
        path: The file.
        most: Most pages.

    Raises:
        InputError: for more pages, or one that is too large, too small or damaged.
    """
    with _opened(path) as image:
        return [_claim(image, path) for _ in _pages(image, path, most)]


def page_pixels(path: Path, *, most: int, labels: bool = True) -> list[np.ndarray]:
    """The (H, W) or (H, W, 3) pixels of every page of a TIFF, as of :func:`picture_pixels`.

    Raises:
        InputError: where :func:`page_claims` refuses it, or it is damaged or made for print.
    """
    with _opened(path) as image:
        return [_pixels(image, path, labels=labels) for _ in _pages(image, path, most)]


def picture_pixels(path: Path, *, labels: bool = True) -> np.ndarray:
    """The pixels of a picture as it is looked at, turned as a camera's tag says.

    Args:
        path: The picture.
        labels: Whether the numbers of a palette of a few colours are labels.

    Returns:
        (H, W) of a grey picture or of labels, else (H, W, 3) uint8: red, green and blue.

    Raises:
        InputError: where :func:`picture_claim` refuses it, or it is damaged or made for print.
    """
    with _opened(path) as image:
        _refuse_several(image, path)
        return _pixels(image, path, labels=labels)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    try:
        check_frame(path, most_pages=_MOST_PAGES)
        with Image.open(path, formats=_FORMATS) as image:
            yield image
    except UnidentifiedImageError as error:
        raise _no_picture(path) from error
    except OSError as error:
        if error.filename:
            raise InputError(f"{shown(path)} cannot be opened: {error.strerror}.") from error
        raise cut_off(path) from error
    except _BROKEN as error:
        raise damaged(path) from error


def _claim(image: ImageFile.ImageFile, path: Path) -> PictureClaim:
    width, height = image.size
    if max(width, height) > MAX_SIDE or min(width, height) < MIN_SIDE:
        raise InputError(
            f"{shown(path)} has {width}×{height} pixels; a slice has {MIN_SIDE} to {MAX_SIDE} "
            "on each side."
        )
    if image.mode in _SEE_THROUGH_MODES | _COLOUR_MODES and _is_deep(image):
        raise InputError(
            f"{shown(path)} has 16 bits a colour, of which only 8 would be seen; save each "
            "modality as a grey picture of 16 bits."
        )
    return PictureClaim(image.size, image.mode, image.format in ("JPEG", "MPO"))


def _is_deep(image: ImageFile.ImageFile) -> bool:
    """Whether a colour has 16 bits in the file; Pillow gives 8 of them, and does not say so."""
    return any(";16" in str(part) for tile in image.tile for part in tile)


def _refuse_several(image: Image.Image, path: Path) -> None:
    if getattr(image, "is_animated", False):
        raise InputError(
            f"{shown(path)} holds several pictures; save the one slice as a picture of its own, or "
            "give the whole scan as NIfTI or as the pages of one TIFF."
        )


def _pages(image: ImageFile.ImageFile, path: Path, most: int) -> Iterator[None]:
    """Turn to every page; they are never counted, since a file may claim millions."""
    for number in itertools.count():
        try:
            image.seek(number)
        except EOFError:
            return
        if number == most:
            raise too_many_pages(path, most)
        yield


def too_many_pages(path: Path, most: int) -> InputError:
    """The refusal of a TIFF of more pages than a scan has slices."""
    return InputError(
        f"{shown(path)} has more than {most} pages; a scan has at most {most} slices."
    )


def _pixels(image: ImageFile.ImageFile, path: Path, *, labels: bool) -> np.ndarray:
    _claim(image, path)
    return _grey_or_colours(ImageOps.exif_transpose(image), path, labels=labels)


def _grey_or_colours(image: Image.Image, path: Path, *, labels: bool) -> np.ndarray:
    if image.mode == "P":
        numbers = np.asarray(image)
        if labels and np.unique(numbers).size <= _MAX_LABELS and numbers.max() < _MAX_LABELS:
            return numbers
        image = image.convert("RGBA")
    if image.mode in _GREY_MODES:
        pixels = np.asarray(image)
        return pixels.astype(np.uint8) if pixels.dtype == bool else pixels * 1
    if image.mode in _SEE_THROUGH_MODES:
        seen = image.convert("RGBA")
        black = Image.new("RGBA", seen.size, (0, 0, 0, 255))
        image = Image.alpha_composite(black, seen).convert("RGB")
    if image.mode not in _COLOUR_MODES:
        raise InputError(
            f"{shown(path)} is made for print ({image.mode}); save it in grey or in RGB."
        )
    return np.asarray(image.convert("RGB"))


def share_in_colour(pixels: np.ndarray) -> float:
    """The share, 0 to 1, of (H, W) or (H, W, 3) pixels in colour; what JPEG rounds is not."""
    return 0.0 if pixels.ndim == 2 else float((_spread(pixels) > _COLOURLESS).mean())


def _spread(colours: np.ndarray) -> np.ndarray:
    """(H, W) uint8: how far from grey each pixel is."""
    # Two at a time: NumPy is ten times slower along an axis of three.
    red, green, blue = np.moveaxis(colours, 2, 0)
    highest = np.maximum(np.maximum(red, green), blue)
    return highest - np.minimum(np.minimum(red, green), blue)


def is_label_map(pixels: np.ndarray) -> bool:
    """Whether (H, W) or (H, W, 3) pixels have so few values that they are a label map, or empty."""
    return pixels.ndim == 2 and np.unique(pixels).size <= _MAX_LABELS


def _refuse_photograph(pixels: np.ndarray, path: Path) -> None:
    """Colour alone does not show it: three modalities in one picture are colourful too.

    But a slice stands before a dark background, also where its colours are modalities. A black
    frame around a photograph is none, nor are corners that a lens or a filter has darkened.
    """
    in_colour = pixels.ndim == 3
    if dark_border_missing(pixels) or (
        in_colour and (dark_border_missing(_without_frame(pixels)) or _fades_in(pixels))
    ):
        what = "a photograph or drawing in colour" if in_colour else "a photograph"
        raise InputError(
            f"{shown(path)} looks like {what}: an MRI slice stands before a dark background; "
            "export the slice alone, with the whole head in it."
        )


def dark_border_missing(pixels: np.ndarray) -> bool:
    """Whether (H, W) or (H, W, 3) pixels lack the dark background that every slice has."""
    least = _MIN_DARK_COLOUR if pixels.ndim == 3 else _MIN_DARK_GREY
    return _dark_border(pixels) < least


def _without_frame(pixels: np.ndarray) -> np.ndarray:
    """A picture cut to what is not background: of a head in it, the corners stay dark."""
    shown = ~_background(pixels, _DARK)
    rows, columns = (np.flatnonzero(shown.any(axis=axis)) for axis in (1, 0))
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else pixels


def _fades_in(pixels: np.ndarray) -> bool:
    """Whether most of a picture is something that is still dim well away from the background.

    A head has bright skin there, or cortex where it is cut to the brain.
    """
    from scipy import ndimage

    shown = ~_background(pixels, _DARK)
    if shown.mean() < _FILLS_PICTURE:
        return False
    depth = ndimage.distance_transform_edt(shown)
    scale = max(shown.shape) / _RIM_SIDE
    brightest = pixels.max(axis=2)
    rim = brightest[(depth > _RIM[0] * scale) & (depth <= _RIM[1] * scale)]
    return bool(rim.size) and np.median(rim) < _FADED * np.percentile(brightest, 99.5)


def _dark_border(pixels: np.ndarray) -> float:
    """The share of a picture that is dark and reaches its edge."""
    return float(_background(pixels, _DARK).mean())


def _background(pixels: np.ndarray, dark: float) -> np.ndarray:
    """(H, W) bool: what is darker than a share of the bright, as far as it reaches the edge."""
    from scipy import ndimage  # here, so that the first page need not wait for scipy

    brightest = pixels.max(axis=2) if pixels.ndim == 3 else pixels
    low = float(brightest.min())
    floor = _JPEG_NOISE if brightest.dtype == np.uint8 else 0.0
    limit = max(low + dark * (float(np.percentile(brightest, 99.5)) - low), floor)
    areas, _ = ndimage.label(np.pad(brightest <= limit, 1, constant_values=True))
    return (areas == areas[0, 0])[1:-1, 1:-1]


def _without_marks(colours: np.ndarray) -> np.ndarray | None:
    """The grey of a picture with small marks in colour; None where the colours are the image."""
    coloured = _spread(colours) > _COLOURLESS
    return colours.max(axis=2) if coloured.mean() <= MAX_COLOURED_MARKS else None


def quiet_background(pixels: np.ndarray) -> np.ndarray:
    """(H, W) or (H, W, 3) pixels with a background of 0, where JPEG left faint noise."""
    background = _background(pixels, 0.0)
    quiet = pixels.copy()
    quiet[background] = 0
    return quiet


def _no_picture(path: Path) -> InputError:
    with path.open("rb") as stream:
        what = what_it_is(stream.read(1024))
    if what in ("a PNG picture", "a JPEG picture", "a TIFF picture"):
        return damaged(path)
    what = "no picture" if what == "not a NIfTI file" else what
    return InputError(f"{shown(path)} is {what}; a slice as PNG, JPEG or TIFF is needed.")
