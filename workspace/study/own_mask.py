"""A brain mask that the visitor has, to be used instead of those that are found."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from workspace.session.uploads_on_disk import KeptUpload, kept


def offer_own_mask(key: str) -> KeptUpload | None:
    """The way to upload one, behind a button; what was uploaded, or None.

    Args:
        key: Of the box, which is a new one for each.
    """
    with st.popover("Use another brain mask", icon=":material/upload:"):
        st.caption(
            "A NIfTI file on the grid of one of the images that are read; every voxel that is not "
            "0 is brain."
        )
        mask = st.file_uploader("Brain mask", key=key, label_visibility="collapsed")
    return mask and kept(mask)


@contextmanager
def mask_on_disk(mask: KeptUpload | None) -> Iterator[Path | None]:
    """Have a mask stand under its name for as long as it is being read."""
    if mask is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        path = Path(folder) / Path(mask.name).name
        mask.file.lay(path)
        yield path
