"""The typeface of pictures and reports, which comes with the app: a server may have none.

DejaVu has Latin, Greek, Cyrillic and more, but no Chinese, Japanese or Korean. For these a PDF
may name a font of its standard collections, which the reader's machine brings; the text itself
stays whole, and can be searched and copied. Other scripts, and those written from right to left,
which would come out as boxes or turned round, are written in Latin letters.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from anyascii import anyascii
from PIL import ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

_FOLDER: Final = Path(__file__).parents[2] / "assets" / "fonts"
_REGULAR_FILE: Final = _FOLDER / "DejaVuSans.ttf"
_BOLD_FILE: Final = _FOLDER / "DejaVuSans-Bold.ttf"

REGULAR: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
_KOREAN: Final = "HYSMyeongJo-Medium"
_JAPANESE: Final = "HeiseiMin-W3"
_CHINESE: Final = "STSong-Light"
_IN_LATIN: Final = "in Latin letters"


@cache
def picture_font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface in pixels for Pillow."""
    return ImageFont.truetype(_BOLD_FILE if bold else _REGULAR_FILE, size)


@cache
def register_fonts() -> None:
    """Make the typefaces known to reportlab."""
    pdfmetrics.registerFont(TTFont(REGULAR, _REGULAR_FILE))
    pdfmetrics.registerFont(TTFont(BOLD, _BOLD_FILE))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, REGULAR, BOLD)
    for name in (_KOREAN, _JAPANESE, _CHINESE):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
        pdfmetrics.registerFontFamily(name, name, name, name, name)  # they have no bold


def markup(text: str) -> str:
    """Text for a reportlab paragraph: nothing in it is read as markup, each script in its font."""
    return "".join(_run(font, "".join(chars)) for font, chars in _runs(text))


def _runs(text: str) -> Iterator[tuple[str, Iterator[str]]]:
    shown = (char if char.isprintable() else " " for char in text)
    return groupby(shown, key=_font_of)


def _run(font: str, text: str) -> str:
    if font == _IN_LATIN:
        return escape(anyascii(text))
    return f'<font name="{font}">{escape(text)}</font>' if font else escape(text)


def _font_of(char: str) -> str:
    """The font a character needs beside the paragraph's own; "" for none."""
    code = ord(char)
    if 0xAC00 <= code <= 0xD7AF or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
        return _KOREAN
    if 0x3040 <= code <= 0x30FF:
        return _JAPANESE
    if 0x3000 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF:
        return _CHINESE
    from_the_right = unicodedata.bidirectional(char) in {"R", "AL", "AN"}
    return _IN_LATIN if from_the_right or not _has_glyph(code) else ""


def _has_glyph(code: int) -> bool:
    register_fonts()
    return code in pdfmetrics.getFont(REGULAR).face.charToGlyph
