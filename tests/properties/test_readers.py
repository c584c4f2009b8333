"""A header with any numbers in it is read as it says, or refused in one sentence."""

import re
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as draw

from common.errors import InputError
from inference.io.truths.conventions import CONVENTIONS
from inference.io.truths.label_conventions import (
    detect_convention,
    fitting_conventions,
    read_labels,
)
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.nifti_blocks import read_blocks
from tests.inference.conftest import as_bytes, patched, small_image

FIELDS = draw.sampled_from(
    [
        *((40, "8h"), (70, "2h"), (76, "8f"), (108, "f")),
        *((112, "2f"), (252, "2h"), (256, "6f"), (280, "12f")),
    ]
)
WHOLE, REAL = draw.integers(-(2**15), 2**15 - 1), draw.floats(width=32)


@given(draw.data(), FIELDS, draw.booleans())
def test_any_header_is_read_or_refused(data, field, cut):
    position, kind = field
    count = int(kind[:-1] or 1)
    values = data.draw(draw.lists(WHOLE if "h" in kind else REAL, min_size=count, max_size=count))
    content = patched(as_bytes(small_image()), position, kind, *values)
    content = content[: data.draw(draw.integers(0, len(content)))] if cut else content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x_t1.nii"
        path.write_bytes(content)
        sentence = _refusal_of(path)
    assert sentence is None or re.fullmatch(r"x_t1\.nii [ -~×]+\.", sentence)


def _refusal_of(path):
    """Why a file is refused; None where all that it claims is read."""
    try:
        file = check_file(path)
        blocks = list(read_blocks(file))
    except InputError as error:
        return str(error)
    assert sum(block.voxels.size for block in blocks) == np.prod(file.shape) * file.volumes
    return None


@given(draw.sets(draw.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0, 255.0, 7.0, 0.5])))
def test_a_numbering_that_is_detected_knows_every_value(values):
    found = detect_convention(values)
    assert found is None or found in fitting_conventions(values)


@pytest.mark.parametrize("name", CONVENTIONS)
@given(data=draw.data())
def test_labels_are_those_of_the_convention(name, data):
    known = CONVENTIONS[name].labels
    allowed = [0, *known] if known else list(range(256))
    numbers = np.array(data.draw(draw.lists(draw.sampled_from(allowed), min_size=1, max_size=60)))
    labels = read_labels(numbers.reshape(-1, 1, 1), name, source="x")
    expected = [known.get(value, 2 if not known and value else 0) for value in numbers]
    assert labels.ravel().tolist() == expected
