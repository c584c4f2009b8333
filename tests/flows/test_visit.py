"""What a visitor does, in a real browser against the real app and its real weights.

The sample at full size is segmented once, by whoever is first to ask a server that knows nothing.
"""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.browser import PATIENCE_MS, drop_files
from tests.conftest import ROOT
from tests.support.tab_icon import is_tab_icon

pytestmark = pytest.mark.browser

MODELS = ("U-Net", "ResNet34 U-Net", "TransUNet")

COUNT_PIXELS = """canvas => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0);
    const bytes = context.getImageData(0, 0, copy.width, copy.height).data;
    let bright = 0, coloured = 0;
    for (let i = 0; i < bytes.length; i += 4) {
        const [r, g, b] = bytes.subarray(i, i + 3);
        bright += Math.max(r, g, b) > 40;
        coloured += Math.max(r, g, b) - Math.min(r, g, b) > 40;
    }
    return [bright / (bytes.length / 4), coloured / (bytes.length / 4)];
}"""


TAKE_SENT = "() => window.sent.splice(0)"

# Whether what names the models was ever on screen, from the first frame of a page on.
WATCH_NAMES = """
    window.glimpses = 0;
    const look = () => {
        const named = document.querySelector(".st-key-named_compare");
        window.glimpses += Boolean(named?.getClientRects().length);
        requestAnimationFrame(look);
    };
    look();
"""


class Servers:
    """Started on the sample; what one has answered, its next visitors see at once.

    Args:
        start: Starts another, and gives its address.
    """

    def __init__(self, start):
        self._start = start
        self._fresh = self._asked = None

    def fresh(self) -> str:
        """One that nobody has visited."""
        self._fresh = self._start()
        return self._fresh

    def unanswered(self) -> str:
        """One that has not been asked for the sample, from now on it has."""
        self._asked, self._fresh = self._fresh or self.fresh(), None
        return self._asked

    def answered(self) -> str:
        """The last one that was asked for it."""
        return self._asked or self.unanswered()


@pytest.fixture(scope="module")
def servers(server_starter):
    with ExitStack() as running:
        command = {"arguments": ["--case", "sample"]}
        yield Servers(lambda: running.enter_context(server_starter(ROOT / "app.py", **command)))


@pytest.fixture
def guest(visitors, servers):
    """A new visitor where the sample has been asked for before."""
    with visitors.come(servers.answered()) as page:
        yield page


def see(what: Locator) -> None:
    expect(what).to_be_visible(timeout=PATIENCE_MS)


def gone(what: Locator) -> None:
    expect(what).to_have_count(0, timeout=PATIENCE_MS)


def panel(page: Page, name: str):
    return page.get_by_role("img", name=re.compile(f"^{name}, axial slice"))


def wait_for_models(page: Page) -> None:
    """Until every model has its Dice, or its volume where there is no truth, under its panel."""
    see(page.get_by_text("Time from the files to the label map"))
    for name in MODELS:
        see(panel(page, name))
    for waiting in ("Waiting", re.compile(r"^\d+ %$")):
        gone(page.locator("figcaption").get_by_text(waiting, exact=True))


def share_of_pixels(page: Page, name: str) -> tuple[float, float]:
    """Shares of bright and of coloured pixels on a panel."""
    return tuple(panel(page, name).evaluate(COUNT_PIXELS))


def slice_of(page: Page, name: str) -> int:
    label = panel(page, name).get_attribute("aria-label")
    return int(re.search(r"slice (\d+) of", label)[1])


def dice_values(page: Page) -> list[str]:
    """The Dice of the whole tumour under each panel that has one."""
    captions = page.locator("figcaption").all_inner_texts()
    return [found for text in captions for found in re.findall(r"WT\s+(\.\d\d|1\.00)", text)]


def drop(page: Page, files: list) -> None:
    drop_files(page, *files)
    see(page.get_by_text("Recognised by name"))


