"""The browser draws regions from probabilities as inference/network/postprocess.py does."""

import numpy as np
import pytest
from scipy import ndimage

from inference.network.postprocess import draw_labels, thresholds
from quicklook.component import _BROWSER
from tests.quicklook.conftest import empty_page
from viewer.bundle import bundle

pytestmark = pytest.mark.browser

SHAPE = (24, 20, 22)
DRAW = """async ([script, probabilities, sizes]) => {
    const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const {default: drawLabels} = await import(url);
    return [...drawLabels(probabilities.map((values) => Float32Array.from(values)), sizes)];
}"""


@pytest.fixture(scope="module")
def draw(nowhere):
    page = empty_page(nowhere)
    script = bundle("postprocess.js", folder=_BROWSER) + "\nexport default drawLabels;"

    def drawn(probabilities):
        values = [region.transpose(2, 1, 0).ravel().tolist() for region in probabilities]
        labels = page.evaluate(DRAW, [script, values, list(probabilities.shape[1:])])
        return np.reshape(labels, probabilities.shape[:0:-1]).transpose(2, 1, 0)

    yield drawn
    page.close()


def tumour(seed: int, *, enhancing: float) -> np.ndarray:
    """Smooth nested probabilities, ET of this height, in numbers that float32 holds exactly."""
    noise = np.random.default_rng(seed).random((3, *SHAPE))
    smooth = np.stack([ndimage.gaussian_filter(each, 3) for each in noise])
    smooth -= smooth.min(axis=(1, 2, 3), keepdims=True)
    smooth /= smooth.max(axis=(1, 2, 3), keepdims=True)
    smooth *= np.reshape([1.0, 0.2, enhancing], (3, 1, 1, 1))
    return smooth.astype(np.float16)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("enhancing", [0.2, 1.0])
def test_the_label_map_is_the_same(draw, seed, enhancing):
    probabilities = tumour(seed, enhancing=enhancing)
    assert (thresholds(probabilities) == (0.5, 0.5, 0.5)) == (enhancing == 1.0)
    expected = draw_labels(probabilities)
    assert expected.any()
    np.testing.assert_array_equal(draw(probabilities), expected)


def test_a_few_slices_are_drawn_at_one_half(draw):
    few = tumour(0, enhancing=0.2)[..., :10]
    np.testing.assert_array_equal(draw(few), draw_labels(few))


@pytest.mark.parametrize(("slices", "kept"), [(22, False), (10, True)])
def test_a_small_piece_goes_where_there_are_slices_enough_to_know(draw, slices, kept):
    probabilities = np.zeros((3, *SHAPE[:2], slices), np.float16)
    probabilities[0, 1:11, 1:11, :8] = probabilities[0, 15:20, 15:19, :2] = 0.75
    expected = draw_labels(probabilities)
    assert expected[15:20, 15:19].any() == kept
    np.testing.assert_array_equal(draw(probabilities), expected)
