"""How long a frame takes while scrolling a whole head: ``python -m tests.viewer.frame_time``.

A frame is the view's own work (slices read, coloured and put on every panel) and the painting of
its canvases, which is forced by reading a pixel back. Beside it stands a floor on the same
machine at the same moment: an image of the slice's size put and scaled onto as many canvases,
twice each, which no viewer can do without. Their ratio does not depend on who else uses the
machine; milliseconds do.
"""

import json
import statistics
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Page

from benchmarks.browser import run_browser
from common.vocabulary import MODALITIES
from tests.viewer.bench import ADDRESS, mount
from viewer import Panel, scan_payload

SHAPE = (240, 240, 155)
FRAMES = 120

# Before the view is there: keep how long each of its frames takes, painting included.
WATCH = """() => {
    window.frames = [];
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (draw) => ask((time) => {
        const start = performance.now();
        draw(time);
        for (const canvas of document.querySelector("main").children[1]?.shadowRoot
            ?.querySelectorAll("canvas[role=img]") ?? [])
            canvas.getContext("2d").getImageData(0, 0, 1, 1);
        window.frames.push(performance.now() - start);
    });
}"""

SCROLL = """async (frames) => {
    const root = document.querySelector("main").children[1].shadowRoot;
    const slider = root.querySelector("input[aria-label=Slice]");
    const pictures = [...root.querySelectorAll("canvas[role=img]")];
    const source = document.createElement("canvas");
    [source.width, source.height] = [144, 176];
    const pixels = source.getContext("2d").createImageData(source.width, source.height);
    const copies = pictures.map(({width, height}) =>
        Object.assign(document.createElement("canvas"), {width, height}));
    const floorOf = () => {
        const start = performance.now();
        for (const copy of copies) {
            const context = copy.getContext("2d", {alpha: false});
            for (const smooth of [true, false]) {
                context.imageSmoothingEnabled = smooth;
                source.getContext("2d").putImageData(pixels, 0, 0);
                context.drawImage(source, 0, 0, copy.width, copy.height);
            }
            context.getImageData(0, 0, 1, 1);
        }
        return performance.now() - start;
    };
    const found = {frames: [], floors: []};
    for (let i = 0; i < frames; i++) {
        window.frames.length = 0;
        slider.value = String(20 + (i % 110));
        slider.dispatchEvent(new Event("input"));
        while (!window.frames.length) await new Promise(done => setTimeout(done));
        found.frames.push(window.frames[0]);
        found.floors.push(floorOf());
    }
    return found;
}"""


@dataclass(frozen=True)
class FrameTime:
    """Milliseconds of the frames of one scroll, and of the floor beside each of them."""

    frames: list[float]
    floors: list[float]

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return statistics.median(self.frames) / statistics.median(self.floors)

    def told(self) -> dict[str, float]:
        """Medians and 95th percentiles in ms, and the ratio."""
        return {
            name: round(float(value), 2)
            for name, value in {
                "median_ms": np.median(self.frames),
                "p95_ms": np.percentile(self.frames, 95),
                "floor_median_ms": np.median(self.floors),
                "floor_p95_ms": np.percentile(self.floors, 95),
                "ratio": self.ratio,
            }.items()
        }


def measure(page: Page, *, frames: int = FRAMES, **case) -> FrameTime:
    """Scroll through a case of the size of BraTS in four panels, on an empty page."""
    page.evaluate(WATCH)
    mount(page, **({"panels": whole_panels(), "scan": whole_scan()} | case))
    page.evaluate(SCROLL, 20)  # compiled by then
    return FrameTime(**page.evaluate(SCROLL, frames))


def whole_scan(shape: tuple[int, int, int] = SHAPE, spacing=(1.0, 1.0, 1.0)) -> bytes:
    """Four modalities of noise in the proportions of a head."""
    noise = np.random.default_rng(7).uniform(200, 600, shape).astype(np.float32)
    x, y, z = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij", sparse=True)
    head = (x / 0.57) ** 2 + (y / 0.7) ** 2 + (z / 0.95) ** 2 < 1
    return scan_payload(np.stack([noise * head] * 4), MODALITIES, spacing)


def whole_panels(shape: tuple[int, int, int] = SHAPE) -> list[Panel]:
    """A truth and three models that draw half a head each, each a little elsewhere."""
    labels = np.zeros(shape, np.uint8)
    inner = [(n // 3, 2 * n // 3) for n in shape]
    labels[tuple(slice(*span) for span in inner)] = 2
    labels[tuple(slice(low + 8, high - 8) for low, high in inner)] = 3
    named = {"truth": "Truth", "unet": "U-Net", "resnet_unet": "ResNet34", "transunet": "TransUNet"}
    return [
        Panel(key, name, "#999999", np.roll(labels, 3 * at, 0), reference=key == "truth")
        for at, (key, name) in enumerate(named.items())
    ]


def main() -> None:
    with run_browser() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        blank = "<!doctype html><main></main>"
        page.route("**/*", lambda route: route.fulfill(body=blank, content_type="text/html"))
        page.goto(ADDRESS)
        print(json.dumps(measure(page).told()))


if __name__ == "__main__":
    main()
