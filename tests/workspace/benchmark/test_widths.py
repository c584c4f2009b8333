from tests.support.made_up_results import widths
from workspace.benchmark.widths import widths_rows, widths_sentence


def test_a_row_says_which_network_it_is_and_the_gain():
    [row] = widths_rows([widths()], "LGG")
    assert row["Narrower network"] == "Half of a U-Net"
    assert row["WT"] == "-0.040"


def test_the_sentence_says_how_it_was_measured():
    told = widths_sentence([widths()])
    assert "was trained for 500 steps of 16 slices" in told
    assert told.endswith("Measured in float32 on a machine.")
