"""The table of the report page."""

import numpy as np

from common.vocabulary import REGIONS
from inference.metrics.diameters import Diameters
from report.measures import Measures
from report.record import Finding
from workspace.display.report_rows import figure_rows


def test_regions_stand_in_the_order_of_the_vocabulary_in_every_group_of_columns():
    by_region = dict.fromkeys(REGIONS, 1.0)
    diameters = dict.fromkeys(REGIONS, Diameters(12.0, 10.0, 1))
    measures = Measures(dict.fromkeys(REGIONS, 1), by_region, diameters, by_region, by_region)
    labels = np.zeros((1, 1, 1), np.uint8)
    [row] = figure_rows([Finding("unet", "U-Net", "#fff", labels, measures)], sized=True)
    assert list(row) == [
        *("Model", "WT ml", "TC ml", "ET ml", "WT Dice", "TC Dice", "ET Dice"),
        *("WT HD95 mm", "TC HD95 mm", "ET HD95 mm", "WT diameters mm", "ET diameters mm"),
    ]
