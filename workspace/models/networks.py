"""Where the networks answer: in this process, or on the machines that ``GLIOLENS_RAY`` names.

Whoever asks them says what to do with a model, and does not know where that is done.
"""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from common.errors import InputError
from model_zoo.weights.provenance import Provenance
from workspace.models.loaded_models import loaded_model

if TYPE_CHECKING:
    from model_zoo.weights.loading import Network

CLUSTER: Final = "GLIOLENS_RAY"
Given = TypeVar("Given")
Found = TypeVar("Found")
Report = Callable[[float], None]
Work = Callable[["Network", Provenance, Given, Report], Found]


class Networks(Protocol):
    """What answers."""

    @property
    def places(self) -> int:
        """How many questions are answered at once on other machines; 0 where there are none."""

    def ask(self, name: str, work: "Work[Given, Found]", given: Given, report: Report) -> Found:
        """Have something done with a model, where it is.

        Args:
            name: Of the registry.
            work: A function of a module, or its ``functools.partial``: gets the model, where its
                weights came from, ``given``, and what to report through.
            given: What it is done with, which nobody changes; large things belong here, as they
                are sent once however often they are asked about.
            report: Is called here with the share done, from 0 to 1; what it raises ends the work.

        Raises:
            InputError: if the configuration of the Hub or of the cluster is wrong.
            WeightsError: if its weights are missing or damaged.
        """

    def warm(self, name: str) -> None:
        """Load a model before anybody asks for it."""


class InProcess:
    """One model after the other in this process: whoever asks sees to it that nobody else does."""

    places = 0

    def ask(self, name: str, work: "Work[Given, Found]", given: Given, report: Report) -> Found:
        """See :meth:`Networks.ask`."""
        model, weights = loaded_model(name)
        found = work(model, weights, given, report)
        # Or the memory of all is taken at once. They wake when the server has nothing to do.
        model.rest(for_long=True)
        return found

    def warm(self, name: str) -> None:
        """See :meth:`Networks.warm`."""
        loaded_model(name)


def are_elsewhere() -> bool:
    """Whether other machines answer."""
    return bool(os.environ.get(CLUSTER))


def places_elsewhere() -> int:
    """How many questions other machines answer at once; 0 where they cannot be reached."""
    try:
        return networks().places
    except InputError:  # whoever asks is told
        return 0


def networks() -> Networks:
    """What answers for this server.

    Raises:
        InputError: where no cluster can be joined at the address in ``GLIOLENS_RAY``.
    """
    address = os.environ.get(CLUSTER, "")
    with _joining:
        if address not in _joined:
            _joined[address] = _at(address)
        return _joined[address]


def _at(address: str) -> Networks:
    if not address:
        return InProcess()
    from workspace.models.on_cluster import OnCluster  # here: Ray is an optional package

    return OnCluster.joined(address)


_joining: Final = threading.Lock()
_joined: Final[dict[str, Networks]] = {}
