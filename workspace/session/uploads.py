"""What a visitor has dropped, as Streamlit hands it over."""

from typing import Protocol


class Upload(Protocol):
    """A dropped file."""

    name: str

    def getbuffer(self) -> memoryview:
        """Its bytes, without a copy."""
        ...
