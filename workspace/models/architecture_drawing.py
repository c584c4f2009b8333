"""A small drawing of each architecture: its levels, how fine they are, and their channels.

The way down is on the left, the way up on the right, and what is passed across in between.
"""

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from common.colours import PANEL_COLOURS
from common.vocabulary import MODALITY_NAMES
from model_zoo.registry import ModelContract

_UNET_WIDTHS: Final = (32, 64, 128, 256, 512)
_SMP_DECODER: Final = ((256, 16), (128, 8), (64, 4), (32, 2), (16, 1))
_COLOUR: Final = "#7f8a99"  # of a model that has no colour of its own; reads on dark and on light

_WIDTH, _ROW, _BAR, _TOP = 340, 27, 19, 28
_LEFT, _INDENT = 34, 15
# A picture is told the theme of the page around it as its colour scheme.
_INK: Final = (
    "<style>svg{color:#e6e8eb}@media (prefers-color-scheme:light){svg{color:#12161c}}</style>"
)
# As many levels as the deepest has, so that all drawings of a row are of one height.
_ROWS: Final = 6


@dataclass(frozen=True)
class Architecture:
    """What is drawn of a network.

    Args:
        down: (channels, reduction) of each level on the way down, from fine to coarse; a reduction
            of 4 is a quarter of the slice's height and width.
        up: The same on the way up, from coarse to fine.
        blocks: Transformer blocks at the lowest level; 0 for none.
    """

    down: tuple[tuple[int, int], ...]
    up: tuple[tuple[int, int], ...]
    blocks: int = 0


def architecture_of(model: ModelContract) -> Architecture | None:
    """What to draw of a model; None for an architecture that nobody has described here."""
    if model.architecture == "model_zoo.unet:UNet":
        return _unet(model.options.get("widths", _UNET_WIDTHS))
    return _DESCRIBED.get(model.architecture)


def _unet(widths: tuple[int, ...]) -> Architecture:
    levels = tuple((width, 2**depth) for depth, width in enumerate(widths))
    return Architecture(levels, levels[-2::-1])


_DESCRIBED: Final = {
    "model_zoo.resnet_unet:ResNetUNet": Architecture(
        ((64, 2), (64, 4), (128, 8), (256, 16), (512, 32)), _SMP_DECODER
    ),
    "model_zoo.vgg16_unet:VGG16UNet": Architecture(
        ((64, 1), (128, 2), (256, 4), (512, 8), (512, 16), (512, 32)), _SMP_DECODER
    ),
    "model_zoo.transunet:TransUNet": Architecture(
        ((64, 2), (128, 4), (256, 8), (384, 16)), ((256, 8), (128, 4), (64, 2), (32, 1)), blocks=8
    ),
    "model_zoo.edge_unet:EdgeUNet": Architecture(
        ((24, 2), (32, 4), (40, 8), (48, 16)), ((40, 8), (32, 4), (24, 2))
    ),
}


def image_of(model: ModelContract) -> str:
    """The drawing as HTML, in which Streamlit lets SVG stand as a picture alone; "" for none."""
    svg = architecture_svg(model)
    if svg is None:
        return ""
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    return f'<img class="architecture" src="{source}" alt="{escape(described(model))}">'


