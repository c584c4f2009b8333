"""A clock that is wrong: nothing is kept shorter or longer, and no export fails over a date."""

import os
import time
import zipfile

import pytest

from report.bundle import _zip
from workspace.jobs import result_cache
from workspace.jobs.result_cache import ResultCache

WRONG = {"never set": 0.0, "of the year 2200": 7_258_118_400.0}


@pytest.mark.parametrize("now", WRONG.values(), ids=WRONG.keys())
def test_what_is_kept_goes_by_a_clock_that_nobody_sets(monkeypatch, now):
    kept = ResultCache(2)
    kept.get("a case", lambda: "its answer")
    monkeypatch.setattr(time, "time", lambda: now)
    kept.evict_expired()
    assert kept.get("a case", lambda: "computed anew") == "its answer"
    later = time.monotonic() + result_cache.KEPT_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    kept.evict_expired()
    assert kept.get("a case", lambda: "computed anew") == "computed anew"


@pytest.mark.parametrize("now", WRONG.values(), ids=WRONG.keys())
def test_a_zip_takes_files_of_any_date(tmp_path, now):
    (tmp_path / "report.json").write_text("{}")
    os.utime(tmp_path / "report.json", (now, now))
    _zip(tmp_path / "all.zip", tmp_path, ["report.json"], "case")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert packed.read("case/report.json") == b"{}"
