"""What the browser asks for as a run of the page begins is answered."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from workspace.streamlit_patches import answers

APP = Path(__file__).with_name("line_app.py")
# The page takes a second or two; in vain it would be waited for without end.
PATIENCE_MS = 30_000


@pytest.fixture
def queue():
    """Of what is to be sent: a part of the page, two answers with the end of a run between."""
    queue = ForwardMsgQueue()
    drawn, files, download = ForwardMsg(), ForwardMsg(), ForwardMsg()
    drawn.delta.new_element.text.body = "drawn"
    files.file_urls_response.response_id = "files"
    download.backend_operation_response.request_id = "download"
    ended = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    for message in (drawn, files, ended, download):
        queue.enqueue(message)
    return queue


def clear(queue, **how):
    answers._sparing_answers(ForwardMsgQueue.clear)(queue, **how)
    return sorted(each.WhichOneof("type") for each in queue._queue)


def test_a_run_that_begins_leaves_answers_there(queue):
    assert clear(queue, retain_lifecycle_msgs=True) == [
        "backend_operation_response",
        "file_urls_response",
        "script_finished",
    ]


def test_a_run_of_a_part_leaves_them_there_once(queue):
    left = clear(queue, retain_lifecycle_msgs=True, fragment_ids_this_run=["part"])
    assert left.count("file_urls_response") == left.count("backend_operation_response") == 1


def test_what_was_sent_is_gone(queue):
    assert clear(queue) == []


@pytest.mark.browser
def test_files_that_are_dropped_as_a_run_begins_arrive(server_starter, browser):
    with server_starter(APP) as address:
        page = browser.new_page()
        page.goto(address)
        page.locator("input[type=file]").wait_for(state="attached", timeout=PATIENCE_MS)
        page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        page.locator("input[type=file]").set_input_files(
            [{"name": "scan.nii", "mimeType": "", "buffer": b"voxels"}]
        )
        expect(page.get_by_text("scan.nii has come.")).to_be_visible(timeout=PATIENCE_MS)
        page.close()
