"""What a visitor does with files of every kind, in a real browser against the real app."""

import io
import re
import shutil

import nibabel as nib
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from benchmarks.browser import PATIENCE_MS, drop_files
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import to_slices
from tests.inference.motions import rigid

pytestmark = pytest.mark.browser

ENDINGS = ("t1", "t1ce", "t2", "flair")


@pytest.fixture
def page(page):
    page.goto("/")
    return page


@pytest.fixture(scope="module")
def case(few_slices):
    with open_cases([few_slices]) as (files,):
        return read_case(files)


@pytest.fixture(scope="module")
def slices(case):
    """(4, 192, 192) uint8 and its truth: the slice with the most tumour, at the size of a head."""
    z = int((case.truth > 0).sum(axis=(0, 1)).argmax())
    images = to_slices(case.volume)[z].astype(np.uint8)
    truth = to_slices(case.truth[None])[z, 0]
    return images.repeat(3, axis=1).repeat(3, axis=2), truth.repeat(3, axis=0).repeat(3, axis=1)


def picture(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def upload(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def see(what: Locator) -> None:
    expect(what).to_be_visible(timeout=PATIENCE_MS)


def role(page: Page, file_name: str) -> Locator:
    return page.get_by_role("combobox", name=re.compile(f"Read {re.escape(file_name)}"))


def choose(page: Page, box: Locator, option: str) -> None:
    box.click()
    page.get_by_role("option", name=option, exact=True).click()


def read_folded_notes(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"\d more notes on these files")).click()


def open_and_see_models(page: Page) -> None:
    """Open what lies on the desk; every model answers, and the picture is on the screen."""
    page.get_by_role("button", name="Open these files").click()
    page.wait_for_url("**/compare")
    see(page.get_by_role("img", name=re.compile("^TransUNet, axial slice")))
    see(page.get_by_text("Time from the files to the label map"))
    expect(page.get_by_text("Waiting", exact=True)).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_four_pictures_of_a_slice(page, slices):
    images, truth = slices
    named = zip(ENDINGS, images, strict=True)
    files = [upload(f"Müller AX {end}.png", picture(image)) for end, image in named]
    drop_files(page, *files, upload("Müller AX seg.png", picture(truth)))
    for end, title in zip(ENDINGS, ("T1", "T1c", "T2", "FLAIR"), strict=True):
        see(page.get_by_alt_text(f"Middle slice of Müller AX {end}.png"))
        expect(role(page, f"Müller AX {end}.png")).to_have_value(title)
    see(page.get_by_text("The size of a pixel is not known"))
    open_and_see_models(page)
    see(page.get_by_text("4/4 modalities · truth"))
    expect(page.get_by_text(re.compile(r"\d ml\b"))).to_have_count(0)


def test_one_picture_in_colour(page, slices):
    images, _ = slices
    colours = np.stack([images[0], images[3], images[1]], axis=-1)
    drop_files(page, upload("slice.tif", picture(colours, "TIFF")))
    for name in ("red", "green", "blue"):
        see(page.get_by_text(f"slice.tif ({name})", exact=True))
    open_and_see_models(page)
    see(page.get_by_text("The colours of slice.tif were taken to be T1, FLAIR, T1c"))


def test_slices_as_pictures_are_stacked(page, case):
    images = to_slices(case.volume).astype(np.uint8)
    colours = np.stack([images[:, 0], images[:, 3], images[:, 1]], axis=-1)
    files = [upload(f"P1_{n}.tif", picture(cut, "TIFF")) for n, cut in enumerate(colours, 1)]
    drop_files(page, *files)
    see(page.get_by_text(f"P1_1–{len(files)}.tif (green)", exact=True))
    open_and_see_models(page)
    see(page.get_by_role("img", name=re.compile(rf"^TransUNet, axial slice \d+ of {len(files)}")))


def test_an_array_of_four_channels(page, slices):
    stream = io.BytesIO()
    np.save(stream, np.moveaxis(slices[0], 0, -1))
    drop_files(page, upload("slice.npy", stream.getvalue()))
    see(page.get_by_text("slice.npy (channel 4)", exact=True))
    open_and_see_models(page)
    see(page.get_by_text("The channels of slice.npy were taken to be T1, T1c, T2, FLAIR"))


def test_a_zip_of_a_folder(page, few_slices, tmp_path):
    drop_files(page, shutil.make_archive(str(tmp_path / "scan"), "zip", few_slices))
    see(page.get_by_text("small_seg.nii.gz", exact=True))
    meaning = page.get_by_role("combobox", name="What its numbers mean")
    expect(meaning).to_have_value(re.compile("^Find out by numbers"))
    see(page.get_by_text("So far BraTS from 2023"))
    open_and_see_models(page)
    see(page.get_by_text("small · 4/4 modalities · truth"))


def test_a_4d_file_whose_volumes_are_assigned_by_hand(page, few_slices):
    ends = ("flair", "t1")
    images = [nib.load(next(few_slices.glob(f"*_{end}.*"))) for end in ends]
    stacked = np.stack([np.asarray(image.dataobj) for image in images], -1)
    content = nib.Nifti1Image(stacked, images[0].affine).to_bytes()
    drop_files(page, upload("scan.nii", content))
    see(page.get_by_text("Choose what scan.nii (volume 1) is"))
    expect(page.get_by_role("button", name="Open these files")).to_be_disabled()
    choose(page, role(page, "scan.nii (volume 1)"), "FLAIR")
    see(page.get_by_text("Choose what scan.nii (volume 2) is"))
    choose(page, role(page, "scan.nii (volume 2)"), "T1")
    open_and_see_models(page)
    read_folded_notes(page)
    see(page.get_by_text("The volumes of scan.nii were taken to be FLAIR, T1"))


def test_a_role_corrected_by_hand_survives_another_page(page, few_slices):
    [file] = few_slices.glob("*_t2.*")
    drop_files(page, file)
    see(page.get_by_text("small_t2.nii.gz", exact=True))
    choose(page, role(page, "small_t2.nii.gz"), "FLAIR")
    expect(role(page, "small_t2.nii.gz")).to_have_value("FLAIR")
    page.get_by_role("link", name="About").click()
    see(page.get_by_role("heading", name="About"))
    page.get_by_role("link", name="Open").click()
    see(page.get_by_text("small_t2.nii.gz", exact=True))
    expect(role(page, "small_t2.nii.gz")).to_have_value("FLAIR")
    open_and_see_models(page)
    see(page.get_by_text("1/4 modalities"))
    read_folded_notes(page)
    see(page.get_by_text("Upload the T2 file too"))


def leave_as_they_are(page: Page) -> None:
    page.get_by_text("Leave them as they are", exact=True).click()


def test_other_grids_are_resampled_once_agreed(page, few_slices):
    image = nib.load(next(few_slices.glob("*_flair.*")))
    half = np.asarray(image.dataobj)[::2, ::2]
    content = nib.Nifti1Image(half, image.affine @ np.diag([2, 2, 1, 1])).to_bytes()
    [t1c] = few_slices.glob("*_t1ce.*")
    drop_files(page, upload("small_half_flair.nii", content), upload(t1c.name, t1c.read_bytes()))
    see(page.get_by_text("The files lie on different grids"))
    leave_as_they_are(page)
    expect(page.get_by_role("button", name="Open these files")).to_be_disabled()
    page.get_by_text("Resample onto the T1c", exact=True).click()
    open_and_see_models(page)
    read_folded_notes(page)
    see(page.get_by_text("small_half_flair.nii was resampled"))


def test_a_head_that_moved_between_images_is_aligned_if_asked(page, small_case_folder):
    [t1c], [flair] = (small_case_folder.glob(f"*_{end}.*") for end in ("t1ce", "flair"))
    image = nib.load(flair)
    moved = nib.Nifti1Image(np.asarray(image.dataobj), rigid(8, 6) @ image.affine).to_bytes()
    drop_files(page, upload("small_moved_flair.nii", moved), upload(t1c.name, t1c.read_bytes()))
    leave_as_they_are(page)
    page.get_by_text("Resample onto the T1c", exact=True).click()
    page.get_by_text("Also align them (rigid)", exact=True).click()
    open_and_see_models(page)
    read_folded_notes(page)
    told = page.get_by_text(
        re.compile(r"small_moved_flair\.nii was moved by [\d.]+ mm and turned by")
    ).first
    see(told)
    shift, turn = map(float, re.findall(r"by ([\d.]+)", told.inner_text())[:2])
    assert shift > 4
    assert abs(turn - 6) < 1


def test_a_photograph_is_refused_and_the_next_upload_works(page, few_slices):
    y, x = np.mgrid[:300, :400]
    fur = ((y - 150) ** 2 / 90**2 + (x - 200) ** 2 / 120**2 < 1)[..., None]
    grass = np.stack([90 + x // 8, 150 + y // 6, 70 + 0 * x], -1)
    photograph = np.where(fur, (190, 120, 60), grass).astype(np.uint8)
    drop_files(page, upload("cat_t1.jpg", picture(photograph, "JPEG")))
    see(page.get_by_text(re.compile(r"cat_t1\.jpg looks like a photograph")))
    expect(page.get_by_role("button", name="Open these files")).to_have_count(0)
    drop_files(page, *few_slices.glob("*_t1.*"))
    see(page.get_by_text("small_t1.nii.gz", exact=True))
    page.get_by_role("button", name="Leave it out").click()
    expect(page.get_by_text("looks like a photograph")).to_have_count(0)
    expect(page.get_by_role("button", name="Open these files")).to_be_enabled()


@pytest.mark.parametrize("width", [1440, 390])
def test_long_names_fit_the_screen(visitors, address, few_slices, width):
    with visitors.come(address, viewport={"width": width, "height": 900}) as page:
        page.goto("/")
        name = "Patient_" * 13 + "t1.nii.gz"
        assert len(name) >= 113
        [t1] = few_slices.glob("*_t1.*")
        drop_files(page, upload(name, t1.read_bytes()))
        title = page.locator(".image-row strong", has_text=name)
        see(title)
        box = title.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
