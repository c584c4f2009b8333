"""The picture that a view saves: what is on screen, what it shows and what it is not."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.viewer.bench import bench_panels, choose, press
from tests.viewer.screen import canvas, picture, set_opacity, settle
from viewer import Panel
from viewer.bundle import BROWSER
from workspace.display.page_frame import DISCLAIMER

NAMES = ["Truth", "U-Net", "ResNet34 U-Net", "TransUNet"]
MARGIN, GAP = 16, 14
SAVE = "Save the picture (D)"

# Keeps all that is written into a picture, in its order.
LISTEN = """() => {
    window.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        window.written.push(text);
        write.call(this, text, ...place);
    };
}"""


def save(page, how=lambda page: choose(page, SAVE)):
    """Name, pixels and words of the picture."""
    page.evaluate(LISTEN)
    with page.expect_download() as download:
        how(page)
    path = download.value.path()
    assert path.read_bytes().startswith(b"\x89PNG")
    words = " ".join(page.evaluate("written")).replace("\N{NO-BREAK SPACE}", " ")
    return download.value.suggested_filename, np.array(Image.open(path).convert("RGB")), words


def found_at(pixels, part, left):
    """The row at which part lies in the pixels, of the column its left edge is in."""
    height, width = part.shape[:2]
    rows = np.arange(len(pixels) - height)
    same = [
        (pixels[row : row + height : 7, left : left + width : 7] == part[::7, ::7]).mean()
        for row in rows
    ]
    return rows[int(np.argmax(same))]


def expect_panels(page, pixels, names):
    """Every panel is in the picture as it is on screen, side by side, but for what is written."""
    tops = set()
    for i, name in enumerate(names):
        seen = picture(page, name)
        height, width = seen.shape[:2]
        left = MARGIN + i * (width + GAP)
        top = found_at(pixels, seen, left)
        saved = pixels[top : top + height, left : left + width]
        coloured = np.ptp(seen.astype(int), axis=-1) > 60
        assert (saved[coloured] != seen[coloured]).sum() <= 0.02 * coloured.sum()
        assert (saved == seen).mean() > 0.98
        tops.add(top)
    assert len(tops) == 1
    assert pixels.shape[1] == len(names) * (width + GAP) - GAP + 2 * MARGIN
    assert height + 100 < pixels.shape[0] < height + 260


@pytest.mark.parametrize(
    ("view", "file", "heading", "legend"),
    [
        ("", "labels", "Labels", ["NCR necrotic core", "ED oedema", "ET enhancing tumour"]),
        ("&layer=errors", "errors-wt", "Errors: whole tumour", ["Missed: ", "Extra: ", "Correct:"]),
        ("&layer=probability&region=et", "probability-et", "Probability: enhancing", ["100 %"]),
        ("&layer=disagreement", "disagreement-any", "Disagreement: any", ["2 of 3 differ"]),
    ],
)
def test_it_holds_every_panel_as_it_is_painted(bench, view, file, heading, legend):
    page = bench(f"?axial=10&opacity=100{view}")
    name, pixels, words = save(page)
    assert name == f"gliolens-axial-slice-10-{file}.png"
    expect_panels(page, pixels, NAMES)
    assert f"Axial slice 10 of 20 · FLAIR · {heading}" in words
    for text in [*NAMES, *legend, "R", "L", "A", "P"]:
        assert text in words
    assert "Not a medical device. For research and teaching, never for diagnosis." in words


def test_it_says_what_every_page_says():
    assert f'"{DISCLAIMER}"' in (BROWSER / "export" / "disclaimer.js").read_text("utf-8")


def test_another_layer_is_another_picture(bench):
    page = bench("?axial=10&opacity=100")
    _, labels, _ = save(page)
    choose(page, "Errors")
    set_opacity(page, 100)
    _, errors, _ = save(page)
    # A model's name is marked in the green of what is correct, in either picture.
    green = [(pixels == (0x00, 0x9E, 0x73)).all(axis=-1).sum() for pixels in (labels, errors)]
    assert green[1] > green[0] + 1000


def test_hidden_names_stay_hidden(bench):
    page = bench("?blind=3")
    name, _, words = save(page)
    assert all(letter in words for letter in ("Model A", "Model B", "Model C"))
    assert not any(model in name + words for model in NAMES[1:])


# What a browser without room for a picture does: Safari gives no canvas, others no file.
SHORT_OF_MEMORY = {
    "no file": "HTMLCanvasElement.prototype.toBlob = function (done) { done(null); }",
    "no canvas": """const getContext = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, options) {
            return options && !this.isConnected ? null : getContext.call(this, kind, options);
        }""",
}


@pytest.mark.parametrize("lack", SHORT_OF_MEMORY)
def test_a_picture_that_a_device_has_no_room_for_is_told(bench, lack):
    page = bench("?axial=10")
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(0)
    page.evaluate(
        "window.lent = [HTMLCanvasElement.prototype.toBlob, HTMLCanvasElement.prototype.getContext]"
    )
    page.evaluate(f"() => {{ {SHORT_OF_MEMORY[lack]} }}")
    choose(page, SAVE)
    expect(alert).to_have_text(
        "The picture was not saved: this device has too little memory left for it. "
        "Close other tabs or apps, then save it again."
    )
    page.evaluate("Object.assign(HTMLCanvasElement.prototype, "
                  "{toBlob: window.lent[0], getContext: window.lent[1]})")  # fmt: skip
    save(page)
    expect(alert).to_have_count(0)


def test_one_panel_alone_is_saved_alone_with_the_key(bench):
    page = bench("?axial=10&single=1&panel=transunet&plane=coronal")
    name, pixels, words = save(page, lambda page: press(page, "d"))
    assert name.startswith("gliolens-coronal-slice-")
    expect_panels(page, pixels, ["TransUNet"])
    assert "TransUNet" in words
    assert "Truth" not in words
    press(page, "?")
    assert page.get_by_text("Save the picture", exact=True).is_visible()


def test_the_image_alone_has_no_legend(bench):
    _, _, words = save(bench("?panels=plain&axial=10"))
    assert "FLAIR" in words
    assert "Labels" not in words
    assert "oedema" not in words


def test_the_cross_hair_is_told(bench):
    page = bench("?axial=10&coronal=24&sagittal=42&cross=1")
    _, _, words = save(page)
    assert page.locator(".spot").inner_text() in words
    assert page.locator(".note").first.inner_text() in words


def test_on_a_phone_no_word_is_cut(bench):
    page = bench("?axial=10&layer=errors")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    _, pixels, words = save(page, lambda page: press(page, "d"))
    assert pixels.shape[1] == canvas(page, "Truth").bounding_box()["width"] + 2 * MARGIN
    assert "never for diagnosis." in words
    assert "the model has it, the truth does not" in words


def test_a_model_without_an_answer_says_so(bench):
    waiting = Panel("unet", "U-Net", "#E69F00", status="running", progress=0.42)
    _, _, words = save(bench(panels=[bench_panels()[0], waiting]))
    assert "42 %" in words


def test_no_request_reaches_the_server(page):
    page.traffic.forget(page)
    name, _, _ = save(page)
    assert name == "gliolens-axial-slice-10-labels.png"
    page.wait_for_timeout(500)
    assert page.traffic.without_icon(page) == []
