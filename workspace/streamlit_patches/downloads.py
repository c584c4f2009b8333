"""Files that are made when a download is asked for stay until the browser has fetched them.

No page shows such a file, and Streamlit drops what no page shows when two script runs have ended
after it, of whichever visitors. With many of them that is before the browser asks for it
(``MediaFileManager.execute_deferred`` of Streamlit 1.67 leaves it unmapped).
"""

import time
from typing import Final

from streamlit.runtime import Runtime
from streamlit.runtime.media_file_manager import MediaFileMetadata

KEPT_SECONDS: Final = 60
_SINCE: Final = "gliolens_since"


def keep_downloads() -> None:
    """Have such files kept for a minute; once for all visitors."""
    MediaFileMetadata.mark_for_delete = _mark
    MediaFileMetadata.is_marked_for_delete = property(_is_due)


def drop_old_downloads() -> None:
    """Drop those whose time is over: on a quiet server no script run does it."""
    if Runtime.exists():
        Runtime.instance().media_file_mgr.remove_orphaned_files()


def _mark(file: MediaFileMetadata) -> None:
    vars(file).setdefault(_SINCE, time.monotonic())


def _is_due(file: MediaFileMetadata) -> bool:
    """Marked when it was first found unused; a page that shows it in between changes nothing."""
    since = vars(file).setdefault(_SINCE, time.monotonic())
    return time.monotonic() - since >= KEPT_SECONDS
