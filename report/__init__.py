"""What leaves GlioLens about a case: tables, pictures, a PDF and one zip of all; no Streamlit."""

from typing import Final

DISCLAIMER: Final = "Not a medical device. For research and teaching, never for diagnosis."
