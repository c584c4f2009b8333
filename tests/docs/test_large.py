"""What docs/files.md says of large images is what ``python -m benchmarks large`` measured."""

import json

from benchmarks.large import consensus_dice
from tests.docs.pages import text_of
from tests.support.repository import ROOT


def test_the_figures_on_large_images_are_those_measured():
    found = json.loads((ROOT / "assets" / "results" / "large.json").read_text())
    text = " ".join(text_of("docs/files").split())
    command, app = found["command"], found["app"]
    assert f"took {command['seconds']:.0f} s and at most {command['peak_rss_mb']} MB" in text
    assert f"consensus has a Dice of {consensus_dice(command)}" in text
    seconds, memory = app["seconds"], app["rss_mb"]
    assert f"lie on the desk after {seconds['looked_at']:.0f} s" in text
    assert f"first overlay {seconds['first_overlay']:.0f} s after Open" in text
    assert f"all three after {seconds['all_models']:.0f} s" in text
    assert f"takes at most {memory['peak']} MB and {memory['case']} MB" in text
    assert f"of which {memory['warm']} MB are there before: less than the [target]" in text
    assert max(command["peak_rss_mb"], memory["peak"]) <= 1100
    assert f"at most {memory['looked_at_peak']} MB, since" in text
