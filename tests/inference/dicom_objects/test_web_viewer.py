"""What is written, shown by a web viewer that was not written here: Cornerstone3D, as in OHIF."""

import numpy as np
import pytest
from nibabel.affines import apply_affine
from playwright.sync_api import Error

from common.colours import LABEL_COLOURS
from inference.dicom.file_headers.source import read_header
from tests.inference.dicom import made
from tests.inference.dicom_objects.conftest import COLUMNS, ROWS, answered, drawn_labels, enlarge
from tests.support.cornerstone_viewer import bundle, open_viewer

pytestmark = pytest.mark.slow  # a browser and 9 MB of another's script
PLANES, MIDDLE = 8, 4
ODD = 10  # planes, with which the bits fill an odd number of bytes


def as_a_scanner(dataset, index):
    """With a thickness, on which viewers rely, and a picture that is brighter to one side."""
    enlarge(dataset, index)
    dataset.SliceThickness = 1.0
    dataset.PixelData = np.tile(np.arange(COLUMNS, dtype=np.uint16), (ROWS, 1)).tobytes()


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    return bundle(tmp_path_factory.mktemp("viewer"))


@pytest.fixture(scope="module")
def opened(browser, script, tmp_path_factory):
    """Opens a series of so many planes with labels drawn on it: the answer, and the viewer."""
    page = browser.new_page(viewport={"width": 512, "height": 512})

    def open_planes(count):
        folder = tmp_path_factory.mktemp("series")
        made.write_series(folder, edit=as_a_scanner, slices=range(count), spacing=1.0)
        answer = answered(folder, drawn_labels()[:count])
        seg = answer.write(tmp_path_factory.mktemp("objects"), ["seg"])["seg"]
        by_uid = {uid_of(file): file for file in folder.iterdir()}
        ordered = [by_uid[uid] for uid in answer.header.sop_instance_uids]
        return answer, open_viewer(page, script, ordered, seg, pixels=512)

    yield open_planes
    page.close()


@pytest.fixture(scope="module")
def shown(opened):
    return opened(PLANES)


def uid_of(file):
    return str(read_header(file, [0x00080018]).dataset.SOPInstanceUID)


def test_its_voxels_are_ours(shown):
    assert np.array_equal(shown[1].labels, drawn_labels()[:PLANES])


@pytest.mark.parametrize("plane", [1, MIDDLE, PLANES - 1])
def test_each_label_is_where_it_belongs_in_its_colour(shown, plane):
    """At the middle of every voxel, in the patient's millimetres as we understand the headers."""
    answer, viewer = shown
    labels = drawn_labels()[plane]
    viewer.go_to(plane, (0, COLUMNS - 1))
    row, column = np.indices(labels.shape).reshape(2, -1)
    voxels = np.stack([column, row, np.full_like(row, plane)], axis=1)
    places = apply_affine(answer.header.readable_grid.affine, voxels) * [-1, -1, 1]  # RAS to LPS
    found = viewer.colours_at(places).reshape(*labels.shape, 3)
    for label, colour in LABEL_COLOURS.items():
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert np.abs(found[labels == label] - wanted).max() <= 1
    grey = np.broadcast_to(np.linspace(0, 255, COLUMNS), labels.shape)[..., np.newaxis]
    assert np.abs(found - grey)[labels == 0].max() <= 2  # the image, and nothing over it


def test_what_the_page_says_it_cannot_open(opened):
    """The byte with which the standard fills up an odd number: docs/dicom-results.md tells so."""
    with pytest.raises(Error, match="Unexpected 1-bit SEG PixelData length"):
        opened(ODD)
