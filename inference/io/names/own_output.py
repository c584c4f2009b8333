"""Label maps that GlioLens wrote itself, which may lie among the files of a second run."""

import gzip
import zlib
from pathlib import Path
from typing import Final

from inference.io.names.file_names import is_nifti_name

_SNIFFED: Final = 1024
_GZIP: Final = b"\x1f\x8b"
# Where the headers of NIfTI-1 and NIfTI-2 describe a file.
_DESCRIPTIONS: Final = (slice(148, 228), slice(240, 320))
_OURS: Final = b"GlioLens "
_IN_PICTURES: Final = b"Comment\0Not a medical device."


def is_own_output(path: Path) -> bool:
    """Whether a file is a label map or a probability that GlioLens wrote, as it says itself."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_SNIFFED)
            if head.startswith(_GZIP):
                stream.seek(0)
                with gzip.GzipFile(fileobj=stream) as unpacked:
                    head = unpacked.read(_SNIFFED)
    except (OSError, EOFError, zlib.error):
        return False
    if is_nifti_name(path.name):
        return any(head[place].startswith(_OURS) for place in _DESCRIPTIONS)
    return head.startswith(b"\x89PNG") and _IN_PICTURES in head
