from dataclasses import replace

import pandas as pd
import pytest

from workspace.benchmark.learning_curves import curve_charts
from workspace.models.model_facts import model_facts


@pytest.fixture
def learned():
    """Facts of a model that was validated on these regions of this data set."""

    def facts(name, *regions, data=None):
        curve = pd.DataFrame({region: [0.1, 0.8] for region in regions}, index=[500, 1000])
        config = {} if data is None else {"data": data}
        return replace(model_facts(name), config=config, curve=curve)

    return facts


def test_models_with_the_same_patients_and_regions_share_a_chart(learned):
    three = ("WT", "TC", "ET")
    charts = curve_charts(
        [
            learned("unet", *three),
            learned("vgg16_unet", "WT", data="lgg"),
            learned("flair_unet", "WT", data="brats"),
            learned("edge_unet", *three, data="brats"),
        ]
    )
    assert [(chart.title, list(chart.curves)) for chart in charts] == [
        ("Whole tumour", ["unet", "edge_unet"]),
        ("Tumour core", ["unet", "edge_unet"]),
        ("Enhancing tumour", ["unet", "edge_unet"]),
        ("VGG16 U-Net: whole tumour", ["vgg16_unet"]),
        ("FLAIR U-Net: whole tumour", ["flair_unet"]),
    ]


def test_models_without_a_log_or_weights_have_no_chart(learned):
    unlogged = replace(learned("unet", "WT"), curve=pd.DataFrame())
    weightless = replace(learned("unet", "WT"), config=None)
    assert curve_charts([unlogged, weightless]) == []
