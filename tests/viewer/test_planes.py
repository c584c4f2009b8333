"""Each plane against the array: what lies where, how large, and with which letters."""

import numpy as np
import pytest

from tests.viewer.bench import choose, press
from tests.viewer.compare_case import LARGEST, PRESENT, SHAPE, SPACING, make_labels, make_volume
from tests.viewer.screen import AXES, colour_of, is_grey, picture, slice_of, voxels
from viewer import Panel, scan_payload

MARKS = {"axial": "RLAP", "coronal": "RLSI", "sagittal": "APSI"}


def marks(page):
    sides = ("left", "right", "top", "bottom")
    return "".join(page.locator(f".mark.{side}").first.inner_text() for side in sides)


def readout(page):
    return page.locator(".readout").inner_text()


def expect_labels(page, plane, index, **convention):
    seen = voxels(page, "Truth", plane=plane, **convention)
    truth = slice_of(make_labels(), plane, index)
    assert truth.any()
    for label in np.unique(truth[truth > 0]):
        assert (seen[truth == label] == colour_of(label)).all()
    assert is_grey(seen[truth == 0])


@pytest.mark.parametrize(
    ("plane", "index"), [("axial", 9), ("coronal", 24), ("sagittal", 35), ("sagittal", 41)]
)
def test_every_voxel_lies_where_the_array_has_it(bench, plane, index):
    page = bench(f"?plane={plane}&{plane}={index + 1}&opacity=100")
    assert readout(page) == f"slice {index + 1} of {SHAPE[3 - sum(AXES[plane])]}"
    expect_labels(page, plane, index)
    assert marks(page) == MARKS[plane]


@pytest.mark.parametrize(("plane", "index"), [("axial", 9), ("coronal", 24), ("sagittal", 41)])
def test_the_neurological_convention_turns_left_and_right_and_says_so(bench, plane, index):
    page = bench(f"?plane={plane}&{plane}={index + 1}&opacity=100&view=neurological")
    expect_labels(page, plane, index, radiological=False)
    assert marks(page) == ("LR" + MARKS[plane][2:] if plane != "sagittal" else MARKS[plane])
    assert page.get_by_role("button", name="Neurological").is_visible()


@pytest.mark.parametrize(("plane", "index"), [("axial", 8), ("coronal", 24), ("sagittal", 41)])
def test_a_voxel_is_as_large_as_it_is_in_mm(bench, plane, index):
    page = bench(f"?plane={plane}&{plane}={index + 1}&opacity=100")
    coloured = np.ptp(picture(page, "Truth").astype(int), axis=-1) > 60
    wide, high = np.ptp(np.argwhere(coloured), axis=0)[::-1] + 1
    truth = np.argwhere(slice_of(make_labels(), plane, index))
    across, up = np.ptp(truth, axis=0) + 1
    mm = [SPACING[axis] for axis in AXES[plane]]
    assert wide / high == pytest.approx(across * mm[0] / (up * mm[1]), rel=0.03)


def test_each_plane_starts_at_its_largest_slice_and_remembers_its_own(bench):
    page = bench()
    labels = make_labels() > 0
    largest = {
        "Coronal": labels.sum((0, 2)).argmax() + 1,
        "Sagittal": labels.sum((1, 2)).argmax() + 1,
        "Axial": labels.sum((0, 1)).argmax() + 1,
    }
    for plane, number in largest.items():
        choose(page, plane)
        assert readout(page).startswith(f"slice {number} of")
    press(page, "ArrowUp")
    choose(page, "Coronal")
    press(page, "Home")
    choose(page, "Axial")
    assert readout(page) == f"slice {largest['Axial'] + 1} of {SHAPE[2]}"
    choose(page, "Largest tumour")
    assert readout(page) == f"slice {largest['Axial']} of {SHAPE[2]}"
    choose(page, "Coronal")
    assert readout(page) == f"slice 1 of {SHAPE[1]}"


SINGLE = {"axial": np.s_[:, :, LARGEST, None], "coronal": np.s_[:, 24, None]}


@pytest.mark.parametrize("plane", SINGLE)
def test_a_single_slice_is_seen_in_its_own_plane_alone(bench, plane):
    scan = scan_payload(np.stack([one[SINGLE[plane]] for one in make_volume()]), PRESENT, SPACING)
    truth = Panel("truth", "Truth", "#999999", make_labels()[SINGLE[plane]], reference=True)
    others = [other for other in MARKS if other != plane]
    page = bench(f"?plane={others[-1]}", panels=[truth], scan=scan)

    def expect_plane():
        assert readout(page) == "slice 1 of 1"
        assert marks(page) == MARKS[plane]
        shown = page.get_by_role("button", name=plane.title(), exact=True)
        assert shown.get_attribute("aria-pressed") == "true"
        assert np.ptp(picture(page, "Truth").astype(int), axis=-1).max() > 60

    expect_plane()
    for other in others:
        button = page.get_by_role("button", name=other.title(), exact=True)
        assert button.is_disabled()
        assert button.get_attribute("title") == "A single slice"
        press(page, other[0], "ArrowUp")
        expect_plane()


def test_the_bars_follow_the_plane(bench):
    page = bench()

    def bars():
        return picture_of_bars(page)

    axial = bars()
    choose(page, "Sagittal")
    sagittal = bars()
    assert axial.any()
    assert sagittal.any()
    # 6 of 20 axial slices hold tumour, 14 of 60 sagittal ones.
    assert axial.mean() == pytest.approx(6 / SHAPE[2], abs=0.08)
    assert sagittal.mean() == pytest.approx(14 / SHAPE[0], abs=0.08)


def picture_of_bars(page):
    """Which columns of the strip lie between the first and the last bar."""
    columns = page.locator("canvas.bars").evaluate(
        """canvas => {
            const {data, width, height} = canvas.getContext("2d")
                .getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({length: width}, (_, x) => data[((height - 2) * width + x) * 4 + 3]);
        }"""
    )
    filled = np.flatnonzero(columns)
    between = np.zeros(len(columns), bool)
    between[filled[0] : filled[-1] + 1] = True
    return between