def architecture_svg(model: ModelContract) -> str | None:
    """The drawing as SVG, in ink on a light page and pale on a dark one; None for none."""
    architecture = architecture_of(model)
    if architecture is None:
        return None
    rows = {reduction: row for row, reduction in enumerate(_reductions(architecture))}
    colour = PANEL_COLOURS.get(model.name, _COLOUR)
    parts = [
        *_scale(rows),
        *_steps(architecture.down, rows, right=False),
        *_steps(architecture.up, rows, right=True),
        *_skips(architecture, rows),
        *_bars(architecture, rows, colour),
        _text(_LEFT, 13, _read(model), anchor="start"),
        _text(_WIDTH - 4, 13, _answered(model), anchor="end"),
        *([_attention(architecture, rows)] if architecture.blocks else []),
    ]
    height = _TOP + _ROW * max(_ROWS, len(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="system-ui, sans-serif" font-size="10.5">{_INK}{"".join(parts)}</svg>'
    )


def described(model: ModelContract) -> str:
    """The drawing in words, for those who do not see it."""
    architecture = architecture_of(model)
    down = ", ".join(f"{channels} at {_share(scale)}" for channels, scale in architecture.down)
    up = ", ".join(f"{channels} at {_share(scale)}" for channels, scale in architecture.up)
    middle = f"; {architecture.blocks} transformer blocks" if architecture.blocks else ""
    return (
        f"{model.title}: reads {_read(model)}; channels on the way down {down}{middle}; "
        f"on the way up {up}; answers {_answered(model)}."
    )


def _read(model: ModelContract) -> str:
    return ", ".join(MODALITY_NAMES[modality] for modality in model.modalities)


def _answered(model: ModelContract) -> str:
    return ", ".join(region.upper() for region in model.regions)


def _share(reduction: int) -> str:
    return "full size" if reduction == 1 else f"1/{reduction}"


def _reductions(architecture: Architecture) -> list[int]:
    return sorted({reduction for _, reduction in (*architecture.down, *architecture.up)})


def _bar_width(channels: int) -> float:
    return 26 + 4 * max(0, channels.bit_length() - 5)


def _bar(level: tuple[int, int], rows: dict[int, int], *, right: bool) -> tuple[float, float]:
    """Left edge and top of a level's bar."""
    row, width = rows[level[1]], _bar_width(level[0])
    inset = _LEFT + _INDENT * row
    return (_WIDTH - 4 - _INDENT * row - width if right else inset), _TOP + _ROW * row


def _middle(level: tuple[int, int], rows: dict[int, int], *, right: bool) -> tuple[float, float]:
    x, y = _bar(level, rows, right=right)
    return x + _bar_width(level[0]) / 2, y + _BAR / 2


def _bars(architecture: Architecture, rows: dict[int, int], colour: str) -> list[str]:
    made = []
    for levels, right in ((architecture.down, False), (architecture.up, True)):
        for level in levels:
            (x, y), width = _bar(level, rows, right=right), _bar_width(level[0])
            made.append(
                f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{_BAR}" rx="3" '
                f'fill="{colour}" fill-opacity="0.25" stroke="{colour}"/>'
            )
            made.append(_text(x + width / 2, y + 13.5, str(level[0])))
    return made


def _steps(levels: tuple, rows: dict[int, int], *, right: bool) -> list[str]:
    """The lines from each level to the next, from the lower edge of one bar to the upper of one."""
    made = []
    for pair in pairwise(levels):
        above, below = sorted(pair, key=lambda level: rows[level[1]])
        (x, y), (x_below, y_below) = (_middle(each, rows, right=right) for each in (above, below))
        made.append(_line((x, y + _BAR / 2), (x_below, y_below - _BAR / 2)))
    return made


def _skips(architecture: Architecture, rows: dict[int, int]) -> list[str]:
    """What is passed across at each level, and at the bottom from one side to the other."""
    up = {reduction: (channels, reduction) for channels, reduction in architecture.up}
    made = []
    for level in architecture.down:
        x, y = _middle(level, rows, right=False)
        edge = x + _bar_width(level[0]) / 2
        if level[1] in up and level != architecture.down[-1]:
            across = _bar(up[level[1]], rows, right=True)[0]
            made.append(_line((edge + 3, y), (across - 3, y), dashed=True))
    lowest, (x, y) = architecture.down[-1], _bar(architecture.up[0], rows, right=True)
    start = _middle(lowest, rows, right=False)
    made.append(_line((start[0] + _bar_width(lowest[0]) / 2, start[1]), (x, y + _BAR / 2)))
    return made


def _scale(rows: dict[int, int]) -> list[str]:
    return [
        _text(2, _TOP + _ROW * row + 13.5, "1" if reduction == 1 else f"1/{reduction}", "start")
        for reduction, row in rows.items()
    ]


def _attention(architecture: Architecture, rows: dict[int, int]) -> str:
    x, y = _bar(architecture.down[-1], rows, right=False)
    return _text(x, y + _BAR + 14, f"{architecture.blocks} blocks of self-attention", "start")


def _line(start: tuple[float, float], end: tuple[float, float], *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="3 3"' if dashed else ""
    return (
        f'<line x1="{start[0]:g}" y1="{start[1]:g}" x2="{end[0]:g}" y2="{end[1]:g}" '
        f'stroke="currentColor" stroke-opacity="0.45"{dashes}/>'
    )


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="currentColor">{text}</text>'
