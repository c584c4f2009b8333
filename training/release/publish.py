"""Upload a weights folder to the Hugging Face Hub, from where it can be loaded again."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.errors import InputError
from model_zoo.weights.folder import GRAPH, INT8, INTEGERS, verified_config
from model_zoo.weights.hub_pin import HubPin, environment_variable
from model_zoo.weights.quantised import check_quantised

CARD: Final = "README.md"
# As in training.release.onnx_export, which needs packages that publishing does not.
ONNX_FILE: Final = "model.onnx"
PUBLISHED: Final = (
    "config.json",
    "model.safetensors",
    GRAPH,
    INTEGERS,
    ONNX_FILE,
    CARD,
    "log.jsonl",
    "log_first_stage.jsonl",
    "best.webp",
    "worst.webp",
)


@dataclass(frozen=True)
class Published:
    """A model on the Hub.

    Args:
        name: Its name in the registry.
        pin: Its repository and the commit of this upload.
        url: Where to look at it.
    """

    name: str
    pin: HubPin
    url: str


def check_folder(folder: Path, name: str) -> None:
    """Refuse what must not be published.

    Raises:
        WeightsError: if the weights are missing, of another model, or not those of the checksum;
            their int8 form likewise.
        InputError: if there is no model card, or if it or an ONNX file is not of these weights.
    """
    config = verified_config(folder, name)
    if not (folder / CARD).is_file():
        raise InputError(
            f"{folder} has no {CARD}; write the model card first: "
            f"python -m training card --model {name}."
        )
    if config["sha256"] not in (folder / CARD).read_text(encoding="utf-8"):
        raise InputError(
            f"{folder / CARD} does not describe the weights beside it; write it anew: "
            f"python -m training card --model {name}."
        )
    if INT8 in config:
        check_quantised(folder, config)
    exported = folder / ONNX_FILE
    # The checksum stands among the file's metadata as it is; no parser is needed to look for it.
    if exported.is_file() and config["sha256"].encode() not in exported.read_bytes():
        raise InputError(
            f"{exported} was made of other weights than those beside it; write it anew: "
            f"python -m training export --model {name}."
        )


def publish(folder: Path, name: str, *, namespace: str, private: bool = False) -> Published:
    """Upload a weights folder as ``NAMESPACE/gliolens-NAME``, with the token of the environment.

    Files of an earlier upload that the folder no longer holds leave the newest commit: beside new
    weights they would pass for theirs. What else is in the repository stays.

    The Hub allows the underscores of a name, so the repository carries it as it is.

    Args:
        folder: With ``config.json``, ``model.safetensors``, ``README.md`` and, where they are
            there, the int8 form, ``model.onnx``, the logs and the pictures of the card.
        name: The model's name in the registry.
        namespace: A user or an organisation on the Hub.
        private: Whether only they may see it.

    Raises:
        InputError: without a token, a network or a card, with a card or an ONNX file of other
            weights, or if the Hub refuses.
        WeightsError: if the folder does not hold the verified weights of ``name``.
    """
    check_folder(folder, name)
    repository = f"{namespace}/gliolens-{name}"
    try:
        return _upload(folder, name, repository, private=private)
    except InputError:
        raise
    except Exception as error:  # whatever the client raises, the user gets one sentence
        raise InputError(_refusal(error, repository)) from error


def _upload(folder: Path, name: str, repository: str, *, private: bool) -> Published:
    from huggingface_hub import HfApi, get_token

    api = HfApi(library_name="gliolens")
    if not get_token():
        raise InputError(
            "There is no token for the Hub: set HF_TOKEN to one that may write, "
            "or log in with `hf auth login`."
        )
    url = api.create_repo(repository, private=private or None, exist_ok=True)
    if private and not api.model_info(repository).private:
        raise InputError(f"{repository} is there already and is public; nothing was uploaded.")
    commit = api.upload_folder(
        repo_id=repository,
        folder_path=folder,
        allow_patterns=list(PUBLISHED),
        delete_patterns=[file for file in PUBLISHED if not (folder / file).is_file()],
        commit_message=f"Weights of {name}",
    )
    return Published(name, HubPin(repository, commit.oid), str(url))


def _refusal(error: BaseException, repository: str) -> str:
    import httpx2  # what the client speaks with; its errors pass through
    from huggingface_hub import errors

    match error:
        case errors.OfflineModeIsEnabled():
            return "This machine is set to work offline; unset HF_HUB_OFFLINE to publish."
        case UnicodeEncodeError():
            return "The token holds a character that none has; copy it into HF_TOKEN anew."
        case errors.HFValidationError():
            return f"{repository!r} is no name for a repository: {error}"
        case errors.HfHubHTTPError() if error.response.status_code in (401, 403):
            return f"The Hub does not let this token write to {repository}: {_first_line(error)}"
        case errors.HfHubHTTPError():
            return f"The Hub refused {repository}: {_first_line(error)}"
        case httpx2.TransportError():
            return "The Hub cannot be reached; publishing needs the network."
    return f"Publishing {repository} failed: {_first_line(error)}"


def _first_line(error: BaseException) -> str:
    text = getattr(error, "server_message", None) or str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)


def how_to_use(published: list[Published]) -> str:
    """What to write, and where, so that the app and the command line load these weights."""
    pins = {item.name: f"{item.pin.repository}@{item.pin.revision}" for item in published}
    return "\n".join(
        [
            "To use them, set in the environment",
            *(f"{environment_variable(name)}={pin}" for name, pin in pins.items()),
            "or, for the app, write into .streamlit/secrets.toml",
            "[hub]",
            *(f'{name} = "{pin}"' for name, pin in pins.items()),
            "or, for everybody, into model_zoo/registry.toml",
            *(f'[{name}]\nhub = "{pin}"' for name, pin in pins.items()),
        ]
    )
