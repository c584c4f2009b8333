"""The report of one case on one or two A4 pages."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from PIL.Image import Image as Drawing
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from common.vocabulary import REGION_NAMES, REGIONS
from inference.case_report import versions
from inference.metrics.diameters import Diameters
from report import DISCLAIMER
from report.agreement import NO_PROOF
from report.drawing.fonts import BOLD, REGULAR, markup, register_fonts
from report.drawing.layers import layers
from report.drawing.pictures import View, comparison
from report.drawing.planes import PLANES, largest_slice
from report.record import Finding, Record, scan_facts
from report.rounding import three_figures
from report.tables import CONVENTION

# As ASCII, which reportlab writes in pure Python, pictures take most of the time and more room.
rl_config.useA85 = 0

_MARGIN: Final = 15 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_FRAME_PADDING: Final = 6  # reportlab's own, inside its margins
_PICTURE_HEIGHTS: Final = (112 * mm, 98 * mm, 86 * mm, 76 * mm)
_INK: Final = colors.HexColor("#15181d")
_QUIET: Final = colors.HexColor("#5b6472")
_RULE: Final = colors.HexColor("#c9ced6")
_NONE: Final = "–"

_BODY: Final = ParagraphStyle("body", fontName=REGULAR, fontSize=8.5, leading=11.5, textColor=_INK)
_SMALL: Final = ParagraphStyle("small", _BODY, fontSize=7, leading=9.5, textColor=_QUIET)
# Under a table or between two sentences, whose lines it would touch.
_NOTE: Final = ParagraphStyle("note", _SMALL, spaceBefore=2.5)
_SENTENCE: Final = ParagraphStyle("sentence", _BODY, spaceAfter=2.5)
_TITLE: Final = ParagraphStyle("title", _BODY, fontName=BOLD, fontSize=15, leading=19)
_HEADING: Final = ParagraphStyle(
    "heading", _BODY, fontName=BOLD, fontSize=10, leading=13, spaceBefore=9, spaceAfter=3
)
_GRID: Final = [
    ("FONT", (0, 0), (-1, -1), REGULAR, 8),
    ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
]


def write_pdf(record: Record, file: Path) -> None:
    """Write the report: what was read, pictures, figures, differences, provenance.

    On one page if that takes no more than smaller pictures, else on two with large ones.
    """
    register_fonts()
    picture = _picture(record)
    pages, pdf = _build(record, picture, _PICTURE_HEIGHTS[0])
    for height in _PICTURE_HEIGHTS[1:]:
        if pages > 1:
            pages, smaller = _build(record, picture, height)
            pdf = smaller if pages == 1 else pdf
    file.write_bytes(pdf)


def _build(record: Record, picture: Drawing, height: float) -> tuple[int, bytes]:
    """How many pages it takes with pictures of a height in points, and the PDF."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME_PADDING,
        rightMargin=_MARGIN - _FRAME_PADDING,
        topMargin=12 * mm,
        bottomMargin=16 * mm,
        title=f"GlioLens report: {record.case.name}",
        author="GlioLens",
        subject=DISCLAIMER,
    )
    story = [
        *_head(record),
        _fitted(picture, height),
        *_figures(record),
        *_diameters(record),
        *_differences(record),
        *_agreement(record),
        *_provenance(record),
    ]
    document.build(story, onFirstPage=_footer, onLaterPages=_footer)
    return document.page, stream.getvalue()


def _footer(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """What this is not, on every page."""
    canvas.setFont(BOLD, 7.5)
    canvas.setFillColor(_INK)
    canvas.drawString(_MARGIN, 9 * mm, DISCLAIMER)
    canvas.setFont(REGULAR, 7.5)
    canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, f"GlioLens · page {document.page}")


