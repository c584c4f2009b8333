"""The table of every case, and the lines that are printed at the end."""

import csv

from inference.cli.cohort.summary import summary_of, write_summary

DONE = {"case": "P1", "state": "done", "seconds": 2.5, "error": None}
SIZES = {
    "volume_ml": {"wt": 10.0, "tc": 5.0, "et": None},
    "dice": {"wt": 0.9, "tc": 0.8, "et": None},
}
FAILED = {
    **{"case": "Müller, A", "state": "failed", "seconds": 0.1, "volume_ml": None, "dice": None},
    "error": 'P2: "T1.nii" is cut off, copy it again.',
}
LINES = [DONE | SIZES, DONE | {"case": "P3", "volume_ml": None, "dice": None}, FAILED]


def test_the_table_has_a_row_a_case_whatever_it_is_called(tmp_path):
    write_summary(LINES, tmp_path)
    with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as stream:
        first, pixels, failed = csv.DictReader(stream)
    assert (first["wt_ml"], first["tc_dice"], first["et_ml"]) == ("10.0", "0.8", "")
    assert (pixels["case"], pixels["wt_ml"]) == ("P3", "")
    assert (failed["case"], failed["error"]) == (FAILED["case"], FAILED["error"])


def test_what_is_printed_counts_and_names_who_failed():
    head, _, wt, tc, failed = summary_of(LINES)
    assert head == "3 cases: 2 done, 1 failed"
    assert wt.split() == ["WT", "10.0", "10.0", "to", "10.0", "0.900"]
    assert tc.split()[0] == "TC"
    assert failed.endswith(FAILED["error"])


def test_of_many_failures_ten_are_named():
    lines = [FAILED | {"case": f"P{n}"} for n in range(13)]
    assert summary_of(lines)[-1].strip() == "and 3 more"
    assert len(summary_of(lines)) == 12
