"""How far a study has come, as the events of its journal tell."""

import datetime
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

Stage: TypeAlias = Literal["coming", "waiting", "answering", "answered", "done", "failed"]
Event: TypeAlias = dict[str, Any]

RECEIVED: Final = "received"
COMPLETE: Final = "complete"
STARTED: Final = "started"
INTERRUPTED: Final = "interrupted"
ANSWERED: Final = "answered"
SENT: Final = "sent"
REFUSED: Final = "refused"
DONE: Final = "done"
FAILED: Final = "failed"

_STAGES: Final[dict[str, Stage]] = {
    COMPLETE: "waiting",
    STARTED: "answering",
    INTERRUPTED: "waiting",
}
_BEING_ANSWERED: Final = ("answering", "answered")
FINISHED: Final = ("done", "failed")


@dataclass(frozen=True)
class Progress:
    """How far one study has come.

    Args:
        stage: What is to be done with it next.
        since: When it began to come; the oldest is answered first.
        last: When something last happened to it.
        attempts: How often answering it was begun since it came, without an orderly end.
        more: Whether images have come since it is being answered, so that it is answered again.
        files: The answers, as paths inside the folder of its results, in the order of sending.
        sent: (destination, SOPInstanceUID) of every answer that was ever sent there.
        refused: The same of every answer that was refused since the study came.
    """

    stage: Stage
    since: datetime.datetime
    last: datetime.datetime
    attempts: int = 0
    more: bool = False
    files: tuple[str, ...] = ()
    sent: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)
    refused: frozenset[tuple[str, str]] = field(default=frozenset(), repr=False)


def after(progress: Progress | None, event: Event) -> Progress:
    """How far a study has come after an event.

    Args:
        progress: Before it; None for a study that was unknown.
        event: ``{"event", "time", …}``; an event of a kind that is unknown changes nothing.
    """
    when = datetime.datetime.fromisoformat(event["time"])
    before = progress or Progress("coming", when, when)
    kind = event["event"]
    now = replace(before, last=when)
    if kind == RECEIVED:
        return _received(now)
    if kind == SENT:
        return replace(now, sent=now.sent | {(event["to"], event["object"])})
    if kind == REFUSED:
        return replace(now, refused=now.refused | {(event["to"], event["object"])})
    if kind == ANSWERED:
        return replace(now, stage="answered", files=tuple(event["files"]))
    if kind in FINISHED:
        stage: Stage = "coming" if now.more else kind
        return replace(now, stage=stage, attempts=0, more=False)
    if kind not in _STAGES:
        return now
    # A process that was killed ended an attempt without a word; one that was stopped says so.
    attempts = now.attempts + {STARTED: 1, INTERRUPTED: -1}.get(kind, 0)
    return replace(now, stage=_STAGES[kind], attempts=max(attempts, 0))


def _received(before: Progress) -> Progress:
    if before.stage in _BEING_ANSWERED:
        return replace(before, more=True)
    since = before.last if before.stage in FINISHED else before.since
    return replace(before, stage="coming", since=since, attempts=0, refused=frozenset())
