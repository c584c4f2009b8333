"""The pins of the Hub in the app's secrets: section ``[hub]``, a line a model."""

from collections.abc import Mapping

import streamlit as st

from common.errors import InputError


def hub_secret(name: str) -> str | None:
    """``"namespace/repository@revision"`` of a model; None where the secrets do not speak of it.

    Raises:
        InputError: if the section or the line is something else than text.
    """
    if not st.secrets.load_if_toml_exists():
        return None
    section = st.secrets.get("hub", {})
    if not isinstance(section, Mapping):
        raise InputError(f'The secrets\' hub must be a section: [hub], then {name} = "…".')
    text = section.get(name)
    if text is not None and not isinstance(text, str):
        raise InputError(
            f"{name} in section [hub] of the secrets must be a text such as "
            f'"namespace/repository@revision", not {text!r}.'
        )
    return text
