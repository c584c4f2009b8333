"""All that the view writes can be read in both themes: every legend, every state of a panel.

Axe-core gives no answer where letters stand on a picture or before a gradient, and sees only the
layer that is chosen; here every layer is, and what lies behind a text is its nearest ground.
"""

import pytest

from tests.viewer.bench import bench_panels, choose
from tests.viewer.compare_case import make_quick_look
from tests.viewer.screen import settle
from viewer import Panel

LAYERS = ("Labels", "Probability", "Disagreement", "Errors")
TEXT, GRAPHICS = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11

# Each visible text, and each colour of a legend, with the contrast to what is behind it.
MEASURE = """() => {
    const numbers = (colour) => {
        const found = colour.match(/[\\d.]+/g).map(Number);
        return [...found.slice(0, 3), found[3] ?? 1];
    };
    const over = ([r, g, b, a], ground) =>
        [r, g, b].map((part, i) => part * a + ground[i] * (1 - a)).concat(1);
    const groundOf = (node) => {
        if (!node) return [255, 255, 255, 1];
        const parent = node.parentElement ?? node.getRootNode().host;
        const own = numbers(getComputedStyle(node).backgroundColor);
        return own[3] === 1 ? own : over(own, groundOf(parent));
    };
    const light = ([r, g, b]) => [r, g, b]
        .map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (colour, ground) => {
        const [low, high] = [light(over(colour, ground)), light(ground)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const seen = (node) => node.checkVisibility({visibilityProperty: true});
    const nodes = [...document.querySelectorAll("section")]
        .flatMap(({shadowRoot}) => [...(shadowRoot?.querySelectorAll(".compare *") ?? [])])
        .filter((node) => seen(node) && !node.closest("style, button:disabled"));
    const texts = nodes
        .filter(({childNodes}) => [...childNodes].some(
            (child) => child.nodeType === Node.TEXT_NODE && child.data.trim()))
        .map((node) => [node.textContent.trim(),
            contrast(numbers(getComputedStyle(node).color), groundOf(node))]);
    const swatches = nodes.filter((node) => node.matches(".swatch")).map((node) => {
        const ground = groundOf(node.parentElement);
        const {borderTopColor, boxShadow} = getComputedStyle(node);
        const edges = [borderTopColor, boxShadow.match(/rgba?\\(.*?\\)/)?.[0]].filter(Boolean);
        return [node.parentElement.textContent.trim(),
            Math.max(...edges.map((edge) => contrast(numbers(edge), ground)))];
    });
    return {texts, swatches};
}"""


@pytest.fixture(params=["dark", "light"])
def themed(bench, request):
    """Opens panels in a theme of the page."""

    def open_themed(panels=None):
        page = bench(panels=panels)
        page.evaluate(f"document.documentElement.style.colorScheme = '{request.param}'")
        settle(page)
        ground = page.locator(".compare").evaluate("node => getComputedStyle(node).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (request.param == "light")
        page.wait_for_timeout(300)  # buttons change their colours slowly
        return page

    return open_themed


def faint(page) -> list[str]:
    """A line for each text or colour that stands out too little."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    found = page.evaluate(MEASURE)
    assert len(found["texts"]) > 10
    return [
        f"{text}: {ratio:.2f}"
        for kind, least in (("texts", TEXT), ("swatches", GRAPHICS))
        for text, ratio in found[kind]
        if ratio < least
    ]


def test_every_legend_can_be_read(themed):
    page = themed(bench_panels())
    wrong = []
    for layer in LAYERS:
        choose(page, layer)
        wrong += [f"{layer}: {each}" for each in faint(page)]
    assert wrong == []


def test_panels_without_a_result_can_be_read(themed):
    page = themed(
        [
            Panel("unet", "U-Net", "#E69F00", status="failed", message="U-Net has no weights."),
            Panel("resnet_unet", "ResNet34 U-Net", "#009E73", status="cancelled"),
            Panel("transunet", "TransUNet", "#CC79A7", status="waiting"),
            Panel(
                *("consensus", "Consensus", "#FFFFFF"),
                status="running",
                progress=0.42,
                quick_look=make_quick_look(),
            ),
        ]
    )
    for words in ("Failed", "U-Net has no weights.", "Cancelled", "Waiting", "42 %", "Quick look"):
        assert page.get_by_text(words, exact=True).first.is_visible()
    assert faint(page) == []


def test_a_picture_that_was_not_saved_is_told_readably(themed):
    page = themed()
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    choose(page, "Save the picture (D)")
    assert page.get_by_role("alert").is_visible()
    assert faint(page) == []
