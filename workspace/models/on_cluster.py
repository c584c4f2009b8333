"""The networks on a cluster of Ray: actors that hold the models, for all servers of the app."""

import logging
import pickle
import threading
import time
import uuid
import weakref
from collections import Counter
from typing import Any, Final

from common.cluster import cores_of_worker, join_cluster, workers_in
from common.errors import InputError
from model_zoo.weights.folder import AUTO
from workspace.models.hub_secrets import hub_secret
from workspace.models.model_keeper import ASIDE, GROUPS, ModelKeeper
from workspace.models.networks import CLUSTER, Found, Given, Report, Work

_NAME: Final = "networks-{}"
_LOOK_EVERY_S: Final = 0.2
# An actor whose process or machine has died does not answer in this time, and others do.
_SIGN_OF_LIFE_S: Final = 5.0
# So long a visitor waits for a machine to come back before being told that there is none.
_PATIENCE_S: Final = 300.0
# What has taken so many actors with it is not asked of another.
_MOST_LOST: Final = 4

_log: Final = logging.getLogger(__name__)


class OnCluster:
    """Asks whichever actor has the least to do; what dies with an actor is asked of another.

    Args:
        ray: The module, which has joined a cluster.
        patience_s: How long to wait where no machine is there at all.
    """

    def __init__(self, ray: Any, *, patience_s: float = _PATIENCE_S) -> None:
        self._ray, self._patience_s = ray, patience_s
        self._actors: list[Any] = []
        self._asked: Counter[int] = Counter()
        self._choosing = threading.Lock()
        self._sent: dict[int, Any] = {}
        self._precisions: dict[str, str] = {}
        self._grow()

    @classmethod
    def joined(cls, address: str) -> "OnCluster":
        """That of a cluster, see :func:`common.cluster.join_cluster`.

        Raises:
            InputError: where no cluster can be joined.
        """
        return cls(join_cluster(address, wanted_by=CLUSTER))

    @property
    def places(self) -> int:
        """An actor for two cores."""
        return len(self._actors)

    def warm(self, name: str) -> None:
        """Have all actors load a model, without waiting for it."""
        for actor in self._actors:
            actor.warm.remote((name, AUTO, hub_secret(name)))

    def ask(self, name: str, work: "Work[Given, Found]", given: Given, report: Report) -> Found:
        """See :meth:`workspace.models.networks.Networks.ask`.

        Raises:
            InputError: where no machine has been there for some minutes, or the question has ended
                the process of every actor that was given it.
        """
        for _ in range(_MOST_LOST):
            number = self._free_actor(report)
            try:
                found = self._answer(self._actors[number], name, work, given, report)
                return pickle.loads(found)
            except self._lost:
                _log.warning("An actor was lost while it answered; another is asked.")
            finally:
                self._asked[number] -= 1
        raise InputError(
            f"{_MOST_LOST} processes of the cluster ended over this scan; they need more memory."
        )

    def processes(self) -> list[int]:
        """The numbers of the actors' processes, each on its machine."""
        return [self._ray.get(each.process.options(**_BESIDE).remote()) for each in self._actors]

    @property
    def _lost(self) -> tuple[type[Exception], ...]:
        errors = self._ray.exceptions
        return (errors.RayActorError, errors.ObjectLostError)

    def _answer(self, actor: Any, name: str, work: Any, given: Any, report: Report) -> bytes:
        ray, token = self._ray, uuid.uuid4().hex
        weights_of = name, self._precision(actor, name), hub_secret(name)
        asked = actor.ask.remote(token, weights_of, work, self._reference(given))
        try:
            while not ray.wait([asked], timeout=_LOOK_EVERY_S)[0]:
                report(self._share(actor, token))
            return ray.get(asked)
        except ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except self._lost:
            raise
        except BaseException:  # nobody wants it any more
            actor.leave.options(**_BESIDE).remote(token)
            raise

    def _precision(self, actor: Any, name: str) -> str:
        """What the first actor that was asked chose is what all use, so that all answer alike."""
        if name not in self._precisions:
            asked = actor.warm.remote((name, AUTO, hub_secret(name)))
            try:
                self._precisions.setdefault(name, self._ray.get(asked))
            except self._ray.exceptions.RayTaskError as error:
                raise error.cause from None
        return self._precisions[name]

    def _reference(self, given: Any) -> Any:
        """What is asked about, in the cluster; there as long as somebody here holds it."""
        key = id(given)
        if key not in self._sent:
            self._sent[key] = self._ray.put(given)
            weakref.finalize(given, self._sent.pop, key, None)
        return self._sent[key]

    def _share(self, actor: Any, token: str) -> float:
        """How much is done; 0 where nobody says so in time, as on a machine that is very busy."""
        asked = actor.state.options(**_BESIDE).remote(token)
        if not self._ray.wait([asked], timeout=_SIGN_OF_LIFE_S)[0]:
            return 0.0
        return self._ray.get(asked)[1]

    def _free_actor(self, report: Report) -> int:
        """The number of the actor with the least to do, as soon as there is one."""
        until = time.monotonic() + self._patience_s
        while time.monotonic() < until:
            with self._choosing:
                self._grow()
                if load := self._loads():
                    number = min(load, key=lambda each: load[each])
                    self._asked[number] += 1
                    return number
            report(0.0)
        raise InputError("No machine of the cluster answers; try again later.")

    def _loads(self) -> dict[int, int]:
        """By actor that is there, what it has to do: as it says, and as this server has asked."""
        ray = self._ray
        asked = {each.state.options(**_BESIDE).remote(""): n for n, each in enumerate(self._actors)}
        answered, _ = ray.wait(list(asked), num_returns=len(asked), timeout=_LOOK_EVERY_S)
        if not answered:
            answered, _ = ray.wait(list(asked), timeout=_SIGN_OF_LIFE_S)
        found = {}
        for each in answered:
            try:
                found[asked[each]] = max(ray.get(each)[0], self._asked[asked[each]])
            except self._lost:
                continue
        return found

    def _grow(self) -> None:
        """Have an actor for every two cores there are, those of other servers among them."""
        for number in range(len(self._actors), workers_in(self._ray)):
            actor = self._ray.remote(concurrency_groups=GROUPS)(ModelKeeper).options(
                name=_NAME.format(number),
                get_if_exists=True,
                lifetime="detached",
                num_cpus=cores_of_worker(self._ray),
                max_restarts=-1,
            )
            self._actors.append(actor.remote())


_BESIDE: Final = {"concurrency_group": ASIDE}
