"""Packages that only a hospital needs, imported where they are used."""

import importlib
import logging
from typing import Any, Final

from common.errors import InputError
from inference.dicom.file_headers.values import silence_pydicom

_INSTALL: Final = "pip install -r requirements-hospital.txt -c constraints.txt"


def optional_package(name: str, *, wanted_by: str) -> Any:
    """Import a package of ``requirements-hospital.txt``, and keep it from logging.

    What these packages log may quote a header, and a header names a patient.

    Args:
        name: The module.
        wanted_by: The option or command that needs it.

    Raises:
        InputError: where it is not installed; it says how to.
    """
    top = name.split(".")[0]
    silence_pydicom()
    logging.getLogger(top).setLevel(logging.CRITICAL + 1)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != top:
            raise
        package = top.replace("_", "-")
        raise InputError(
            f"{wanted_by} needs the package {package}, which is not installed; install it with "
            f"{_INSTALL}."
        ) from None
