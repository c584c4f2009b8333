"""DICOMweb: a study in by QIDO-RS and WADO-RS, answers out by STOW-RS (dicomweb-client).

A user name and password are read from ``~/.netrc``, a token from ``GLIOLENS_DICOMWEB_TOKEN``: what
stands on a command line can be read by everyone on the machine.
"""

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from common.errors import InputError
from inference.dicom.files import MAX_FILES
from inference.pacs.inbox import is_uid
from inference.pacs.optional import optional_package
from inference.pacs.sending.destination import Parcel, Receipt, UnreachableError

if TYPE_CHECKING:
    from dicomweb_client.web import DICOMwebClient

_TOKEN: Final = "GLIOLENS_DICOMWEB_TOKEN"
_ANY_SYNTAX: Final = (("application/dicom", "*"),)
_SERIES_UID: Final = "0020000E"
_SILENCE_SECONDS: Final = 120
# Of a request; each wait is twice the one before, from 2 s on.
_ATTEMPTS: Final = 3
# The server's own trouble, or ours with its doors: it may pass.
_MAY_PASS: Final = {401, 403, 408, 429, *range(500, 600)}
_OUT_OF_RESOURCES: Final = 0xA700


def fetch_study(url: str, study: str, folder: Path) -> int:
    """Fetch the MR series of a study.

    Args:
        url: Of a DICOMweb service.
        study: StudyInstanceUID.
        folder: Gets the images, as they are kept on the server.

    Returns:
        How many images there are.

    Raises:
        InputError: where the package is missing, the server cannot be reached or refuses, or it
            has no MR of this study.
    """
    if not is_uid(study):
        raise InputError(f"{study[:64]!r} is no StudyInstanceUID; give one (--study).")
    client = _client(url)
    client.set_http_retry_params(max_attempts=_ATTEMPTS)
    with _in_words(url):
        count = 0
        for series in _mr_series(client, study):
            for image in client.iter_series(study, series, media_types=_ANY_SYNTAX):
                count += 1
                if count > MAX_FILES:
                    raise InputError(f"The study has more than {MAX_FILES} images.")
                image.save_as(folder / f"{count:05d}.dcm", enforce_file_format=True)
    if not count:
        raise InputError(
            f"{_shown(url)} has no MR images of study {study}; check the UID and the URL."
        )
    return count


def _mr_series(client: "DICOMwebClient", study: str) -> list[str]:
    found = client.search_for_series(study, search_filters={"Modality": "MR"}, get_remaining=True)
    uids = (each.get(_SERIES_UID, {}).get("Value", [""])[0] for each in found)
    return [uid for uid in uids if is_uid(uid)]


class WebDestination:
    """A DICOMweb service.

    Args:
        url: Of the service.

    Raises:
        InputError: where dicomweb-client is missing, or the URL is none.
    """

    def __init__(self, url: str) -> None:
        self.name = _shown(url)
        self._client = _client(url)
        self._client.set_http_retry_params(retry=False)  # whoever sends tries again

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Receipt]:
        """As of :class:`inference.pacs.sending.destination.Destination`."""
        for parcel in parcels:
            yield self._sent(parcel)

    def _sent(self, parcel: Parcel) -> Receipt:
        import pydicom
        import requests

        try:
            answer = self._client.store_instances([pydicom.dcmread(parcel.file)])
        except requests.HTTPError as error:
            code = _status(error)
            return Receipt(parcel, f"it answered with HTTP {code}", again=code in _MAY_PASS)
        except requests.RequestException as error:
            raise UnreachableError(_why(error)) from None
        failed = answer.get("FailedSOPSequence") or []
        if not failed:
            return Receipt(parcel)
        reason = int(failed[0].get("FailureReason") or 0)
        again = reason & 0xFF00 == _OUT_OF_RESOURCES
        return Receipt(parcel, f"it gave the reason {reason:04X}", again)


def _client(url: str) -> "DICOMwebClient":
    web = optional_package("dicomweb_client.web", wanted_by="A DICOMweb URL")
    token = os.environ.get(_TOKEN)
    headers = {"Authorization": f"Bearer {token}"} if token else None
    try:
        return web.DICOMwebClient(url, headers=headers, timeout=_SILENCE_SECONDS)
    except (ValueError, TypeError):
        raise InputError(
            f"{_shown(url)} is no URL of a DICOMweb service, such as https://HOST/dicom-web."
        ) from None


@contextlib.contextmanager
def _in_words(url: str) -> Iterator[None]:
    import requests

    try:
        yield
    except requests.HTTPError as error:
        code = _status(error)
        hint = "; check ~/.netrc or " + _TOKEN if code in (401, 403) else "; check the URL"
        raise InputError(f"{_shown(url)} answered with HTTP {code}{hint}.") from None
    except requests.RequestException as error:
        raise InputError(f"{_shown(url)} cannot be reached: {_why(error)}.") from None


def _status(error: Any) -> int:
    return int(error.response.status_code)


def _why(error: Exception) -> str:
    """``ConnectionError`` in words; the text of the exception may hold a URL with a password."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def _shown(url: str) -> str:
    parts: Any = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