def test_a_fresh_server_first_asked_for_a_page_shows_all_of_the_app(visitors, servers):
    """Before the first run of app.py Streamlit takes ``pages/`` for its own old kind of pages."""
    address = servers.fresh()
    with visitors.come(address) as page:
        page.goto("/models?from=link")
        see(page.get_by_text("Not a medical device. For research").last)  # after those of the cards
        see(page.get_by_test_id("stHeaderLogo"))
        see(page.get_by_role("link", name="Benchmark"))
        assert page.url == f"{address}/models?from=link"


def test_cancel_run_again_and_the_next_visitor(visitors, servers):
    address = servers.unanswered()
    with visitors.come(address) as first, visitors.come(address) as second:
        first.goto("/compare?case=sample")
        first.get_by_role("button", name="Cancel").click()
        see(first.get_by_role("button", name="Run again"))
        cancelled = first.locator("figcaption").get_by_text("Cancelled", exact=True)
        see(cancelled.first)
        second.goto("/compare?case=sample")
        see(second.get_by_text("Quick look by Edge U-Net").first)
        wait_until(second, lambda: len(dice_values(second)) >= len(MODELS))
        assert cancelled.count() >= 1
        first.get_by_role("button", name="Run again").click()
        wait_until(first, lambda: len(dice_values(first)) >= len(MODELS))
        gone(cancelled)


def test_started_on_a_case_the_app_opens_it(guest):
    guest.goto("/")
    guest.wait_for_url("**/compare?case=sample")
    see(guest.get_by_text("Synthetic sample, not a patient"))
    guest.get_by_role("link", name="Open").click()
    see(guest.get_by_role("heading", name="Open a case"))


def test_sample_three_overlays_three_dice_and_scrolling_without_the_server(guest, servers):
    page, elsewhere = guest, []
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto("/?case=sample")
    page.wait_for_url("**/compare?case=sample")
    see(page.get_by_text("Synthetic sample, not a patient"))
    wait_until(page, lambda: len(dice_values(page)) >= len(MODELS))
    for name in MODELS:
        bright, coloured = share_of_pixels(page, name)
        assert bright > 0.2, f"{name} shows no brain"
        assert coloured > 0.01, f"{name} shows no tumour"

    ours = (servers.answered(), "blob:", "data:")
    strangers = [url for url in elsewhere if not url.startswith(ours)]
    assert strangers == [], "a machine without network could not fetch these"

    count_messages(page)
    wait_for_silence(page)
    traffic = []
    page.on("request", lambda request: traffic.append(request.url))
    before = slice_of(page, "U-Net")
    panel(page, "U-Net").hover()
    page.mouse.wheel(0, 300)
    wait_until(page, lambda: slice_of(page, "U-Net") != before)
    assert len({slice_of(page, name) for name in MODELS}) == 1
    page.get_by_label("Opacity of the labels").fill("30")
    for name in ("T1c", "Coronal", "Errors", "TC"):
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(500)
    assert sent(page) == []
    assert [url for url in traffic if not is_tab_icon(page, url)] == []


def count_messages(page: Page) -> None:
    """From here on note every message the page sends on the socket it already has."""
    page.evaluate(
        """() => {
            window.sent = [];
            const send = WebSocket.prototype.send;
            WebSocket.prototype.send = function (data) {
                window.sent.push(data.size ?? data.byteLength ?? data.length);
                return send.call(this, data);
            };
        }"""
    )


def sent(page: Page) -> list[int]:
    return page.evaluate("() => window.sent")


def wait_for_silence(page: Page) -> None:
    """Until the page asks for nothing any more: all is drawn, and all distances are measured."""
    see(page.get_by_text("Where the models differ"))
    gone(page.get_by_text("HD95 is being measured"))
    wait_until(page, lambda: page.wait_for_timeout(2500) or page.evaluate(TAKE_SENT) == [])


