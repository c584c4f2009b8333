"""Many cases in one run: what was done stays, what went wrong is said, nothing is done twice."""

import csv
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import nibabel as nib
import numpy as np
import pytest

from inference.__main__ import main
from inference.cli import run
from inference.cli.cohort import cases
from inference.io.cases import one_case
from inference.network.segmentation import Segmentation
from tests.conftest import ROOT

FIELDS = {"case", "state", "seconds", "volume_ml", "dice", "error"}
BROKEN = "T2.nii.gz"


@pytest.fixture
def many(small_case_folder, tmp_path):
    """Makes a folder of case folders, some of which cannot be read."""

    def make(*names, broken=()):
        for name in names:
            folder = tmp_path / "in" / name
            folder.mkdir(parents=True)
            for file in small_case_folder.iterdir():
                os.link(file, folder / file.name.replace("small", name))
        for name in broken:
            file = tmp_path / "in" / name / BROKEN
            file.parent.mkdir(parents=True)
            [whole] = small_case_folder.glob("*_t2.*")
            file.write_bytes(whole.read_bytes()[:5000])
        return tmp_path / "in"

    return make


@pytest.fixture
def answered(monkeypatch):
    """Has an empty label map be the answer to each case, and lists the cases."""
    done = []

    def answer(models, case, prepared):
        done.append(case.name)
        labels = np.zeros(case.shape, np.uint8)
        probabilities = np.zeros(
            (3, *(part.stop - part.start for part in prepared.box)), np.float16
        )
        seconds = {"preprocess": 0.0, "predict": 0.1, "postprocess": 0.0}
        return {"unet": Segmentation("unet", labels, probabilities, prepared.box, seconds)}

    monkeypatch.setattr(run, "models_of", lambda options: list)
    monkeypatch.setattr(cases, "segment_with", answer)
    return done


@pytest.fixture
def command(tmp_path):
    """Runs the command and gives its exit code and the lines of the manifest."""
    out = tmp_path / "out"

    def call(*given, json_file=tmp_path / "r.json"):
        arguments = [*given, "--output", out, "--json", json_file]
        code = main([str(each) for each in arguments])
        manifest = out / "manifest.jsonl"
        lines = manifest.read_text().splitlines() if manifest.exists() else []
        return code, [json.loads(line) for line in lines]

    return call


def test_a_bad_case_stops_no_other_and_is_named_with_its_folder(
    many, answered, command, tmp_path, capsys
):
    code, lines = command(many("A", "C", broken=["B"]))
    told = capsys.readouterr()
    assert code == 2
    assert answered == ["A", "C"]
    assert [(line["case"], line["state"]) for line in lines] == [
        ("A", "done"),
        ("B", "failed"),
        ("C", "done"),
    ]
    assert all(set(line) == FIELDS for line in lines)
    assert lines[0]["volume_ml"] == {"wt": 0.0, "tc": 0.0, "et": 0.0}
    assert lines[0]["seconds"] > 0
    assert lines[1]["error"].startswith(f"B: {BROKEN} ")
    assert told.err.count("\n") == 1
    assert f"1 of 3 cases failed; B: {BROKEN}" in told.err
    assert [each["case"] for each in json.loads((tmp_path / "r.json").read_text())] == ["A", "C"]
    with (tmp_path / "out" / "summary.csv").open() as stream:
        assert [row["state"] for row in csv.DictReader(stream)] == ["done", "failed", "done"]
    report = json.loads((tmp_path / "out" / "A" / "report.json").read_text())
    assert report["models"]["unet"]["volume_ml"] == lines[0]["volume_ml"]


def test_files_that_make_up_no_case_stop_no_other(many, answered, command):
    folder = many("A", "C")
    for name in ("B_t1.nii.gz", "B_t1 post.nii.gz", "SCHMIDT_t2.nii.gz"):
        (folder / "B").mkdir(exist_ok=True)
        (folder / "B" / name).write_bytes(next((folder / "A").glob("*_t1.*")).read_bytes())
    code, lines = command(folder, folder / "absent")
    assert code == 2
    assert answered == ["A", "C"]
    failed = {line["case"]: line["error"] for line in lines if line["state"] == "failed"}
    assert set(failed) == {"B", "absent"}
    assert failed["B"].startswith("B: ")
    assert "does not exist" in failed["absent"]


def test_what_nobody_expected_stops_no_other(many, answered, command, monkeypatch):
    write = cases.write_found

    def fails(read, *others):
        if read.opened.case.name == "A":
            raise ZeroDivisionError("by\nzero")
        return write(read, *others)

    monkeypatch.setattr(cases, "write_found", fails)
    code, lines = command(many("A", "B"))
    assert code == 2
    assert [line["state"] for line in lines] == ["failed", "done"]
    assert lines[0]["error"] == "A: Internal error (ZeroDivisionError): by zero"


def test_a_full_disk_ends_the_run_which_goes_on_later(many, answered, command, monkeypatch):
    folder, write, full = many("A", "B", "C"), cases.write_found, ["B"]

    def fails(read, *others):
        if read.opened.case.name in full:
            raise OSError(errno.ENOSPC, "No space left on device", "x")
        return write(read, *others)

    monkeypatch.setattr(cases, "write_found", fails)
    code, lines = command(folder)
    assert code == 2
    assert [line["case"] for line in lines] == ["A"]
    full.clear()
    answered.clear()
    code, lines = command(folder)
    assert code == 0
    assert answered == ["B", "C"]
    assert [line["case"] for line in lines] == ["A", "B", "C"]


