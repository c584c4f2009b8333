import json

from streamlit.testing.v1 import AppTest


def page():
    from workspace.tables import figures_table

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
