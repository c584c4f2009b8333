"""One picture of what ``python -m benchmarks growth`` measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

_PANEL: Final = (380, 240)
_ROOM: Final = (56, 34, 18, 34)  # left, top, right, bottom
_INK, _LINE, _PAPER = (40, 44, 52), (32, 110, 180), (255, 255, 255)

Points = Sequence[tuple[float, float]]


def write_plot(results: dict[str, Any], file: Path) -> None:
    """Write four panels: slices, visitors, their waiting, and memory over a row of cases."""
    slices, visitors = results["slices"], results["visitors"]
    panels: list[tuple[str, Points]] = [
        ("seconds by slices", list(zip(slices["counts"], slices["seconds"], strict=True))),
        ("cases a minute by visitors", _by_visitors(visitors, lambda v: v["cases_per_minute"])),
        ("longest wait, s, by visitors", _by_visitors(visitors, lambda v: v["wait_s"]["max"])),
        ("memory, MB, by cases in a row", list(enumerate(results["row"]["peak_rss_mb"], 1))),
    ]
    width, height = _PANEL
    picture = Image.new("RGB", (2 * width, 2 * height), _PAPER)
    for number, (title, points) in enumerate(panels):
        place = (number % 2) * width, (number // 2) * height
        _draw(ImageDraw.Draw(picture), place, title, points)
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.save(file, quality=80)


def _by_visitors(visitors: Sequence[dict[str, Any]], value: Any) -> Points:
    return [(each["visitors"], value(each)) for each in visitors]


def _draw(draw: ImageDraw.ImageDraw, place: tuple[int, int], title: str, points: Points) -> None:
    font = ImageFont.load_default(13)
    left, top, right, bottom = _ROOM
    x0, y0 = place[0] + left, place[1] + top
    wide, high = _PANEL[0] - left - right, _PANEL[1] - top - bottom
    most_x, most_y = (max(each[axis] for each in points) or 1 for axis in (0, 1))
    where = [(x0 + wide * x / most_x, y0 + high * (1 - y / (1.1 * most_y))) for x, y in points]
    draw.text((x0, place[1] + 10), title, _INK, font)
    draw.line([(x0, y0), (x0, y0 + high), (x0 + wide, y0 + high)], _INK)
    draw.line(where, _LINE, 2)
    for x, y in where:
        draw.ellipse([x - 2, y - 2, x + 2, y + 2], _LINE)
    draw.text((x0 + wide, y0 + high + 6), f"{most_x:g}", _INK, font, anchor="ra")
    draw.text((x0 - 6, y0 + high), "0", _INK, font, anchor="rm")
    at_most = y0 + high * (1 - 1 / 1.1)
    draw.text((x0 - 6, at_most), f"{most_y:.3g}", _INK, font, anchor="rm")
