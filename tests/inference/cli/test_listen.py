"""The listener's command line, up to the networks and with them."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from benchmarks.browser import free_port
from inference.__main__ import main
from inference.cli import listen as module
from inference.cli.listen import answer_with_networks, run_listener
from inference.cli.listen_options import make_listen_parser
from tests.conftest import ROOT
from tests.inference.pacs.listening import events, wait_for
from tests.support.orthanc import run_orthanc, why_not


def options(*arguments):
    return make_listen_parser().parse_args([str(each) for each in arguments])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--output"),
        (["--output", "x", "--port", "0"], "'0' is no port; give 1 to 65535"),
        (["--output", "x", "--quiet", "-1"], "'-1' is no number above 0"),
        (["--output", "x", "--max-studies", "1.5"], "'1.5' is no whole number above 0"),
        (["--output", "x", "--formats", "tiff"], "there is no format 'tiff'"),
    ],
)
def test_options_that_are_no_good_are_told_in_one_line(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as left:
        main(["listen", *arguments])
    error = capsys.readouterr().err
    assert (left.value.code, error.count("\n")) == (2, 1)
    assert sentence in error


def test_what_is_left_out_has_its_value(tmp_path):
    chosen = options("--output", tmp_path)
    assert (chosen.aet, chosen.port, chosen.accept) == ("GLIOLENS", 11112, ())
    assert chosen.formats == ("seg", "rtstruct", "sr", "pdf")
    settings = module._settings(options("--output", tmp_path, "--max-inbox", "0.5", "--keep", "1"))
    assert settings.limits.inbox_bytes == 500_000_000
    assert settings.keep.total_seconds() == 86_400


def test_the_answer_is_that_of_the_command_for_one_case(tmp_path, monkeypatch):
    asked = []

    def answer(source, given, models):
        asked.append((source.paths, given))
        return module.Answered(None, {"case": "exam"}, (), (tmp_path / "x.dcm",))

    monkeypatch.setattr(module, "answer_source", answer)
    given = options("--output", tmp_path, "--model", "unet", "--onto", "flair")
    files = answer_with_networks(given)(tmp_path / "1.2.3", tmp_path / "results")
    assert files == (tmp_path / "x.dcm",)
    assert json.loads((tmp_path / "results" / "report.json").read_text()) == {"case": "exam"}
    [(paths, used)] = asked
    assert paths == (tmp_path / "1.2.3",)
    assert (used.study, used.output) == ("1.2.3", tmp_path / "results")
    assert (used.model, used.onto, used.prepare, used.series) == ("unet", "flair", "auto", [])


def test_two_listeners_in_one_folder_are_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "models_of", lambda chosen: lambda: ())
    stop = threading.Event()
    first = options("--output", tmp_path, "--port", free_port(), "--accept", "A,B")
    thread = threading.Thread(target=run_listener, args=(first, stop))
    thread.start()
    try:
        wait_for(lambda: "listens on port" in capsys.readouterr().out)
        port = free_port()
        assert main(["listen", "--output", str(tmp_path), "--port", str(port)]) == 2
        assert "Another listener works in" in capsys.readouterr().err
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
def test_a_study_of_a_pacs_is_answered_by_the_networks(small_study_folder, tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    output, port = tmp_path / "listener", free_port()
    with run_orthanc(tmp_path / "orthanc", port) as orthanc:
        orthanc.upload([file for file in small_study_folder.rglob("*") if file.is_file()])
        command = [sys.executable, "-m", "inference", "listen", "--port", str(port), "--quiet", "1"]
        command += ["--output", str(output), "--send-to", orthanc.node, "--model", "resnet_unet"]
        command += ["--host", "127.0.0.1", "--accept", "ORTHANC"]
        before = set(orthanc.objects("SR"))
        log = (tmp_path / "log.txt").open("w+")
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        try:
            wait_for(lambda: "listens on port" in (tmp_path / "log.txt").read_text(), 120)
            orthanc.send_studies()
            wait_for(lambda: events(output, "done") or events(output, "failed"), 240)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
            log.close()
        assert events(output, "failed") == []
        kinds = {kind: orthanc.objects(kind) for kind in ("SEG", "RTSTRUCT", "SR", "DOC")}
        theirs = {uid for found in kinds.values() for uid in found} - before
        assert {kind for kind, found in kinds.items() if set(found) - before} == set(kinds)
        sent = [each["object"] for each in events(output, "sent")]
        assert (set(sent), len(sent)) == (theirs, len(theirs))
        times = orthanc.times_received()
        assert {times[name] for found in kinds.values() for name in found.values()} == {1}
    [numbers] = output.glob("*/report.json")
    assert json.loads(numbers.read_text())["models"]["resnet_unet"]["volume_ml"]["wt"] > 0
    text = (tmp_path / "log.txt").read_text() + (output / "journal.jsonl").read_text()
    patient = _patient(small_study_folder)
    assert patient
    assert not [word for word in patient if word in text]


def _patient(study):
    """What the headers call the patient."""
    import pydicom

    file = next(file for file in study.rglob("*") if file.is_file())
    ds = pydicom.dcmread(file, stop_before_pixels=True)
    return [str(ds.PatientName), str(ds.PatientID)]
