"""A study from a PACS, and results to one, on the command line."""

import pytest

from common.errors import InputError
from inference.__main__ import main
from inference.cli.archive import hand_over_to, paths_given
from inference.cli.options import make_parser
from inference.dicom.exams import find_exams
from tests.inference.dicom.made import uid, write_series
from tests.support.orthanc import run_orthanc, why_not

STUDY = uid("P1", "study")
NODE = "PACS@127.0.0.1:104"


def options(*arguments):
    return make_parser().parse_args([str(each) for each in arguments])


@pytest.fixture
def orthanc(tmp_path):
    if reason := why_not():
        pytest.skip(reason)
    with run_orthanc(tmp_path / "orthanc", 1) as server:
        yield server


def test_without_a_url_the_paths_are_those_given(tmp_path):
    with paths_given(options(tmp_path)) as paths:
        assert paths == [tmp_path]


def test_a_study_is_fetched_for_as_long_as_it_is_read(orthanc, tmp_path, capsys):
    orthanc.upload(write_series(tmp_path / "study"))
    with paths_given(options("--from", orthanc.dicomweb, "--study", STUDY)) as paths:
        [exam] = find_exams(paths).exams
        assert exam.uid == STUDY
        assert capsys.readouterr().out == "10 MR images were fetched.\n"
    assert not paths[0].exists()


def test_results_are_sent_where_it_is_said(orthanc, tmp_path, capsys):
    send = hand_over_to(options("case", "--output", tmp_path, "--send-to", orthanc.node))
    send(write_series(tmp_path / "results", slices=range(2)))
    assert len(orthanc.objects("MR")) == 2
    assert f"2 DICOM files were sent to {orthanc.node}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "give a case, or a study to fetch"),
        (["--from", "http://127.0.0.1:9"], "--from takes --study UID in place of a case"),
        (["x", "--from", "http://127.0.0.1:9", "--study", STUDY], "--from takes --study UID"),
        (["x", "--send-to", NODE], "--send-to sends what is written; give a folder"),
        (["x", "--send-to", "PACS", "--output", "y"], "'PACS' is no destination"),
        (["x", "--formats", "seg,dwg"], "there is no format 'dwg'"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(arguments, sentence, capsys):
    try:
        code = main(arguments)
    except SystemExit as left:
        code = left.code
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert sentence in error


def test_a_case_that_gives_nothing_to_send_is_told(tmp_path):
    send = hand_over_to(options("case", "--output", tmp_path, "--send-to", NODE))
    with pytest.raises(InputError, match="No DICOM file was written that could be sent"):
        send([])
