"""How far a model is reaches its panel alone: no new view, and no picture drawn again."""

import pytest
from playwright.sync_api import expect

from tests.viewer.bench import MOUNT, bench_panels
from tests.viewer.screen import settle
from viewer import Panel, QuickLook, labels_payload
from viewer.bundle import bundle

COUNT_PICTURES = """() => {
    window.pictures = 0;
    const { putImageData, drawImage } = CanvasRenderingContext2D.prototype;
    for (const [name, draw] of Object.entries({ putImageData, drawImage })) {
        CanvasRenderingContext2D.prototype[name] = function (...given) {
            window.pictures++;
            return draw.apply(this, given);
        };
    }
}"""


def tell(page, **panels):
    """As Streamlit does: the component is called anew with each message."""
    told = {key: {"status": status, "progress": at} for key, (status, at) in panels.items()}
    data = {"key": "bench", "panels": told}
    sources = {"progress": bundle("components/progress.js")}
    page.evaluate(MOUNT, [[{"script": "progress", "data": data}], sources])
    settle(page)


def caption(page, name):
    return page.locator("figure").filter(has_text=name).locator("figcaption")


@pytest.fixture
def page(bench):
    """The truth, a model that runs, and one that waits."""
    truth, first, second, *_ = bench_panels()
    look = QuickLook("Edge U-Net", labels_payload(truth.labels))
    running = Panel(first.key, first.name, first.colour, status="running", progress=0.2)
    waiting = Panel(second.key, second.name, second.colour, status="waiting", quick_look=look)
    return bench(panels=[truth, running, waiting])


def test_a_step_moves_the_bar_and_draws_no_picture(page):
    page.evaluate(COUNT_PICTURES)
    tell(page, unet=("running", 0.6), resnet_unet=("waiting", 0.0))
    expect(caption(page, "U-Net").first).to_contain_text("60 %")
    bar = page.get_by_role("progressbar", name="U-Net is running", exact=True)
    expect(bar).to_have_attribute("aria-valuenow", "60")
    assert page.evaluate("window.pictures") == 0


def test_a_model_that_begins_shows_its_bar_and_says_so_in_the_quick_look(page):
    second = page.locator("figure").filter(has_text="ResNet34 U-Net")
    expect(second).to_contain_text("ResNet34 U-Net waiting")
    tell(page, resnet_unet=("running", 0.1))
    expect(second.get_by_role("progressbar")).to_be_visible()
    expect(second).to_contain_text("ResNet34 U-Net at 10 %")
    tell(page, resnet_unet=("running", 0.7))
    expect(second).to_contain_text("ResNet34 U-Net at 70 %")


def test_what_a_later_view_brought_is_not_taken_back(page):
    tell(page, unet=("running", 0.1))
    expect(caption(page, "U-Net").first).to_contain_text("20 %")


def test_a_panel_that_has_its_answer_is_left_alone(page):
    tell(page, truth=("running", 0.5))
    expect(caption(page, "Truth")).not_to_contain_text("50 %")
