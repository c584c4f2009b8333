import re
from dataclasses import replace

import numpy as np
import pytest
from pypdf import PdfReader

from report import DISCLAIMER
from report.agreement import NO_PROOF
from report.pdf import write_pdf
from report.rounding import three_figures


def read(record, folder):
    write_pdf(record, folder / "report.pdf")
    pages = PdfReader(folder / "report.pdf").pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


@pytest.fixture(scope="module")
def pages(record, tmp_path_factory):
    return read(record, tmp_path_factory.mktemp("pdf"))


def test_one_or_two_pages_each_with_the_disclaimer(pages):
    assert 1 <= len(pages) <= 2
    assert all(DISCLAIMER in page for page in pages)


def test_what_fits_on_one_page_is_not_spread_over_two(pages):
    assert len(pages) == 1


def test_what_does_not_fit_takes_two_pages_with_large_pictures(record, pages, tmp_path):
    longer = replace(record, differences={"unet": "It draws much more than the others. " * 90})
    assert len(read(longer, tmp_path)) == 2
    assert _picture_width(tmp_path / "report.pdf") > 150


def _picture_width(file):
    """In mm, of the largest one on the first page."""
    drawn = re.findall(
        rb"([\d.]+) 0 0 [\d.]+ 0 0 cm", PdfReader(file).pages[0].get_contents().get_data()
    )
    return max(float(width) for width in drawn) / 72 * 25.4


def test_the_name_keeps_its_letters(pages):
    assert "Łukasz" in pages[0]
    assert "李明" in pages[0].replace(" ", "")
    assert "21 November 2026" in pages[0]


def test_all_figures_are_in_it(record, pages):
    text = " ".join(pages)
    for finding in record.findings:
        measures = finding.measures
        volumes = " ".join(
            three_figures(measures.volume_ml[region]) for region in ("wt", "tc", "et")
        )
        assert f"{finding.title} {volumes}" in text
        whole = measures.diameters["wt"]
        size = f"{whole.longest_mm:.0f} × {whole.across_mm:.0f} (slice {whole.slice_number})"
        assert size in text
        if measures.dice:
            assert " ".join(f"{measures.dice[region]:.2f}" for region in ("wt", "tc", "et")) in text
            assert three_figures(measures.hd95_mm["wt"]) in text


def test_diameters_stand_in_the_order_of_the_other_figures(record, pages):
    text = " ".join(pages)
    assert "Largest diameters, mm Whole tumour Tumour core Enhancing tumour" in text
    whole, core, enhancing = (
        f"{each.longest_mm:.0f} × {each.across_mm:.0f}"
        for each in (record.findings[0].measures.diameters[name] for name in ("wt", "tc", "et"))
    )
    assert re.search(rf"Truth {whole} \S*\s?\(.*?\) {core} .*?\) {enhancing}", text)


def test_what_was_read_how_they_differ_and_where_it_comes_from(record, pages):
    text = " ".join(pages)
    assert "T1, T1c, T2, FLAIR" in text
    assert "64 × 64 × 32" in text
    assert "RANO" in text
    for sentence in record.differences.values():
        assert sentence[:40] in text
    for finding in record.segmented:
        if finding.segmentation.weights:
            assert finding.segmentation.weights.sha256[:12] in text
    assert "torch" in text


def test_what_ran_is_named_and_not_only_what_it_was_made_of(pages):
    text = " ".join(pages)
    assert f"checksum {'a' * 12}; run as int8 by OpenVINO" in text
    assert f"xml {'b' * 12}, bin {'c' * 12}" in text
    assert "run as float by PyTorch" in text


def test_weights_from_elsewhere_are_told_of(fallen_back, tmp_path):
    text = " ".join(read(fallen_back, tmp_path))
    assert "The embedded weights are used instead of the pinned ones: no network." in text


def test_how_far_the_readings_agree_is_told_where_it_was_asked_for(agreed, pages, tmp_path):
    assert "How far the readings agree" not in " ".join(pages)
    text = " ".join(read(agreed, tmp_path))
    assert "How far the readings agree" in text
    assert " ".join(agreed.agreed.sentences) in text
    assert NO_PROOF in text


def test_pictures_are_inside(record, tmp_path):
    write_pdf(record, tmp_path / "report.pdf")
    [picture] = PdfReader(tmp_path / "report.pdf").pages[0].images
    assert np.asarray(picture.image).std() > 10


def test_markup_in_a_name_is_text(record, tmp_path):
    case = replace(record.case, name="<b>A & B</b> <font size=99>" * 9, notes=("Note <i> & more",))
    text = " ".join(read(replace(record, case=case), tmp_path))
    assert "<b>A & B</b>" in text
    assert "Note <i> & more" in text


def test_one_slice_without_truth(one_slice, tmp_path):
    alone = replace(
        one_slice,
        case=replace(one_slice.case, truth=None),
        findings=tuple(
            replace(f, measures=replace(f.measures, dice=None)) for f in one_slice.segmented
        ),
    )
    text = " ".join(read(alone, tmp_path))
    assert "Area, pixels" in text
    assert "Dice" not in text
    assert "Largest diameters" not in text


def test_of_what_one_mask_says_nothing_there_is_a_dash(of_one_mask, tmp_path):
    text = " ".join(read(of_one_mask, tmp_path))
    truth, unet = of_one_mask.findings[0].measures, of_one_mask.findings[1].measures
    assert f"Truth {three_figures(truth.volume_ml['wt'])} – – – – – – – –" in text
    assert f"{unet.dice['wt']:.2f} – – {three_figures(unet.hd95_mm['wt'])} – –" in text
    assert "nan" not in text
