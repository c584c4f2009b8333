import json
import time
from contextlib import nullcontext

import psutil
import pytest

from benchmarks import app
from benchmarks.__main__ import main

VISITS = [
    {
        "start": 2.0,
        "first_overlay": 3.0,
        "all_models": 9.0,
        "warm": 400.0,
        "case": 600.0,
        "peak": 1000.0,
        "sent": 6.0,
        "second_visitor": 0.5,
    },
    {
        "start": 4.0,
        "first_overlay": 1.0,
        "all_models": 8.0,
        "warm": 410.0,
        "case": 620.0,
        "peak": 1200.0,
        "sent": 6.0,
        "second_visitor": 0.5,
    },
    {
        "start": 3.0,
        "first_overlay": 2.0,
        "all_models": 7.0,
        "warm": 405.0,
        "case": 610.0,
        "peak": 1100.0,
        "sent": 6.0,
        "second_visitor": 0.5,
    },
]


def test_the_median_of_several_servers_is_told_with_its_ends(monkeypatch, tmp_path, capsys):
    visits = iter(VISITS)
    monkeypatch.setattr(app, "_visit", lambda browser, study: next(visits))
    monkeypatch.setattr(app, "run_browser", nullcontext)  # the tests have one of their own
    file = tmp_path / "app.json"
    assert main(["app", "--json", str(file)]) == 0
    results = json.loads(file.read_text())
    assert results["seconds"]["first_overlay"] == {"median": 2.0, "min": 1.0, "max": 3.0}
    assert results["rss_mb"]["peak"] == {"median": 1100.0, "min": 1000.0, "max": 1200.0}
    told = capsys.readouterr().out
    assert "8.0 s (7.0 to 9.0) from the same moment to the overlays of all three models" in told


@pytest.mark.browser
def test_models_have_answered_when_their_panels_say_a_dice(browser):
    page = browser.new_page()
    captions = ("Truth 41 ml", "U-Net WT .91 TC .88", "TransUNet WT 1.00", "ResNet34 U-Net 40 %")
    inside = "".join(f"<figcaption>{caption}</figcaption>" for caption in captions)
    page.set_content("<div></div>")  # the view is in a shadow of the page
    script = "(div, inside) => { div.attachShadow({mode: 'open'}).innerHTML = inside; }"
    page.locator("div").evaluate(script, inside)
    assert app.answered(page).count() == 2
    page.close()


def test_the_most_memory_is_seen():
    here = psutil.Process()
    with app.highest_memory(here) as highest:
        before = highest()
        held = bytearray(80 * 2**20)
        held[:: 2**12] = bytes([1]) * len(held[:: 2**12])
        time.sleep(0.3)
        del held
    assert highest() - before > 40 * 2**20
