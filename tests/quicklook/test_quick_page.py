"""The quick look as a person meets it, on an empty page: no Streamlit, no server, no network."""

import base64

import nibabel as nib
import numpy as np
import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.io.image_warnings import concerns
from quicklook.component import _BROWSER, _engine, _panel
from tests.quicklook.conftest import empty_page
from viewer.bundle import bundle
from viewer.component import _code, words
from viewer.parcel import read_header

pytestmark = pytest.mark.browser

# Parks what Streamlit would send, and keeps the functions that open and leave the page.
MOUNT = """async ([scripts, parcel, data]) => {
    const load = (script) => import(
        URL.createObjectURL(new Blob([script], {type: "text/javascript"})));
    const mount = async (script, data) => {
        const {default: component} = await load(script);
        return () => {
            const parentElement = document.body.appendChild(document.createElement("div"));
            const leave = component({data, parentElement});
            return () => { leave(); parentElement.remove(); };
        };
    };
    const bytes = Uint8Array.from(atob(parcel), (c) => c.charCodeAt(0));
    (await mount(scripts.code, data.parked))();
    (await mount(scripts.parcel, bytes))();
    window.enter = await mount(scripts.quick, data.quick);
    window.leave = window.enter();
}"""

# Scripts of the page, such as that of the worker, begin with this.
FIRST = """(begin) => {
    const Plain = window.Blob;
    window.Blob = class extends Plain {
        constructor(parts, options) {
            super(options?.type === "text/javascript" ? [begin, ...parts] : parts, options);
        }
    };
}"""

# The words stand there for a moment that may be over before anyone outside the page has looked.
LEAVE_WHEN = """(words) => {
    const observer = new MutationObserver(() => {
        if (!document.body.textContent.includes(words)) return;
        observer.disconnect();
        window.leave();
        window.left = true;
    });
    observer.observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture
def quick(nowhere):
    """Opens the quick look on a page of its own, whose worker may begin with a script."""
    pages = []

    def open_quick(begin=""):
        page = empty_page(nowhere)
        pages.append(page)
        page.set_default_timeout(PATIENCE_MS)
        code, engine = _code(), _engine()
        quick = {"key": "q", "code": code["hash"], "engine": read_header(engine)["hash"], "css": ""}
        quick |= {"words": words(), "panel": _panel(), "sample": None, "presses": 0}
        scripts = {
            "code": code["js"],
            "parcel": bundle("components/parcel.js"),
            "quick": bundle("quick.js", folder=_BROWSER),
        }
        parked = {"hash": code["hash"], "css": ""}
        parcel = base64.b64encode(engine).decode()
        page.evaluate(MOUNT, [scripts, parcel, {"parked": parked, "quick": quick}])
        if begin:
            page.evaluate(FIRST, begin)
        return page

    yield open_quick
    for page in pages:
        page.close()


@pytest.fixture
def scan(small_case_folder):
    return sorted(small_case_folder.glob("*.nii*"))


def choose(page, files):
    page.locator("input[type=file]").set_input_files(files)


def told(page, words):
    expect(page.locator("p.status")).to_contain_text(words, timeout=PATIENCE_MS)


def pictures(page):
    return page.get_by_role("img", name="axial slice")


def test_a_wrong_file_leaves_the_scan_before_it_on_the_page(quick, scan, tmp_path):
    page = quick()
    wrong = tmp_path / "cat.png"
    wrong.write_bytes(b"a cat")
    choose(page, wrong)
    told(page, "cat.png is no NIfTI file")
    expect(pictures(page)).to_have_count(0)
    choose(page, scan)
    told(page, "Nothing left this computer")
    before = page.locator("p.status").inner_text()
    choose(page, wrong)
    told(
        page,
        "cat.png is no NIfTI file; “On the server” reads other formats, pictures and zip files.",
    )
    told(page, "The scan below is the one before.")
    expect(pictures(page)).to_have_count(1)
    come_back(page)
    expect(page.locator("p.status")).to_have_text(before)
    expect(pictures(page)).to_have_count(1)


def test_a_head_that_was_not_stripped_is_told(quick, scan, tmp_path):
    """Noise stands behind it, or it is larger than a brain, as ``image_warnings.py`` finds it."""
    page = quick()
    image = nib.load(next(file for file in scan if "_flair" in file.name))
    voxels = np.asarray(image.dataobj, np.float32)
    air = np.random.default_rng(0).integers(1, 9, voxels.shape)
    noise = nib.Nifti1Image(np.where(voxels == 0, air, voxels).astype(np.float32), image.affine)
    large = nib.Nifti1Image(np.asarray(image.dataobj), image.affine @ np.diag([2, 2, 2, 1]))
    for number, made in enumerate((noise, large)):
        file = tmp_path / f"{number}_flair.nii.gz"
        made.to_filename(file)
        assert "skull" in concerns(read_ras(file), made.header.get_zooms())
        choose(page, file)
        told(page, "Nothing left this computer")
        told(page, "By the look of it FLAIR is not skull-stripped")
    choose(page, scan)
    told(page, "30 slices")
    expect(page.locator("p.status")).not_to_contain_text("skull")


def test_one_image_as_two_modalities_is_told(quick, scan, tmp_path):
    page = quick()
    flair = next(file for file in scan if "_flair" in file.name)
    for modality in ("t1", "flair"):
        (tmp_path / f"a_{modality}.nii.gz").write_bytes(flair.read_bytes())
    choose(page, [*tmp_path.iterdir()])
    told(page, "T1 is the same image as FLAIR, so it was left out.")
    told(page, "Without T1, T1c, T2 it is less reliable.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda im: im.max() - im, "was read as inverted and turned back"),
        (lambda im: np.where(im != 0, im, -9), "FLAIR: the constant -9 around the head"),
        (lambda im: with_stray(im, 32767), "3 voxels outside the head, far brighter than it"),
        (lambda im: with_stray(im, np.nan), "FLAIR has voxels without a value (NaN)"),
    ],
)
def test_what_was_put_right_is_told_as_on_the_server(quick, scan, tmp_path, change, sentence):
    page = quick()
    image = nib.load(next(file for file in scan if "_flair" in file.name))
    voxels = change(np.asarray(image.dataobj, np.float32)).astype(np.float32)
    file = tmp_path / "a_flair.nii"
    nib.save(nib.Nifti1Image(voxels, image.affine), file)
    with open_cases([file]) as (files,):
        assert any(sentence.removeprefix("FLAIR") in note for note in read_case(files).notes)
    choose(page, file)
    told(page, "Nothing left this computer")
    told(page, sentence)


def with_stray(image, value):
    damaged = image.copy()
    damaged[2, 2, [2, 5, 8]] = value
    return damaged


def read_ras(file):
    return nib.as_closest_canonical(nib.load(file)).get_fdata()


def come_back(page):
    page.evaluate("() => { window.leave(); window.leave = window.enter(); }")


def test_who_leaves_while_a_scan_is_read_finds_it_read(quick, scan):
    page = quick()
    page.evaluate(LEAVE_WHEN, "Looking for a tumour")
    choose(page, scan)
    page.wait_for_function("window.left")
    expect(page.locator("p.status")).to_have_count(0)
    page.evaluate("() => { window.leave = window.enter(); }")
    told(page, "Nothing left this computer")
    expect(pictures(page)).to_have_count(1)


def test_a_browser_that_cannot_run_the_model_says_so(quick, scan):
    for begin in ("self.WebAssembly = undefined;", "this is no script;"):
        page = quick(begin)
        choose(page, scan)
        told(page, "This browser could not run the small model; choose “On the server”.")
        expect(pictures(page)).to_have_count(0)
