"""What GlioLens does, how, and what it must not be used for."""

import streamlit as st

from workspace.load.now import load_now
from workspace.session.page_redirect import enter_by_app
from workspace.session.sign_in import offer_sign_out

# Longer lines are hard to read.
LINE_WIDTH = 780

enter_by_app()
st.title("About")
offer_sign_out()
st.markdown(
    """
GlioLens finds brain tumours in MRI of up to four modalities (T1, T1c, T2, FLAIR) with three
trained networks, and shows where they agree and where they do not.

**How.** The scan is turned into RAS+ order by its own header, cropped to the brain and normalised
over the brain. Each network looks at every axial slice and answers three nested questions:
whole tumour (WT), tumour core (TC), enhancing tumour (ET). One that has learned from all planes
also looks at the coronal and sagittal slices around what it found, where voxels are about 1 mm, and
the mean of its answers counts. The label map goes back onto the grid of the files.

**Scans as a hospital has them.** A study of DICOM files, or images with the skull on or on grids of
their own, are aligned first (rigidly, by what they show), the brain is found by a network of our
own, and both are brought to 1 mm. The answer returns onto the frames of each sequence.

**Privacy.** The files you drop lie in a temporary folder of this server, under names that say
nothing, until you clear them, leave, or choose *Delete everything now* on the Open page; those of
a study until you clear it, close its case or open another. The scan lies in the server's memory,
and a report you ask for is a temporary file, until you open another case or close this one. All of
these are gone within a minute of your page being closed, and within two of its losing the
connection; a page that is loaded anew at once, or whose connection comes back within a minute,
finds its case open, by a random name in a cookie that holds nothing else. Label maps,
probabilities, surfaces and figures are kept without the scan, in case it is opened again: while
whoever asked is there, and for up to an hour after they were last asked for. Nothing is sent
anywhere else. A server may be set to fetch its networks' weights from the Hugging Face Hub (the
Models page says so); that sends nothing of a scan.

**Limits.** The networks were trained on 28 patients of BraTS 2018 and 2021: adult glioma before
surgery, skull-stripped, co-registered, resampled to 1 mm. On scans of another kind (with a skull
that was not found, after surgery, of children, of other tumours) they may be wrong without looking
so. Left and right
come from the header of the files; a wrong header gives a wrong side. Few of those patients'
tumours hardly enhance: how large the core of such a one is drawn is an estimate.

**Dark or light.** The menu at the top right has both; your browser remembers which you chose.

**Not a medical device.** GlioLens is for research and teaching. It has not been validated for
clinical use and must not be used for diagnosis or treatment.
""",
    width=LINE_WIDTH,
)
st.caption(load_now().sentence)
