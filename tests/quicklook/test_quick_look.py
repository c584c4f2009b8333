"""What the browser draws by itself, against what the server draws with the same small model."""

import base64
import re

import nibabel as nib
import numpy as np
import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import segment
from inference.network.preprocess import prepare
from model_zoo.weights.loading import load_network
from quicklook.component import DIVISOR, MODEL
from tests.conftest import ROOT
from tests.flows.test_look import choose, unreadable
from tests.viewer.screen import watch_traffic
from training.release.onnx_measure import label, torch_network

SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"
INPUT = ".quick-page input[type=file]"

# Keeps the last answer of a worker, for a look at the label map that is on screen.
LISTEN = """
    const Plain = window.Worker;
    window.Worker = class extends Plain {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", ({data}) => {
                if (data.kind === "done") window.answer = data;
                if (data.kind === "progress") (window.shares ??= []).push(data.share);
            });
        }
    };
"""

# The code of the view and the small model are here.
ARRIVED = """() => {
    const parked = [...window[Symbol.for("gliolens.viewer")].parcels.values()];
    return parked.length === 2 && parked.every(({holders}) => holders.size);
}"""

ANSWER = """() => {
    const {data, box} = window.answer.labels;
    let text = "";
    for (let i = 0; i < data.length; i += 8192)
        text += String.fromCharCode(...data.subarray(i, i + 8192));
    return {...window.answer, box, labels: btoa(text)};
}"""


@pytest.fixture
def quick_page(page):
    return open_quick_page(page)


def open_quick_page(page):
    page.add_init_script(LISTEN)
    page.traffic = watch_traffic(page)
    page.goto("/")
    page.get_by_text("On this computer", exact=True).click()
    expect(page.get_by_text("Choose the files of one patient")).to_be_visible(timeout=PATIENCE_MS)
    return page


def drawn_by_browser(page, shape):
    """(X, Y, Z) label map of the last answer."""
    answer = page.evaluate(ANSWER)
    box = tuple(slice(*span) for span in answer["box"])
    sizes = [span.stop - span.start for span in box]
    values = np.frombuffer(base64.b64decode(answer["labels"]), np.uint8)
    labels = np.zeros(shape, np.uint8)
    labels[box] = values.reshape(sizes[::-1]).transpose(2, 1, 0)
    return labels, answer


@pytest.fixture
def sparse_sample(tmp_path):
    """Every fourth slice of the sample; ``make soak`` draws all of them."""
    for file in SAMPLE.glob("*.nii.gz"):
        nib.save(nib.load(file).slicer[..., ::4], tmp_path / file.name)
    return tmp_path


@pytest.mark.browser
def test_the_browser_draws_what_the_server_draws_and_sends_nothing(
    quick_page, sparse_sample, capsys
):
    see_drawn_as_on_the_server(quick_page, sparse_sample, capsys, tumour_voxels=2_500)


def see_drawn_as_on_the_server(page, folder, capsys, *, tumour_voxels):
    page.wait_for_function(ARRIVED)
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(500)
    page.traffic.clear()
    page.locator(INPUT).set_input_files(sorted(folder.glob("*.nii.gz")))
    expect(page.get_by_text("Nothing left this computer")).to_be_visible(timeout=PATIENCE_MS)
    assert page.traffic.without_icon(page) == []

    with open_cases([folder]) as (files,):
        case = read_case(files)
    model, _ = load_network(MODEL)
    assert model.divisor == DIVISOR
    ours, answer = drawn_by_browser(page, case.shape)
    server = segment(case, model, name=MODEL, prepared=prepare(case)).labels
    plain = label(case, torch_network(model), divisor=model.divisor)
    with capsys.disabled():
        print("\n", answer["seconds"], answer["slices"], "slices")
        for name, theirs in (("server", server), ("PyTorch in float32", plain)):
            print(f" {np.count_nonzero(ours != theirs)} of {ours.size} voxels differ from {name}")
    assert np.count_nonzero(ours) > tumour_voxels
    assert np.count_nonzero(ours != plain) <= 1e-5 * ours.size
    assert np.count_nonzero(ours != server) <= 1e-3 * ours.size


@pytest.mark.browser
def test_a_refused_file_then_the_right_ones_readable_in_both_themes(quick_page, small_case_folder):
    page = quick_page
    files = sorted(small_case_folder.glob("*.nii*"))
    page.locator(INPUT).set_input_files([files[0], ROOT / "README.md"])
    expect(page.get_by_text("README.md does not state its modality")).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.locator(INPUT).set_input_files([f for f in files if "_t1." not in f.name])
    expect(page.get_by_text("Without T1 it is less reliable.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("measure 3.8 × 3.8 mm and not 1 mm")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Edge U-Net, axial slice"))).to_have_count(1)
    shares = page.evaluate("window.shares")
    assert shares == sorted(shares)
    assert len(shares) > 20
    assert shares[-1] == 1
    for theme in ("Dark", "Light"):
        choose(page, theme)
        assert unreadable(page) == []


@pytest.mark.browser
def test_files_chosen_while_the_sample_is_read_take_its_place_and_outlast_the_page(
    quick_page, small_case_folder
):
    page = quick_page
    page.get_by_role("button", name="Try it on the sample").click()
    expect(page.get_by_text(re.compile(r"slice \d+ of 155"))).to_be_visible(timeout=PATIENCE_MS)
    only = page.locator(".chooser button[aria-pressed=true]")
    expect(only).to_have_text("Edge U-Net")
    expect(only).to_have_css("text-decoration-line", "none")
    page.locator(INPUT).set_input_files(sorted(small_case_folder.glob("*.nii*")))
    expect(page.get_by_text("Nothing left this computer")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(re.compile(r"slice \d+ of 32"))).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_role("img", name=re.compile("axial slice"))).to_have_count(1)
    before = page.locator(".readout").inner_text()
    page.get_by_role("button", name="Next slice").click()
    expect(page.locator(".readout")).not_to_have_text(before)  # it is drawn with the next frame
    told, slice_shown = (page.locator(each).inner_text() for each in ("p.status", ".readout"))
    page.get_by_text("On the server", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("axial slice"))).to_have_count(0)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Open").click()
    page.get_by_text("On this computer", exact=True).click()
    expect(page.locator(".readout")).to_have_text(slice_shown, timeout=PATIENCE_MS)
    expect(page.get_by_role("img", name=re.compile("^Edge U-Net, axial slice"))).to_have_count(1)
    expect(page.locator("p.status")).to_have_text(told)
