"""What reading ahead and writing behind gain over many cases: ``python -m benchmarks cohort``.

The same cases are done overlapped and in turn, each run in a process of its own, alternating, so
that what else this machine does falls on both alike.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

OVERLAPPED: Final = "overlapped"
IN_TURN: Final = "in turn"
_CHILD: Final = "import sys; from benchmarks.scale.cohort import run_timed; run_timed(sys.argv[1:])"


def measure_cohort(cases: Sequence[Path], model: str, *, rounds: int) -> dict[str, Any]:
    """Seconds and peak memory of both ways over the same cases.

    Args:
        cases: Two or more.
        model: A name of the registry, or ``all``.
        rounds: How often each way is run.

    Returns:
        By way the ``seconds`` of each run, without loading, and ``peak_rss_mb``; ``ratio`` is the
        median over the rounds of in turn to overlapped.
    """
    found: dict[str, list[dict[str, float]]] = {OVERLAPPED: [], IN_TURN: []}
    for number in range(rounds):
        ways = (OVERLAPPED, IN_TURN) if number % 2 == 0 else (IN_TURN, OVERLAPPED)
        for way in ways:
            found[way].append(_run(way, cases, model))
    pairs = zip(found[IN_TURN], found[OVERLAPPED], strict=True)
    return {
        "cases": len(cases),
        "model": model,
        **{
            way: {
                "seconds": [each["seconds"] for each in runs],
                "peak_rss_mb": max(each["peak_rss_mb"] for each in runs),
            }
            for way, runs in found.items()
        },
        "ratio": statistics.median(turn["seconds"] / over["seconds"] for turn, over in pairs),
    }


def in_turn(
    items: Iterable[Any],
    read: Callable[[Any], Any],
    work: Callable[[Any, Any], Any],
    write: Callable[[Any, Any], None],
) -> None:
    """As :func:`inference.cli.cohort.overlap.overlapped`, one step after the other."""
    for item in items:
        write(item, work(item, read(item)))


def run_timed(arguments: Sequence[str]) -> None:
    """Run the command one way, and print what it took as the last line."""
    from inference.__main__ import main
    from inference.cli import run
    from inference.cli.cohort.overlap import overlapped

    way, *given = arguments
    steps: Callable[..., None] = overlapped if way == OVERLAPPED else in_turn
    seconds = []

    def timed(*of_run: Any) -> None:
        start = time.perf_counter()
        steps(*of_run)
        seconds.append(time.perf_counter() - start)

    with patch.object(run, "overlapped", timed):
        code = main(given)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": sum(seconds), "peak_rss_mb": peak}))
    sys.exit(code)


def _run(way: str, cases: Sequence[Path], model: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-c", _CHILD, way, *map(str, cases)]
        command += ["--model", model, "--output", output]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])
