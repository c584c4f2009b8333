"""Where files are dropped, the same on every page that takes some."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st
from streamlit.runtime import Runtime

from common.disk_errors import disk_errors_in_words
from common.errors import InputError
from workspace.desk.arrival.transfers import follow_transfers
from workspace.desk.arrival.uploads import take_in
from workspace.desk.desk import Desk
from workspace.display.page_frame import plain
from workspace.events import Event, tell
from workspace.session.uploads import Upload
from workspace.session.uploads_on_disk import let_go

# Streamlit's own, by which an upload shows that this page has sent it.
_TOKEN: Final = "_streamlit_xsrf"
_NO_COOKIES: Final = (
    "This browser keeps no cookies for this page, and without them no file can be uploaded: allow "
    "them for this address, or open it in a tab of its own if it is inside another page."
)


def drop_zone(
    here: Desk,
    words: str,
    *,
    key: str,
    doing: str,
    offer_first: Callable[[Sequence[Upload]], bool] = lambda _: False,
) -> None:
    """Take what is dropped onto a desk, and say of what is refused why.

    Args:
        here: The desk.
        words: What may be dropped.
        key: Of this zone in the visitor's session.
        doing: What is shown while the files are looked at.
        offer_first: Is given what was dropped before the desk is, and returns whether it took it.
            May raise ``InputError``.
    """
    here.wait_until_looked()
    if _keeps_no_cookies():
        st.warning(_NO_COOKIES, icon=":material/cookie_off:")
    # Every type: what Streamlit refuses in the browser it says nothing of once other files are
    # taken in. The guard reads the bytes.
    uploads = st.file_uploader(
        words,
        accept_multiple_files=True,
        # What was dropped lies below; the next drop adds to it.
        key=f"{key}-{here.rounds}",
    )
    if uploads:
        with st.spinner(doing):
            _take(here, uploads, offer_first)
        let_go(uploads)
        st.rerun()
    follow_transfers(here, key=key)
    for sentence in here.refused:
        st.error(plain(sentence), icon=":material/error:")
    for sentence in here.unread:
        st.info(plain(sentence), icon=":material/info:")


def _keeps_no_cookies() -> bool:
    """Whether the server would refuse an upload of this visitor."""
    protected = st.get_option("server.enableXsrfProtection")
    return Runtime.exists() and protected and _TOKEN not in st.context.cookies


def _take(
    here: Desk, uploads: Sequence[Upload], offer_first: Callable[[Sequence[Upload]], bool]
) -> None:
    here.arrived = tuple(upload.name for upload in uploads)
    former = list(here.failed)
    try:
        with here.looking, disk_errors_in_words():
            if not offer_first(uploads):
                take_in(here, uploads)
                _tell(len(here.refused) + sum(each not in former for each in here.failed))
                return
        here.refused, here.unread = [], []
    except InputError as error:
        here.refused = [str(error)]
        _tell(1)
    here.rounds += 1


def _tell(refused: int) -> None:
    if refused:
        tell(Event(event="refused", files=refused))
