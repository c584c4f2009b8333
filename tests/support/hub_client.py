"""Points the real client of the Hub, here or in another process, at a Hub on loopback."""

from pathlib import Path

import pytest
from huggingface_hub import constants
from huggingface_hub.utils import close_session

from tests.support.hub_state import TOKEN


def client_environment(address: str, home: Path) -> dict[str, str]:
    """For a process of its own; Xet is off, since the Hub on loopback does not speak it."""
    return {
        "HF_ENDPOINT": address,
        "HF_HOME": str(home),
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }


def point_client(monkeypatch: pytest.MonkeyPatch, address: str, home: Path) -> None:
    """For this process, where the client has read its environment already."""
    template = address + "/{repo_id}/resolve/{revision}/{filename}"
    for name, value in {
        "ENDPOINT": address,
        "HUGGINGFACE_CO_URL_TEMPLATE": template,
        "HF_HUB_CACHE": str(home / "hub"),
        "HF_TOKEN_PATH": str(home / "token"),
        "HF_HUB_OFFLINE": False,
        "HF_HUB_DISABLE_XET": True,
        "HF_HUB_DISABLE_TELEMETRY": True,
    }.items():
        monkeypatch.setattr(constants, name, value)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    close_session()
