"""Weights from the Hugging Face Hub: fetched in bounded time, or found in its local cache.

The client of the Hub is slow to import, so only a model that is configured to use it pays for it.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from model_zoo.weights.deadline import within
from model_zoo.weights.folder import GRAPH, INTEGERS
from model_zoo.weights.hub_errors import HubError, is_silence, reason
from model_zoo.weights.hub_pin import HubPin

if TYPE_CHECKING:
    from huggingface_hub import GitRefs

# Nothing else is ever downloaded: no pickle, no code.
NEEDED: Final = ("config.json", "model.safetensors")
# What else is fetched where it is published: the int8 form, and the curve of the training.
MORE: Final = (INTEGERS, GRAPH, "log.jsonl")

# For an answer to one small question.
ANSWER_SECONDS: Final = 10
# Between two pieces of a download, so that the client can resume once by itself.
SILENCE_SECONDS: Final = 20
# For a whole model; what takes longer goes on in the background and is there at the next start.
DOWNLOAD_SECONDS: Final = 120
# After a silence, no request is made for this long: three models do not wait three times.
PAUSE_SECONDS: Final = 60
# The client writes, and therefore resumes, in pieces of this size. Its own 10 MB are most of a
# model of 16 MB, which a broken connection would send back to the start.
PIECE_BYTES: Final = 256 * 1024


_silent_until = 0.0


@dataclass(frozen=True)
class Found:
    """A folder with the files of a pin.

    Args:
        folder: Where they are.
        commit: Which version of the repository they are.
        from_cache: Whether they were there already.
    """

    folder: Path
    commit: str
    from_cache: bool


def sources(pin: HubPin) -> tuple[Callable[[HubPin], Found | None], ...]:
    """The ways to the files, in the order to try them.

    A commit that is in the cache need not be asked for; a tag may have moved.
    """
    return (cached, fetch) if pin.is_commit else (fetch, cached)


def cached(pin: HubPin) -> Found | None:
    """The files in the client's cache, without a request; None if they are not there."""
    find = _client().try_to_load_from_cache
    paths = [find(pin.repository, file, revision=pin.revision) for file in NEEDED]
    if not all(isinstance(path, str) for path in paths):
        return None
    folder = Path(paths[0]).parent
    return Found(folder, folder.name, from_cache=True)


def fetch(pin: HubPin) -> Found:
    """The files from the Hub, through the client's cache.

    Raises:
        HubError: if the Hub cannot be reached, is too slow, or has no such weights.
    """
    if _client().is_offline_mode():
        raise HubError("this machine is set to work offline (HF_HUB_OFFLINE)")
    if time.monotonic() < _silent_until:
        raise HubError("it did not answer a moment ago")
    try:
        return within(
            lambda sign_of_life: _download(pin, sign_of_life),
            silence=SILENCE_SECONDS,
            total=DOWNLOAD_SECONDS,
        )
    except HubError:
        raise
    except Exception as error:  # the client documents no list, and none may stop the app
        _remember_silence(error)
        raise HubError(reason(error, pin)) from error


def forget(found: Found) -> None:
    """Take damaged files out of the cache, so that the next attempt fetches them anew."""
    for file in (*NEEDED, *MORE):
        pointer = found.folder / file
        with contextlib.suppress(OSError):  # a read-only cache keeps them; they are not used
            pointer.resolve().unlink(missing_ok=True)
            pointer.unlink(missing_ok=True)


def _client() -> ModuleType:
    """The client of the Hub, imported at the first use and set up for this project.

    Over plain HTTP, where a broken download resumes and silence can be noticed: Xet, made for files
    of gigabytes, offers neither. It reports to nobody what this machine runs, and is silent about
    what goes wrong, since that is reported where the weights are shown.
    """
    import huggingface_hub
    from huggingface_hub import constants
    from huggingface_hub.utils import logging as client_logging

    constants.HF_HUB_DISABLE_XET = True
    constants.HF_HUB_DISABLE_TELEMETRY = True
    constants.DOWNLOAD_CHUNK_SIZE = PIECE_BYTES
    client_logging.set_verbosity_error()
    return huggingface_hub


def _download(pin: HubPin, sign_of_life: Callable[[], None]) -> Found:
    api = _client().HfApi(library_name="gliolens")
    if not pin.is_commit:
        # The client sets no time for this question.
        refs = within(
            lambda _: api.list_repo_refs(pin.repository),
            silence=ANSWER_SECONDS,
            total=ANSWER_SECONDS,
        )
        _check_is_tag(pin, refs)
        sign_of_life()
    info = api.model_info(pin.repository, revision=pin.revision, timeout=ANSWER_SECONDS)
    sign_of_life()
    present = {file.rfilename for file in info.siblings or ()}
    _check_files(pin, present)
    # The first file turns a tag into a commit, the others are of that commit.
    revision = pin.revision
    for file in (*NEEDED, *(file for file in MORE if file in present)):
        path = _download_file(pin.repository, file, revision, sign_of_life)
        revision = path.parent.name
    if pin.is_commit and revision != pin.revision:
        raise HubError(f"it answered with another commit, {revision}")
    return Found(path.parent, revision, from_cache=False)


def _download_file(
    repository: str, file: str, revision: str, sign_of_life: Callable[[], None]
) -> Path:
    path = _client().hf_hub_download(
        repository,
        file,
        revision=revision,
        etag_timeout=ANSWER_SECONDS,
        library_name="gliolens",
        tqdm_class=lambda **_: _SilentBar(sign_of_life),
    )
    sign_of_life()
    return Path(path)


def _remember_silence(error: Exception) -> None:
    global _silent_until
    if is_silence(error):
        _silent_until = time.monotonic() + PAUSE_SECONDS


def _check_is_tag(pin: HubPin, refs: "GitRefs") -> None:
    if pin.revision in {tag.name for tag in refs.tags}:
        return
    if pin.revision in {branch.name for branch in refs.branches}:
        raise HubError(f"{pin.revision} is a branch, which moves; pin a commit or a tag")
    raise HubError(
        f"{pin.repository} has no tag {pin.revision} (a commit is named by all its 40 characters)"
    )


def _check_files(pin: HubPin, present: set[str]) -> None:
    missing = [file for file in NEEDED if file not in present]
    if missing:
        raise HubError(
            f"{pin.repository} has no {' and no '.join(missing)} there, and weights in another "
            "form, which could carry code, are not read"
        )


class _SilentBar:
    """Stands in for the client's progress bar, and reports every piece that arrives."""

    def __init__(self, sign_of_life: Callable[[], None]) -> None:
        self._sign_of_life = sign_of_life

    def __enter__(self) -> "_SilentBar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, _: float) -> None:
        self._sign_of_life()
