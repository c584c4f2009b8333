"""``python -m inference listen``: the listener with the networks behind it."""

import argparse
import datetime
import json
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from inference.cli.answering import Answered, answer_source, models_of
from inference.cli.console import say
from inference.cli.options import make_parser
from inference.io.whole_file import write_whole
from inference.pacs.answering import Answer
from inference.pacs.inbox import Limits
from inference.pacs.listener import Settings, Voices, listen
from inference.pacs.progress import Event
from inference.pacs.sending.destination import destination
from inference.pacs.server import Node
from inference.study.sources import DicomFiles

# What the log says of an event, in this order.
_SHOWN: Final = ("sender", "objects", "bytes", "object", "to", "sentence")


def run_listener(options: argparse.Namespace, stop: threading.Event | None = None) -> None:
    """Listen until the process is told to end (SIGTERM, SIGINT), or ``stop`` is set.

    Args:
        options: Of :func:`inference.cli.listen_options.make_listen_parser`.
        stop: Ends it; the signals are left alone then.

    Raises:
        InputError: where an option, the port or the folder is no good.
        WeightsError: if weights are missing.
    """
    there = destination(options.send_to, title=options.aet) if options.send_to else None
    settings = _settings(options)
    for _ in models_of(options)():  # weights that are missing are told now, not at night
        pass
    voices = Voices(_say_event, say, ready=lambda: say(_greeting(options)))
    listen(settings, answer_with_networks(options), there, stop or _at_the_end(), voices)


def answer_with_networks(options: argparse.Namespace) -> Answer:
    """What answers a study as ``python -m inference STUDY`` does.

    Args:
        options: Those of the listener; what it has no option for is as by default.
    """
    defaults = vars(make_parser().parse_args([]))

    def answer(images: Path, folder: Path) -> Sequence[Path]:
        chosen = {**defaults, **vars(options), "output": folder, "study": images.name}
        whole = argparse.Namespace(**chosen)
        found: Answered = answer_source(DicomFiles((images,)), whole, models_of(whole))
        text = json.dumps(found.report, indent=2) + "\n"
        write_whole(folder / "report.json", lambda file: file.write_text(text, encoding="utf-8"))
        return found.objects

    return answer


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        node=Node(options.aet, options.port, options.host, options.accept),
        output=options.output,
        quiet_seconds=options.quiet,
        keep=datetime.timedelta(days=options.keep),
        limits=Limits(inbox_bytes=int(options.max_inbox * 1e9), studies=options.max_studies),
    )


def _at_the_end() -> threading.Event:
    """Set when the process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _greeting(options: argparse.Namespace) -> str:
    who = ", ".join(options.accept) or "anyone"
    return f"{options.aet} listens on port {options.port} to {who}."


def _say_event(event: Event) -> None:
    facts = " ".join(str(event[name]) for name in _SHOWN if name in event)
    say(f"{event['time']} {event['study']} {event['event']} {facts}".rstrip())