def test_what_is_done_is_kept_and_what_failed_is_tried_again(
    many, answered, command, tmp_path, capsys
):
    folder = many("A", broken=["B"])
    command(folder)
    shutil.copy(next((folder / "A").glob("*_t2.*")), folder / "B" / BROKEN)
    answered.clear()
    capsys.readouterr()
    code, lines = command(folder)
    assert code == 0
    assert answered == ["B"]
    assert [(line["case"], line["state"]) for line in lines] == [("A", "done"), ("B", "done")]
    assert "1 of 2 cases were done before and are kept." in capsys.readouterr().out
    assert [each["case"] for each in json.loads((tmp_path / "r.json").read_text())] == ["B"]
    answered.clear()
    assert command(folder)[0] == 0
    assert answered == []
    assert json.loads((tmp_path / "r.json").read_text()) == []


def test_other_options_and_changed_files_are_done_again_and_said(many, answered, command, capsys):
    folder = many("A", "B")
    command(folder)
    answered.clear()
    command(folder, "--onto", "flair")
    assert answered == ["A", "B"]
    assert "done again: other options (onto)" in capsys.readouterr().out
    answered.clear()
    next((folder / "B").glob("*_seg.*")).unlink()
    _, lines = command(folder, "--onto", "flair")
    assert answered == ["B"]
    assert "done again: files have changed" in capsys.readouterr().out
    assert {line["case"]: line["dice"] is None for line in lines} == {"A": False, "B": True}


def test_two_cases_of_one_name_do_not_overwrite_each_other(many, answered, command, tmp_path):
    first = many("A", "B")
    command(first)
    before = (tmp_path / "out" / "A" / "report.json").read_bytes()
    other = tmp_path / "elsewhere" / "A"
    shutil.copytree(first / "A", other, copy_function=shutil.copyfile)
    code, lines = command(other)  # alone, into the folder of a cohort
    assert code == 0
    assert [line["case"] for line in lines] == ["A", "B", "A_2"]
    assert (tmp_path / "out" / "A" / "report.json").read_bytes() == before
    assert (tmp_path / "out" / "A_2" / "unet.nii.gz").exists()


def test_a_case_given_twice_is_done_once(many, answered, command):
    folder = many("A", "B")
    code, lines = command(folder, folder / "A")
    assert code == 0
    assert answered == ["A", "B"]
    [skipped] = [line for line in lines if line["state"] == "skipped"]
    assert skipped["case"] == "A_2"
    assert skipped["error"] == "The same files as A."


def test_a_zip_is_known_again(many, answered, command, tmp_path):
    packed = shutil.make_archive(str(tmp_path / "cases"), "zip", many("A", "B"))
    assert command(packed)[0] == 0
    answered.clear()
    assert command(packed)[0] == 0
    assert answered == []


def test_one_case_alone_has_no_manifest(many, answered, command, tmp_path):
    folder = many("A", broken=["B"])
    assert command(folder / "A") == (0, [])
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"unet.nii.gz"}
    assert json.loads((tmp_path / "r.json").read_text())["case"] == "A"
    (tmp_path / "r.json").unlink()
    assert command(folder / "B") == (2, [])
    assert not (tmp_path / "r.json").exists()


def test_finding_cases_reads_the_header_of_none(tmp_path, monkeypatch):
    for number in range(200):
        folder = tmp_path / f"BraTS2021_{number:05}"
        folder.mkdir()
        for kind in ("t1", "t1ce", "t2", "flair", "seg"):
            (folder / f"{folder.name}_{kind}.nii.gz").write_bytes(b"\x1f\x8b")
    monkeypatch.setattr(one_case, "check_file", None)
    monkeypatch.setattr(nib, "load", None)
    with run.open_sources([tmp_path]) as found:
        assert len(found) == 200


def test_a_killed_run_goes_on_without_repeating_or_losing_a_case(many, tmp_path):
    names = [f"P{number}" for number in range(6)]
    out = tmp_path / "out"
    arguments = [many(*names), "--model", "edge_unet", "--output", out]
    command = [sys.executable, "-m", "inference", *map(str, arguments)]
    manifest = out / "manifest.jsonl"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as first:
        while first.poll() is None and not (manifest.exists() and manifest.read_bytes()):
            time.sleep(0.005)
        first.send_signal(signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL
    with manifest.open("ab") as stream:
        stream.write(b'{"case": "P5", "sta')  # as a kill in the middle of a line leaves it
    before = manifest.read_bytes().splitlines()[:-1]
    done = [out / json.loads(line)["case"] / "edge_unet.nii.gz" for line in before]
    written = {file: file.stat().st_ino for file in done}
    assert 0 < len(before) < len(names)

    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    lines = manifest.read_bytes().splitlines()
    assert lines[: len(before)] == before
    assert sorted(json.loads(line)["case"] for line in lines) == names
    assert f"{len(before)} of 6 cases were done before and are kept." in second.stdout
    assert {file: file.stat().st_ino for file in done} == written
    assert not [file for file in out.rglob(".*") if file.is_file()]
