import numpy as np
import streamlit as st

from inference.network.segmentation import Segmentation
from report.agreement import Agreed
from workspace.case_results.case_record import record_of
from workspace.jobs import uncertainty
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.segmentation import Answer
from workspace.jobs.uncertainty import Certainty, standing_job


def answers(opened):
    parts = {"preprocess": 0.0, "predict": 1.0, "postprocess": 0.0}
    nothing, box = np.zeros((3, 1, 1, 1)), (slice(0, 1),) * 3
    return {"unet": Answer.of(opened, Segmentation("unet", opened.case.truth, nothing, box, parts))}


def test_what_the_uncertainty_page_found_goes_along_and_is_not_begun(opened, monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    queue = JobQueue()
    monkeypatch.setattr(uncertainty, "queue", queue)
    assert record_of(opened, answers(opened)).agreed is None
    assert standing_job(opened) is None
    found = Certainty({"unet": "U-Net"}, {}, ["They agree."], {}, 0)
    queue.submit((opened.key, "uncertainty"), lambda _: found).future.result(timeout=60)
    told = record_of(opened, answers(opened)).agreed
    assert told == Agreed(("They agree.",), {"unet": "U-Net"}, {})
