"""Studies there and back between a real PACS and the listener, either killed in the middle."""

import pytest
from pynetdicom import AE

from benchmarks.browser import free_port
from tests.inference.pacs.listening import ANSWERS, events, kill, started, wait_for


@pytest.fixture
def output(tmp_path):
    folder = tmp_path / "listener"
    folder.mkdir()
    return folder


def is_done(output):
    return events(output, "done")


def assert_answered_once(orthanc, output, images):
    """Every answer has come exactly once, to a study that was seen whole."""
    answers = orthanc.objects("DOC")
    assert len(answers) == ANSWERS
    times = orthanc.times_received()
    assert {times[each] for each in answers.values()} == {1}
    [place] = [each.parent for each in output.glob("*/images.txt")]
    assert (place / "images.txt").read_text() == str(images)
    assert [each["object"] for each in events(output, "sent")] == list(
        dict.fromkeys(each["object"] for each in events(output, "sent"))
    )
    assert list((output / "inbox").iterdir()) == []


def test_there_and_back_with_the_listener_killed_in_the_middle(
    orthanc, small_study, output, listener_port
):
    orthanc.upload(small_study)
    for name in ("hold", "hold-sending"):
        (output / name).touch()
    # Killed while it answers.
    with started(output, listener_port, orthanc.node):
        assert orthanc.post("/modalities/GLIOLENS/echo", {}) == {}
        orthanc.send_studies()
        wait_for(lambda: events(output, "started"))
    (output / "hold").unlink()
    # Killed after the first answer was sent.
    with started(output, listener_port, orthanc.node):
        wait_for(lambda: events(output, "sent"))
    (output / "hold-sending").unlink()
    with started(output, listener_port, orthanc.node):
        wait_for(lambda: is_done(output))
        assert_answered_once(orthanc, output, len(small_study))
        # A PACS that sends the study again, as by a rule, gets nothing twice.
        orthanc.send_studies()
        wait_for(lambda: len(is_done(output)) == 2)
        assert_answered_once(orthanc, output, len(small_study))
    kinds = [each["event"] for each in events(output)]
    assert kinds == [
        *("received", "complete", "started", "started", "answered", *["sent"] * 3, "done"),
        *("received", "complete", "started", "answered", "done"),
    ]


def test_killed_while_a_study_comes(orthanc, small_study, output, listener_port):
    with started(output, listener_port, orthanc.node) as process:
        send_from_elsewhere(small_study[:7], listener_port, then=lambda: kill(process))
    assert len(list(output.glob("inbox/*/*.dcm"))) == 7
    orthanc.upload(small_study)
    with started(output, listener_port, orthanc.node):
        orthanc.send_studies()  # as who sends does that saw the connection break
        wait_for(lambda: is_done(output))
        assert_answered_once(orthanc, output, len(small_study))
    assert [each["objects"] for each in events(output, "complete")] == [len(small_study)]


def test_the_pacs_killed_before_it_gets_the_answers(
    orthanc_runner, tmp_path, small_study, output, listener_port
):
    port = free_port()
    place = tmp_path / "orthanc"
    with orthanc_runner(place, listener_port, dicom_port=port) as orthanc:
        orthanc.upload(small_study)
        (output / "hold").touch()
        process = started(output, listener_port, orthanc.node)
        process.__enter__()
        orthanc.send_studies()
        wait_for(lambda: events(output, "started"))
    try:
        (output / "hold").unlink()
        wait_for(lambda: events(output, "answered"))
        with orthanc_runner(place, listener_port, dicom_port=port) as orthanc:
            wait_for(lambda: is_done(output))
            assert_answered_once(orthanc, output, len(small_study))
    finally:
        process.__exit__(None, None, None)


def test_there_by_c_store_and_back_by_dicomweb(orthanc, small_study, output, listener_port):
    orthanc.upload(small_study)
    with started(output, listener_port, orthanc.dicomweb):
        orthanc.send_studies()
        wait_for(lambda: is_done(output))
    assert_answered_once(orthanc, output, len(small_study))


def send_from_elsewhere(files, port, *, then=lambda: None):
    """Send files as the PACS does, and do something before the association is released."""
    entity = AE(ae_title="ORTHANC")
    entity.add_requested_context("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.1.2.1")
    association = entity.associate("127.0.0.1", port, ae_title="GLIOLENS")
    assert association.is_established
    statuses = [association.send_c_store(file).Status for file in files]
    assert set(statuses) == {0}
    then()
    association.abort()
