"""The quick look at full size draws what the server draws."""

import os

import pytest

from tests.quicklook.test_quick_look import SAMPLE, open_quick_page, see_drawn_as_on_the_server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak"),
]


def test_every_slice_of_the_sample_is_drawn_as_on_the_server(page, capsys):
    see_drawn_as_on_the_server(open_quick_page(page), SAMPLE, capsys, tumour_voxels=10_000)
