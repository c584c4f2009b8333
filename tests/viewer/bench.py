"""The component on its own: no Streamlit, no server, and an opinion of every kind to look at."""

import base64

import numpy as np
from playwright.sync_api import Page, expect

from tests.viewer.compare_case import SHAPE, make_labels, make_scan
from tests.viewer.screen import settle
from viewer import Panel, Place, panels_payload, probability_payload
from viewer.bundle import bundle
from viewer.component import _view_data
from viewer.parcel import read_header, unpack
from viewer.styles import compare_styles

ADDRESS = "http://viewer.test"

# RAS+ with its origin inside the grid, so that both signs occur.
AFFINE = np.array([[1.0, 0, 0, -20], [0, 1.5, 0, -30.5], [0, 0, 3.0, 4.2], [0, 0, 0, 1]])

# In the middle of a block of oedema of the truth; what each model makes of it is in `opinions`.
ALL_DIFFER = (38, 19, 9)
CORE = (41, 23, 9)  # necrotic core of the truth, which the second model misses
EXTRA = (30, 20, 9)  # oedema that the second model alone sees

# Whole-tumour probabilities of the first model, by slice of x, that are colours of the map.
PROBABILITIES = {37: 1 / 3, 38: 2 / 3, 39: 1.0}

SCRIPTS = {
    "code": "components/compare_code.js",
    "view": "components/compare_view.js",
    "parcel": "components/parcel.js",
}

# What stays between two calls, under the names of the calls: where each stands, and how it ends.
MOUNT = """async ([calls, sources]) => {
    const bench = window.bench ??= {modules: {}, elements: {}, cleanups: {}};
    for (const [name, source] of Object.entries(sources)) {
        const blob = new Blob([source], {type: "text/javascript"});
        bench.modules[name] ??= (await import(URL.createObjectURL(blob))).default;
    }
    for (const {name, script, data, bytes} of calls) {
        const parentElement = bench.elements[name] ??= document.querySelector("main")
            .appendChild(document.createElement("section")).attachShadow({mode: "open"});
        const decoded = bytes && Uint8Array.from(atob(bytes), c => c.charCodeAt(0));
        bench.cleanups[name] = bench.modules[script]({data: decoded ?? data, parentElement});
    }
}"""

LEAVE = """() => {
    for (const cleanup of Object.values(bench.cleanups)) cleanup();
    Object.assign(bench, {elements: {}, cleanups: {}});
    document.querySelector("main").replaceChildren();
}"""


def opinions() -> dict[str, np.ndarray]:
    """The label maps of three models that differ from the truth, and each other, in few places."""
    truth = make_labels()
    second = np.where(truth == 1, 0, truth).astype(np.uint8)
    second[EXTRA] = 2
    second[ALL_DIFFER] = 3
    third = truth.copy()
    third[ALL_DIFFER] = 0
    return {"unet": truth, "resnet_unet": second, "transunet": third}


def make_probability() -> bytes:
    values = np.zeros((3, *SHAPE), np.float16)
    for x, value in PROBABILITIES.items():
        values[0, x, 18:30, 7:13] = value
    values[2, 38, 18:30, 7:13] = 1.0
    box = tuple(slice(0, size) for size in SHAPE)
    return probability_payload(values, box, SHAPE)


def bench_panels(*, truth: bool = True, regions=("wt", "tc", "et")) -> list[Panel]:
    first, second, third = opinions().values()
    models = [
        Panel("unet", "U-Net", "#E69F00", first, probability=make_probability(), seconds=1.0),
        Panel("resnet_unet", "ResNet34 U-Net", "#009E73", second, dice={"wt": 0.9}),
        Panel("transunet", "TransUNet", "#CC79A7", third),
        Panel("consensus", "Consensus", "#FFFFFF", first, derived=True),
    ]
    if not truth:
        return models
    expert = Panel("truth", "Truth", "#999999", make_labels(), reference=True, regions=regions)
    return [expert, *models]


def mount(
    page: Page,
    panels: list[Panel] | None = None,
    *,
    affine: np.ndarray = AFFINE,
    scan: bytes | None = None,
    brain: bytes | None = None,
    place: Place | None = None,
) -> None:
    """Put the component on a page, as Streamlit does, and wait for its pictures.

    Again on the same page, it is what a rerun brings to the same view.
    """
    scan = scan or make_scan()
    header, parcels = unpack(panels_payload(bench_panels() if panels is None else panels))
    data = _view_data(
        read_header(scan),
        header,
        key="bench",
        affine=affine,
        brain=brain,
        place=place,
        height=None,
    )
    sent = [*parcels, scan, *([] if brain is None else [brain])]
    calls = [
        {"script": "code", "data": {"hash": data["code"], "css": compare_styles()}},
        {"script": "view", "data": data},
        *({"script": "parcel", "bytes": base64.b64encode(parcel).decode()} for parcel in sent),
    ]
    for call, name in zip(calls, ["code", "view", *map(_hash, sent)], strict=True):
        call["name"] = name
    page.evaluate(MOUNT, [calls, {name: bundle(file) for name, file in SCRIPTS.items()}])
    expect(page.locator(".spot")).to_be_attached()
    expect(page.get_by_text("Loading the scan…")).to_be_hidden()
    settle(page)


def _hash(parcel: bytes) -> str:
    return read_header(parcel)["hash"]


def leave(page: Page) -> None:
    """Go to another page of the app: all that stands there is taken down."""
    page.evaluate(LEAVE)


def press(page: Page, *keys: str) -> None:
    page.locator(".grid").focus()
    for key in keys:
        page.keyboard.press(key)
    settle(page)


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settle(page)


def shown_names(page: Page) -> list[str]:
    return page.locator("figure:visible .name").all_inner_texts()
