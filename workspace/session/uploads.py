"""What a visitor has dropped, as Streamlit hands it over."""

from typing import Protocol


class Upload(Protocol):
    """A dropped file."""

    name: str

    def getvalue(self) -> bytes:
        """Its bytes: those that Streamlit holds, where ``getbuffer`` would make a copy of them."""
        ...