def wait_until(page: Page, holds) -> None:
    for _ in range(PATIENCE_MS // 100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to hold")


def test_upload_with_truth(page, few_slices):
    page.goto("/")
    drop(page, sorted(few_slices.iterdir()))
    page.get_by_role("button", name="Open these files").click()
    page.wait_for_url("**/compare")
    wait_until(page, lambda: len(dice_values(page)) >= len(MODELS))
    gone(page.get_by_text("Synthetic sample"))
    assert share_of_pixels(page, "Truth")[1] > 0.005
    page.get_by_role("link", name="About").click()
    see(page.get_by_role("heading", name="About"))
    page.get_by_role("link", name="Compare").click()
    wait_until(page, lambda: len(dice_values(page)) >= len(MODELS))


def test_an_upload_after_the_sample_stays_open_through_every_page(guest, few_slices):
    page = guest
    page.goto("/?case=sample")
    see(page.get_by_text("Synthetic sample, not a patient"))
    page.get_by_role("link", name="Open").click()
    drop(page, sorted(few_slices.iterdir()))
    page.get_by_role("button", name="Open these files").click()
    see(page.get_by_text("small · 4/4 modalities"))
    for name in ("Models", "Open", "About"):
        page.get_by_role("link", name=name).click()
        see(page.get_by_role("heading", name=name, level=1))
    page.get_by_role("link", name="Compare").click()
    see(page.get_by_text("small · 4/4 modalities"))
    gone(page.get_by_text("Synthetic sample"))


def test_a_link_opens_the_slice_and_the_layer_it_names(guest):
    page = guest
    page.goto("/compare?case=sample&axial=70&layer=errors")
    see(page.get_by_role("img", name="U-Net, axial slice 70 of 155", exact=True))
    layer = page.get_by_role("button", name="Errors", exact=True)
    expect(layer).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    expect(page.locator(".readout")).to_have_text("slice 70 of 155")


def test_upload_of_three_modalities_with_truth(page, few_slices):
    page.goto("/")
    drop(page, sorted(set(few_slices.iterdir()) - set(few_slices.glob("*_t1ce.*"))))
    page.get_by_role("button", name="Open these files").click()
    page.wait_for_url("**/compare")
    see(page.get_by_text("3/4 modalities · truth"))
    see(page.get_by_text("Upload the T1c file too"))
    wait_until(page, lambda: len(dice_values(page)) >= len(MODELS))
    expect(page.get_by_role("button", name="T1c", exact=True)).to_be_disabled()


def test_upload_of_one_modality_without_truth(page, few_slices):
    page.goto("/")
    drop(page, [next(few_slices.glob("*flair*"))])
    page.get_by_role("button", name="Open these files").click()
    page.wait_for_url("**/compare")
    see(page.get_by_text("Upload the T1c file too"))
    wait_for_models(page)
    gone(panel(page, "Truth"))
    assert dice_values(page) == []


def test_a_cat_is_refused_in_one_sentence(page):
    page.goto("/")
    cat = {"name": "cat_flair.nii.gz", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0 cat"}
    drop_files(page, cat)
    alert = page.get_by_text(re.compile(r"cat_flair\.nii\.gz is a JPEG"))
    see(alert)
    gone(page.get_by_text("Traceback"))


def test_on_a_phone_nothing_is_wider_than_the_screen(visitors, servers):
    size = {"width": 390, "height": 844}
    with visitors.come(servers.answered(), viewport=size, has_touch=True, is_mobile=True) as phone:
        phone.goto("/?case=sample")
        see(phone.get_by_role("img", name=re.compile("axial slice")).first)
        wait_until(phone, lambda: len(dice_values(phone)) >= 1 or phone.locator("canvas").count())
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_hidden_names_stand_nowhere_on_the_page(guest):
    page = guest
    page.add_init_script(WATCH_NAMES)
    page.goto("/compare?case=sample&blind=3")
    see(page.get_by_text("The models' names are hidden"))
    words = page.get_by_text("Where the models differ")
    expect(words).to_be_attached(timeout=PATIENCE_MS)
    expect(words).to_be_hidden()
    assert page.evaluate("() => window.glimpses") == 0
    read_aloud = page.locator("body").aria_snapshot()
    for name in (*MODELS, "unet"):
        assert name not in read_aloud + page.url
    page.get_by_role("button", name="Reveal the models' names").click()
    see(words)
    gone(page.get_by_text("The models' names are hidden").filter(visible=True))
    see(page.get_by_test_id("stDataFrame").first)
