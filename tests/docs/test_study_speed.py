"""What docs/speed.md says of a dropped study is what was measured."""

import json

from tests.support.repository import ROOT


def test_the_times_of_a_study_are_those_measured():
    found = json.loads((ROOT / "assets" / "results" / "app_study.json").read_text())
    text = " ".join((ROOT / "docs" / "speed.md").read_text().split())
    first, every = (found["seconds"][what]["median"] for what in ("first_overlay", "all_models"))
    assert f"{first:.1f} s to the first overlay, {every:.1f} s to those of all three" in text
    assert f"holds at most {found['rss_mb']['peak']['median']:.0f} MB" in text
    assert first <= 30
    assert every <= 60
