"""Window and level: the greys are those that the chosen window gives."""

import re

import numpy as np
import pytest

from tests.viewer.bench import choose, press
from tests.viewer.compare_case import PRESENT, make_scan, make_volume
from tests.viewer.screen import canvas, picture, scale_of, settle, voxels
from viewer.parcel import read_header

CENTRE = (30, 24, 9)
ZOOM = 8
SMOOTHING = 2 * 255 / 16  # Chromium smooths to a sixteenth of a voxel, in each direction


def grey(page):
    return voxels(page, "Image only")[..., 0].astype(float)


def sent_greys():
    """The bytes of FLAIR as they were sent, (X, Y, Z)."""
    low, high = read_header(make_scan())["modalities"][PRESENT.index("flair")]["window"]
    flair = make_volume()[3]
    bytes_ = np.round(1 + (np.clip(flair, low, high) - low) * 254 / (high - low))
    return np.where(flair == 0, 0, bytes_)


def around_the_middle(page):
    """Greys at the middle of the voxels around CENTRE, where smoothing leaves them as they are."""
    pixels = picture(page, "Image only")[..., 0].astype(float)
    header = read_header(make_scan())
    across, up = np.array(header["spacing"][:2]) * ZOOM * scale_of(pixels, header, "axial")
    middle_y, middle_x = np.array(pixels.shape) / 2
    return {
        (CENTRE[0] + i, CENTRE[1] + j): pixels[int(middle_y - j * up), int(middle_x - i * across)]
        for i in (-2, -1, 0, 1, 2)
        for j in (-1, 0, 1)
    }


@pytest.mark.parametrize(("low", "high"), [(0, 255), (80, 160), (-40, 120.5), (128, 132)])
def test_every_grey_is_what_the_window_makes_of_it(bench, low, high):
    centre = "_".join(str(at + 0.5) for at in CENTRE)
    view = f"window={low}_{high}&zoom={ZOOM * 100}&centre={centre}"
    page = bench(f"?axial=10&panels=plain&modality=flair&{view}")
    sent = sent_greys()
    one_byte = 255 / (high - low)
    for (x, y), seen in around_the_middle(page).items():
        expected = np.clip(255 * (sent[x, y, CENTRE[2]] - low) / (high - low), 0, 255)
        assert seen == pytest.approx(expected, abs=SMOOTHING + one_byte), (x, y)


def test_a_flat_area_becomes_exactly_the_grey_it_should(bench):
    """The background stays black, and so narrow a window leaves nothing but black and white."""
    page = bench("?axial=10&panels=plain&modality=flair&window=126_130")
    pixels = picture(page, "Image only")
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert {0, 255} <= set(np.unique(pixels))


def test_a_right_drag_sets_it_for_this_modality_alone_and_w_resets_it(bench):
    page = bench("?axial=10&panels=plain&modality=flair")
    before = picture(page, "Image only")
    box = canvas(page, "Image only").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 80, box["y"] + 200, steps=4)  # narrower
    page.mouse.up(button="right")
    settle(page)
    after = picture(page, "Image only")
    tissue = (before > 30) & (before < 225)
    assert after[tissue].std() > 1.3 * before[tissue].std()
    choose(page, "T2")
    t2 = picture(page, "Image only")
    press(page, "w")
    assert (picture(page, "Image only") == t2).all()
    choose(page, "FLAIR")
    assert (picture(page, "Image only") == after).all()
    press(page, "w")
    assert (picture(page, "Image only") == before).all()
    assert page.locator(".spot").inner_text() == ""


def test_the_sliders_say_the_window_in_the_scans_own_units(bench):
    page = bench("?axial=10&panels=plain&modality=flair")
    before = grey(page)
    page.get_by_label("Window level").fill("200")
    settle(page)
    assert grey(page).mean() < before.mean() - 20
    title = page.get_by_label("Window level").get_attribute("title")
    level = float(re.fullmatch(r"Level ([\d.]+)", title)[1])
    assert level == pytest.approx(200 + 400 * 199 / 254, abs=3)  # of 200 to 600
