import json
import math

import pytest

from training.results import machine, markdown_table, write_json


def test_nan_never_reaches_a_file(tmp_path):
    for value in (math.nan, math.inf):
        with pytest.raises(ValueError, match="JSON"):
            write_json({"dice": value}, tmp_path / "scores.json")
    assert list(tmp_path.iterdir()) == []
    write_json({"dice": None}, tmp_path / "scores.json")
    assert json.loads((tmp_path / "scores.json").read_text()) == {"dice": None}


def test_the_machine_has_a_name():
    assert "of " in machine()
    assert not machine().endswith("of ")


def test_a_markdown_table():
    table = markdown_table(["a", "b"], [["1", "2"]])
    assert table == "| a | b |\n| --- | --- |\n| 1 | 2 |"
