"""All that is mended of Streamlit, in the order in which it goes together."""

from workspace.streamlit_patches.answers import keep_answers
from workspace.streamlit_patches.downloads import keep_downloads
from workspace.streamlit_patches.known_messages import know_messages
from workspace.streamlit_patches.late_calls import answer_late_calls
from workspace.streamlit_patches.slow_lines import wait_for_slow_lines
from workspace.streamlit_patches.stopped_runs import keep_presses
from workspace.streamlit_patches.unseen_presses import keep_unseen_presses
from workspace.streamlit_patches.waiting_presses import keep_waiting_presses


def mend_streamlit() -> None:
    """Have nothing of a visitor's lost from now on; once for all visitors."""
    keep_downloads()
    keep_answers()
    know_messages()
    wait_for_slow_lines()
    answer_late_calls()
    keep_presses()
    keep_waiting_presses()
    keep_unseen_presses()