def _head(record: Record) -> list[Flowable]:
    name = "Synthetic sample, not a patient" if record.synthetic else record.case.name
    facts = scan_facts(record)
    cells = [[Paragraph(f"<b>{key}</b> {markup(value)}", _BODY)] for key, value in facts.items()]
    rows = [[left[0], right[0]] for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return [
        Paragraph("GlioLens report", _TITLE),
        Paragraph(f"<b>{markup(name)}</b> · {record.made:%d %B %Y, %H:%M}", _BODY),
        Spacer(1, 2 * mm),
        Table(
            rows, colWidths=[_WIDTH / 2] * 2, style=[*_GRID, ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        ),
        *[Paragraph(f"Note: {markup(note)}", _NOTE) for note in record.notes],
        Spacer(1, 3 * mm),
    ]


def _picture(record: Record) -> Drawing:
    return comparison(record.images, _views(record), layers(record.findings), width=300, text=21)


def _fitted(picture: Drawing, height: float) -> Flowable:
    stream = io.BytesIO()
    picture.save(stream, format="PNG")
    stream.seek(0)
    scale = min(_WIDTH / picture.width, height / picture.height)
    return Image(stream, picture.width * scale, picture.height * scale)


def _views(record: Record) -> list[View]:
    """The largest tumour slice in every plane that the scan has."""
    planes = ["axial"] if record.case.shape[2] == 1 else list(PLANES)
    return [
        View(
            plane,
            record.best_modality,
            largest_slice(record.leading, PLANES[plane], record.images.box),
        )
        for plane in planes
    ]


def _figures(record: Record) -> list[Flowable]:
    """Volumes and, if there is a truth, how well each agrees with it."""
    scored = record.case.truth is not None
    sized = record.case.voxel_size_known
    groups = ["Volume, ml" if sized else "Area, pixels"]
    groups += ["Dice"] * scored + ["HD95, mm"] * (scored and sized)
    top = ["", *[cell for group in groups for cell in (group, "", "")]]
    below = ["", *[region.upper() for _ in groups for region in REGIONS]]
    rows = [[finding.title, *_cells(finding, groups)] for finding in record.findings]
    spans = [("SPAN", (1 + 3 * at, 0), (3 + 3 * at, 0)) for at in range(len(groups))]
    style = [*spans, ("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("ALIGN", (1, 0), (-1, 0), "CENTER")]
    widths = [38 * mm, *[min(16 * mm, (_WIDTH - 38 * mm) / (3 * len(groups)))] * (3 * len(groups))]
    names = ", ".join(f"{region.upper()} {REGION_NAMES[region].lower()}" for region in REGIONS)
    return [
        KeepTogether(
            [
                Paragraph("Figures", _HEADING),
                _table([top, below, *rows], widths, style, heads=2),
                Paragraph(f"{names}. {CONVENTION if scored else ''}", _NOTE),
            ]
        )
    ]


def _cells(finding: Finding, groups: Sequence[str]) -> list[str]:
    measures = finding.measures
    values = {
        "Volume, ml": (measures.volume_ml, three_figures),
        "Area, pixels": (measures.voxels, "{:.0f}".format),
        "Dice": (measures.dice, "{:.2f}".format),
        "HD95, mm": (measures.hd95_mm, three_figures),
    }
    return [
        shown(by_region and by_region[region], written)
        for by_region, written in (values[group] for group in groups)
        for region in REGIONS
    ]


def shown(value: float | None, written: Callable[[float], str]) -> str:
    """A figure, or a dash for none."""
    return _NONE if value is None else written(value)


def _diameters(record: Record) -> list[Flowable]:
    if not record.case.voxel_size_known:
        return []
    head = ["", *[REGION_NAMES[region] for region in REGIONS]]
    rows = [
        [each.title, *[_diameter(each.measures.diameters[region]) for region in REGIONS]]
        for each in record.findings
    ]
    note = (
        "Longest diameter in an axial slice and the longest at a right angle to it, after RANO "
        "(Wen et al. 2010, 2023); * below 10 mm in one of them, which RANO does not call "
        "measurable."
    )
    return [
        KeepTogether(
            [
                Paragraph("Largest diameters, mm", _HEADING),
                _table([head, *rows], [38 * mm, *[(_WIDTH - 38 * mm) / 3] * 3], [], heads=1),
                Paragraph(note, _NOTE),
            ]
        )
    ]


def _diameter(diameters: Diameters | None) -> str:
    if diameters is None:
        return _NONE
    mark = "" if diameters.measurable else " *"
    size = f"{diameters.longest_mm:.0f} × {diameters.across_mm:.0f}"
    return f"{size}{mark} (slice {diameters.slice_number})"


def _differences(record: Record) -> list[Flowable]:
    if not record.differences:
        return []
    sentences = [Paragraph(markup(text), _SENTENCE) for text in record.differences.values()]
    return [KeepTogether([Paragraph("Where the models differ", _HEADING), *sentences])]


def _agreement(record: Record) -> list[Flowable]:
    agreed = record.agreed
    if agreed is None:
        return []
    titles = markup(", ".join(agreed.readings.values()))
    return [
        KeepTogether(
            [
                Paragraph("How far the readings agree", _HEADING),
                Paragraph(markup(" ".join(agreed.sentences)), _SENTENCE),
                Paragraph(f"The readings: {titles}. {NO_PROOF}", _NOTE),
            ]
        )
    ]


def _provenance(record: Record) -> list[Flowable]:
    lines = [
        Paragraph(f"<b>{markup(each.title)}</b>: {markup(_weights(each))}", _SMALL)
        for each in record.segmented
    ]
    used = ", ".join(f"{name} {number}" for name, number in versions().items())
    return [
        KeepTogether(
            [
                Paragraph("Where this comes from", _HEADING),
                *lines,
                Paragraph(f"Versions: {markup(used)}", _SMALL),
            ]
        )
    ]


def _weights(finding: Finding) -> str:
    weights = finding.segmentation.weights
    if weights is None:
        return "mean of the models' region probabilities"
    origin = (
        f"{weights.report()['source']}, revision {weights.revision}, "
        f"checksum {weights.sha256[:12]}; {weights.ran}"
    )
    return f"{origin}. {weights.note}" if weights.note else origin


def _table(
    rows: list[list[Any]], widths: Sequence[float], style: list[tuple], *, heads: int
) -> Table:
    bold = [("FONT", (0, 0), (-1, heads - 1), BOLD, 8)] if heads else []
    return Table(rows, colWidths=widths, style=[*_GRID, *bold, *style], hAlign="LEFT")
