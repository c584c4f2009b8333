import json

from streamlit.testing.v1 import AppTest


def page():
    from workspace.display.tables import figures_table

    figures_table([{"Model": "U-Net", "WT ml": "84.4"}, {"Model": "Truth", "WT ml": None}])


def test_figures_stand_to_the_right_and_a_row_keeps_its_name():
    app = AppTest.from_function(page).run()
    assert not app.exception
    [table] = app.dataframe
    columns = json.loads(table.proto.columns)
    assert columns["WT ml"]["alignment"] == "right"
    assert columns["Model"]["pinned"]
    assert "alignment" not in columns["Model"]
    assert table.proto.placeholder == "–"


def page_of_long_names():
    from workspace.display.tables import figures_table

    figures_table([{"How": "Dice, all pixels of the tumour slices together", "WT": "0.87"}])


def test_a_long_name_is_broken_so_that_a_phone_has_room_for_figures_beside_it():
    [table] = AppTest.from_function(page_of_long_names).run().dataframe
    how = json.loads(table.proto.columns)["How"]
    assert how["pinned"]
    assert how["width"] <= 390 / 2
    assert table.proto.row_height > 64, "Streamlit breaks lines in no lower row"


def page_of_a_very_long_name():
    from workspace.display.tables import figures_table

    figures_table(
        [{"By": "A bundle of many words, the 3D network of Somebody 2018, the second one"}]
    )


def test_a_row_is_as_high_as_its_longest_name_has_lines():
    """The fourth line of a published network was cut off."""
    [table] = AppTest.from_function(page_of_a_very_long_name).run().dataframe
    assert table.proto.row_height >= 4 * 20


def page_of_rows_that_come_one_by_one():
    import streamlit as st

    from workspace.display.tables import figures_table

    rows = [{"Model": "U-Net", "WT ml": "84.4"}, {"Model": "ResNet34 U-Net", "WT ml": "84.1"}]
    figures_table(rows if st.toggle("All") else rows[:1])


def test_the_first_row_leaves_room_for_the_names_that_follow():
    """Streamlit keeps the width that a column had first: "ResNet3" stood there for good."""
    app = AppTest.from_function(page_of_rows_that_come_one_by_one).run()
    widths = []
    for run in (app, app.toggle[0].set_value(True).run()):
        [table] = run.dataframe
        widths.append(json.loads(table.proto.columns)["Model"]["width"])
    assert widths == [130, 130]
