"""What went wrong with the Hub, in words; imports its client only when something did."""

from model_zoo.errors import WeightsError
from model_zoo.weights.deadline import GaveUpError
from model_zoo.weights.hub_pin import HubPin


class HubError(WeightsError):
    """Why the Hub gave no weights, as the end of a sentence whose subject is the Hub."""


def reason(error: BaseException, pin: HubPin) -> str:
    """What the client raised, as the end of a sentence whose subject is the Hub."""
    import httpx2  # what the client speaks with; its errors pass through
    from huggingface_hub import errors

    cause = error.__cause__ if isinstance(error, errors.LocalEntryNotFoundError) else error
    match cause:
        case GaveUpError():
            return f"it did not answer within {cause.seconds:g} seconds"
        case httpx2.TimeoutException():
            return "it did not answer in time"
        case UnicodeEncodeError():
            return "the token for it holds a character that none has (copy it into HF_TOKEN anew)"
        case errors.RepositoryNotFoundError():
            return (
                f"it shows no repository {pin.repository} to this machine "
                "(a private one needs a token in HF_TOKEN)"
            )
        case errors.RevisionNotFoundError():
            return f"{pin.repository} has no such revision"
        case errors.HfHubHTTPError():
            return f"it answered with error {cause.response.status_code}"
        case httpx2.TransportError():
            return "it cannot be reached"
        case OSError():
            return f"the download failed ({cause.strerror or 'incomplete'})"
    return f"its answer is not that of a Hub ({type(cause).__name__})"


def is_silence(error: BaseException) -> bool:
    """Whether somebody waited in vain, and would again."""
    import httpx2

    return isinstance(error, GaveUpError | httpx2.TimeoutException)
