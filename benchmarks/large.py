"""The largest images that are read: how long the command line and the app take, and their memory.

``python -m benchmarks large`` generates the case (:mod:`synthetic.large`) unless one is given.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from benchmarks.app import (
    MEGABYTE,
    SIZE,
    VOLUME,
    highest_memory,
    server_process,
    wait_until_idle,
)
from benchmarks.browser import ROOT, drop_files, run_browser, start_server
from common.errors import InputError
from model_zoo.registry import ALL_MODELS, contract
from workspace.jobs.quick_look import QUICK_MODEL

_CHILD: Final = "import sys; from benchmarks.run_measured import main; main(sys.argv[1:])"
# A browser sends half a gigabyte, and a busy machine reads it in this time.
LARGE_PATIENCE_MS: Final = 900_000


@contextmanager
def large_case(given: Path | None, *, side: int, seed: int = 0) -> Iterator[Path]:
    """The folder of a case: the one that is given, else one generated for as long as it is used.

    Args:
        given: A folder of one case, or None.
        side: Voxels along each axis of what is generated.
        seed: Of what is generated.
    """
    if given is not None:
        yield given
        return
    from synthetic.large import write_large_case  # here: what is measured does without

    with tempfile.TemporaryDirectory(prefix="gliolens-large-") as folder:
        write_large_case(Path(folder) / "large", side=side, seed=seed)
        yield Path(folder) / "large"


def measure_large(
    case: Path | None, model: str, *, side: int = 512, with_app: bool = False
) -> dict[str, Any]:
    """Measure the command line, and the app if that is wanted, on a large case.

    Args:
        case: A folder of one case; None to have one generated.
        model: A name of the registry, or ``all``; of the command line.
        side: Voxels along each axis of what is generated.
        with_app: Whether it is dropped in the app, too.

    Returns:
        ``{"machine", "megabytes", "command": as of :func:`measure_command`, "app": as of
        :func:`measure_app` or None}``; the megabytes of each file, by its name.
    """
    from training.results import machine

    with large_case(case, side=side) as folder:
        files = sorted(file for file in folder.iterdir() if file.is_file())
        return {
            "machine": machine(),
            "megabytes": {file.name: round(file.stat().st_size / 1e6, 1) for file in files},
            "command": measure_command(folder, model),
            "app": measure_app(folder) if with_app else None,
        }


def format_large(results: dict[str, Any]) -> str:
    """The figures of :func:`measure_large` in lines to be read."""
    command, app = results["command"], results["app"]
    sizes = results["megabytes"].values()
    lines = [
        f"{results['machine']}, {len(sizes)} files of {min(sizes):g} to {max(sizes):g} MB",
        f"  command line {command['seconds']:.0f} s, peak {command['peak_rss_mb']} MB",
    ]
    for name, dice in command["dice"].items():
        lines.append(f"  {name:<12} {_regions(dice) if dice else 'no truth'}")
    if app:
        seconds, memory = app["seconds"], app["rss_mb"]
        lines += [
            f"  app: on the desk after {seconds['looked_at']:.0f} s; after Open "
            f"{seconds['first_overlay']:.0f} s to the first overlay, {seconds['all_models']:.0f} s "
            "to all",
            f"  server: {memory['warm']} MB with the models, {memory['looked_at']} with the files "
            f"on the desk (at most {memory['looked_at_peak']}), {memory['case']} with the case, "
            f"peak {memory['peak']}",
        ]
    return "\n".join(lines)


def consensus_dice(command: dict[str, Any]) -> str:
    """Dice of the consensus, of what :func:`measure_command` gave."""
    return _regions(command["dice"]["consensus"])


def _regions(values: dict[str, float]) -> str:
    return ", ".join(f"{region.upper()} {value:.3f}" for region, value in values.items())


def measure_command(case: Path, model: str) -> dict[str, Any]:
    """What ``python -m inference`` takes for a case, in a process of its own.

    Args:
        case: As the command line takes it.
        model: A name of the registry, or ``all``.

    Returns:
        ``{"seconds", "peak_rss_mb", "volume_ml": {MODEL: {REGION: ml}}, "dice":
        {MODEL: {REGION: Dice} or None}}``. The seconds are from the start of the process to its
        end.

    Raises:
        InputError: where the command failed, with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="gliolens-large-") as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-c", _CHILD, str(case), "--model", model]
        command += ["--output", str(Path(folder) / "out"), "--json", str(file)]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        if done.returncode:
            raise InputError(done.stderr.strip() or f"ended with {done.returncode}")
        models = json.loads(file.read_text())["models"]
    return {
        "seconds": round(seconds, 1),
        **json.loads(done.stdout.splitlines()[-1]),
        "volume_ml": {name: found["volume_ml"] for name, found in models.items()},
        "dice": {name: found["dice"] for name, found in models.items()},
    }


def measure_app(case: Path) -> dict[str, Any]:
    """What the files of a case take when they are dropped in the app, on a server of its own.

    Args:
        case: The folder of one case.

    Returns:
        ``{"seconds": {"looked_at", "first_overlay", "all_models"}, "rss_mb": {"warm", "looked_at",
        "looked_at_peak", "case", "peak"}}``: the seconds from the drop until the files lie on the
        desk, and from Open until the overlays; the memory of the server with the models loaded,
        with the files on the desk and at most until then, when nothing is left to do, and at most.
    """
    with run_browser() as browser, start_server(ROOT / "app.py") as address:
        page = browser.new_page(viewport=SIZE, base_url=address)
        page.set_default_timeout(LARGE_PATIENCE_MS)
        page.goto("/")
        page.get_by_role("button", name="Open the sample", exact=True).wait_for()
        server = server_process(address)
        wait_until_idle(server)
        memory = {"warm": server.memory_info().rss}
        with highest_memory(server) as highest:
            seconds = {"looked_at": _lay_on_desk(page, case)}
            wait_until_idle(server)
            memory["looked_at"], memory["looked_at_peak"] = server.memory_info().rss, highest()
            seconds |= _open(page)
            wait_until_idle(server)
            memory |= {"case": server.memory_info().rss, "peak": highest()}
        page.close()
    return {
        "seconds": {what: round(value, 1) for what, value in seconds.items()},
        "rss_mb": {when: round(value / MEGABYTE) for when, value in memory.items()},
    }


def _lay_on_desk(page: Page, case: Path) -> float:
    start = time.perf_counter()
    drop_files(page, *sorted(file for file in case.iterdir() if file.is_file()))
    opens = page.get_by_role("button", name="Open these files")
    expect(opens).to_be_enabled(timeout=LARGE_PATIENCE_MS)
    return time.perf_counter() - start


def _open(page: Page) -> dict[str, float]:
    start = time.perf_counter()
    page.get_by_role("button", name="Open these files").click()
    page.get_by_text(contract(QUICK_MODEL).title).first.wait_for()
    first = time.perf_counter() - start
    captions = page.locator("figcaption").filter(has_text=VOLUME)
    captions.nth(len(ALL_MODELS) - 1).wait_for()
    return {"first_overlay": first, "all_models": time.perf_counter() - start}
