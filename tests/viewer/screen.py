"""What is on screen: the pixels of the panels, and waiting until they are there."""

import base64
import re

import numpy as np
from playwright.sync_api import expect

from common.colours import LABEL_COLOURS
from tests.support.tab_icon import is_tab_icon
from tests.viewer.compare_case import SHAPE, make_labels, make_scan
from viewer.parcel import read_header


class Traffic(list):
    """(direction, bytes) of every frame and request of a page."""

    def without_icon(self, page):
        return [entry for entry in self if not is_tab_icon(page, entry[0])]

    def forget(self, page):
        """Begin anew, once what was asked for before has come whole."""
        page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        settle(page)
        self.clear()

    def received(self):
        return [size for direction, size in self if direction == "in"]


def watch_traffic(page):
    traffic = Traffic()

    def on_socket(socket):
        socket.on("framereceived", lambda frame: traffic.append(("in", len(frame))))
        socket.on("framesent", lambda frame: traffic.append(("out", len(frame))))

    def on_request(request):
        if not request.url.startswith("blob:"):  # scripts that are in the browser already
            traffic.append((request.url, 0))

    page.on("websocket", on_socket)
    page.on("request", on_request)
    return traffic


def wait_until_ready(page):
    expect(page.get_by_text("The page is complete.")).to_be_visible(timeout=30_000)
    expect(page.locator("canvas[role=img]").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Loading the scan…")).to_be_hidden(timeout=30_000)
    settle(page)


def settle(page):
    """Wait for the frame that shows what has been done, and for messages on their way."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")


def canvas(page, name):
    return page.get_by_role("img", name=re.compile(f"^{re.escape(name)}, \\w+ slice"))


def expect_slice(page, number):
    """Wait until every visible panel, and the readout, say the slice (counted from 1)."""
    expect(page.get_by_text(f"slice {number} of {SHAPE[2]}", exact=True)).to_be_visible()
    for element in page.locator("canvas[role=img]").all():
        ending = re.compile(f"axial slice {number} of {SHAPE[2]}$")
        expect(element).to_have_attribute("aria-label", ending)


def shown_slice(page):
    settle(page)
    return int(re.match(r"slice (\d+)", page.locator(".readout").inner_text())[1])


def go_to(page, index):
    page.get_by_label("Slice", exact=True).fill(str(index + 1))
    settle(page)


def picture(page, name):
    """The pixels (rows, columns, RGB) of a panel's canvas."""
    element = canvas(page, name)
    width, height, data = element.evaluate(
        """canvas => {
            const copy = document.createElement("canvas");
            [copy.width, copy.height] = [canvas.width, canvas.height];
            const context = copy.getContext("2d");
            context.drawImage(canvas, 0, 0);
            const bytes = context.getImageData(0, 0, copy.width, copy.height).data;
            let text = "";
            for (let i = 0; i < bytes.length; i += 8192)
                text += String.fromCharCode(...bytes.subarray(i, i + 8192));
            return [copy.width, copy.height, btoa(text)];
        }"""
    )
    pixels = np.frombuffer(base64.b64decode(data), np.uint8)
    return pixels.reshape(height, width, 4)[..., :3]


def zoomed_extent(page, name):
    """Width in pixels of the labels on a panel, and the last of their columns."""
    columns = (np.ptp(picture(page, name).astype(int), axis=-1) > 60).any(axis=0).nonzero()[0]
    return np.ptp(columns) + 1, columns[-1]


# The axes along a row and up a column of each plane.
AXES = {"axial": (0, 1), "coronal": (0, 2), "sagittal": (1, 2)}


def voxels(page, name, *, plane="axial", radiological=True):
    """The colour at the middle of each voxel of the scan's box, as (across, up, RGB)."""
    pixels = picture(page, name)
    header = read_header(make_scan())
    (left, right), (bottom, top) = (header["box"][axis] for axis in AXES[plane])
    size_across, size_up = (header["spacing"][axis] for axis in AXES[plane])
    columns = middles(right - left, size_across, pixels.shape[1], scale_of(pixels, header, plane))
    rows = middles(top - bottom, size_up, pixels.shape[0], scale_of(pixels, header, plane))
    grid = pixels[np.ix_(rows, columns)]
    grid = grid[::-1].transpose(1, 0, 2)  # anterior, or superior, is on top
    mirrored = radiological or plane == "sagittal"  # the face is always on the left
    return grid[::-1] if mirrored else grid


def scale_of(pixels, header, plane):
    """Pixels a mm, where the whole picture fits into the canvas."""
    spans = [np.diff(header["box"][axis])[0] * header["spacing"][axis] for axis in AXES[plane]]
    return min(pixels.shape[1] / spans[0], pixels.shape[0] / spans[1])


def middles(count, size, room, scale):
    start = (room - count * size * scale) / 2
    return (start + (np.arange(count) + 0.5) * size * scale).astype(int)


def truth_slice(index):
    return slice_of(make_labels(), "axial", index)


def slice_of(volume, plane, index):
    """A slice of an (X, Y, Z) array inside the scan's box, as :func:`voxels` gives it."""
    box = [slice(*span) for span in read_header(make_scan())["box"]]
    for axis in range(3):
        if axis not in AXES[plane]:
            box[axis] = index
    return volume[tuple(box)]


def colour_of(label):
    return np.array([int(LABEL_COLOURS[label][i : i + 2], 16) for i in (1, 3, 5)])


def is_grey(colours):
    return (np.ptp(colours.astype(int), axis=-1) == 0).all()


def set_opacity(page, percent):
    page.get_by_label("Opacity of the labels").fill(str(percent))
    settle(page)
