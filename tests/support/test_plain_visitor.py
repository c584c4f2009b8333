"""A visitor without a browser drops files, opens them and gets the answers that a command gives."""

import numpy as np
import pytest

from inference.__main__ import main
from synthetic import make_case, write_case
from tests.conftest import SMALL
from tests.soak.test_small_host import label_map
from tests.support.plain_visitor import PlainVisitor


@pytest.mark.slow
def test_he_is_shown_the_label_maps_that_the_command_writes(address, tmp_path):
    write_case(make_case(shape=SMALL, seed=77), tmp_path / "case")
    visitor = PlainVisitor(address)
    visitor.visit("")
    visitor.drop(sorted((tmp_path / "case").iterdir()))
    visitor.press("Open these files")
    visitor.until(lambda: visitor.has_answers(["unet"]))
    assert main([str(tmp_path / "case"), "--model", "unet", "--output", str(tmp_path / "out")]) == 0
    right = label_map(tmp_path / "out" / "unet.nii.gz")
    assert right.any()
    np.testing.assert_array_equal(visitor.label_map("unet"), right)
    visitor.visit("compare")  # what he had is still there
    assert visitor.has_answers(["unet"])
    visitor.leave()
