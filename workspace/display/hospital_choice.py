"""Which DICOM results a visitor wants of a study, and whether with the patient's name."""

import streamlit as st

from common.vocabulary import MODALITY_NAMES
from workspace.case_results.hospital_files import OFFERED, HospitalChoice
from workspace.session.widget_state import kept_checkbox


def hospital_choice(series: str) -> HospitalChoice | None:
    """The DICOM objects that are wanted; None for none.

    Args:
        series: The modality that they lie on.
    """
    st.markdown(f"**For the hospital**, on the images of the {MODALITY_NAMES[series]}")
    formats = tuple(
        name
        for name, (title, opens) in OFFERED.items()
        if kept_checkbox(f"{title}: {opens}", f"export-{name}", first=True)
    )
    without = kept_checkbox(
        "Without identifiers: a pseudonym in the patient's place, new UIDs, no dates; the images "
        "they lie on are added, with the face that they show",
        "export-without-identifiers",
        first=False,
    )
    if not without:
        st.caption(
            "These files carry the patient's name and number as the study has them, since a PACS "
            "files by them. The names of the files do not."
        )
    return HospitalChoice(formats, without) if formats else None
