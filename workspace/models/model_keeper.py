"""A process on a machine of the cluster that keeps the models and answers what is asked of them."""

import os
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from common.memory import keep_heap_small
from common.slow_imports import import_nibabel
from model_zoo.weights.provenance import Provenance

if TYPE_CHECKING:
    from model_zoo.weights.loading import Network

# What is asked beside the work itself, and how many at once: answered while the work goes on.
ASIDE: Final = "aside"
GROUPS: Final = {ASIDE: 2}


class UnwantedError(Exception):
    """Whoever asked does not wait any more."""


class ModelKeeper:
    """Answers one question at a time; its methods are called by way of Ray."""

    def __init__(self) -> None:
        keep_heap_small()
        import_nibabel()
        self._models: dict[tuple[str, str], tuple[Network, Provenance]] = {}
        self._shares: dict[str, float] = {}
        self._unwanted: set[str] = set()

    def ask(
        self,
        token: str,
        weights_of: tuple[str, str, str | None],
        work: Callable[..., Any],
        given: Any,
    ) -> bytes:
        """Do something with a model, see :meth:`workspace.models.networks.Networks.ask`.

        Args:
            token: Of this question.
            weights_of: Name of the model, its precision, and where the secrets say it is.
            work: What to do.
            given: What to do it with.

        Returns:
            What was found, pickled: as objects of Ray its arrays would be read-only, and stay in
            the memory that all processes share.

        Raises:
            UnwantedError: if nobody waits for it any more.
        """

        def report(share: float) -> None:
            self._shares[token] = share
            if token in self._unwanted:
                raise UnwantedError

        try:
            report(0.0)
            model, origin = self._model(*weights_of)
            found = work(model, origin, given, report)
            model.rest()
            return pickle.dumps(found, protocol=pickle.HIGHEST_PROTOCOL)
        finally:
            self._shares.pop(token, None)
            self._unwanted.discard(token)

    def warm(self, weights_of: tuple[str, str, str | None]) -> str:
        """Load a model; returns the precision that was loaded."""
        return self._model(*weights_of)[1].precision

    def state(self, token: str) -> tuple[int, float]:
        """How many questions it answers now, and the share done of one of them."""
        return len(self._shares), self._shares.get(token, 0.0)

    def leave(self, token: str) -> None:
        """Let a question go at its next report, or before it has begun."""
        self._unwanted.add(token)

    def process(self) -> int:
        """The number of its process."""
        return os.getpid()

    def _model(self, name: str, precision: str, secret: str | None) -> "tuple[Network, Provenance]":
        from inference.network.engine import ready_for_inference
        from model_zoo.weights.loading import load_model

        if (name, precision) not in self._models:
            model, origin = load_model(name, secret=secret, precision=precision)
            loaded = ready_for_inference(model), origin
            # Whoever asked for any precision asks for the one that was found from then on.
            self._models[name, precision] = self._models[name, origin.precision] = loaded
        return self._models[name, precision]
