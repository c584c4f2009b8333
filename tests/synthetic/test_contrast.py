import numpy as np
import pytest

from common.vocabulary import MODALITIES
from synthetic.contrast import SIGNAL, render


@pytest.fixture(scope="module")
def means(grid, anatomy, tumour):
    """Modality to tissue to its mean grey level, over voxels that are nearly all of it."""
    volume = render(grid, anatomy, tumour, seed=0).astype(float)
    healthy = anatomy.mask & (tumour.whole < 0.02)
    places = {name: healthy & (anatomy.share(name) > 0.9) for name in ("white", "grey")}
    places["fluid"] = healthy & (anatomy.share("csf") > 0.95)
    places["necrosis"] = tumour.necrosis > 0.9
    places["enhancing"] = (tumour.core > 0.9) & (tumour.necrosis < 0.1)
    places["oedema"] = (tumour.whole > 0.9) & (tumour.core < 0.1)
    return {
        modality: {name: channel[place].mean() for name, place in places.items()}
        for modality, channel in zip(MODALITIES, volume, strict=True)
    }


@pytest.mark.parametrize(
    ("modality", "from_dark_to_bright"),
    [
        ("t1", ("fluid", "necrosis", "oedema", "white")),
        ("t1", ("fluid", "grey", "white")),
        ("t1c", ("fluid", "necrosis", "white", "enhancing")),
        ("t2", ("white", "grey", "enhancing", "necrosis", "fluid")),
        ("t2", ("grey", "oedema", "fluid")),
        ("flair", ("fluid", "white", "grey", "necrosis", "oedema")),
        ("flair", ("grey", "enhancing", "oedema")),
    ],
)
def test_tissues_stand_in_the_order_of_a_real_scan(means, modality, from_dark_to_bright):
    levels = [means[modality][name] for name in from_dark_to_bright]
    assert levels == sorted(levels)
    assert min(np.diff(levels)) > 3


def test_enhancement_shows_in_t1c_only(means):
    gain = {name: means["t1c"][name] / means["t1"][name] for name in ("enhancing", "white")}
    assert gain["enhancing"] > 1.8 * gain["white"]


def test_every_tissue_drawn_has_a_signal(anatomy):
    assert set(anatomy.tissues) | {"oedema", "enhancing", "necrosis"} == set(SIGNAL)
