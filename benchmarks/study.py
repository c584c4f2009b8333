"""Time and memory of each step from a study to its labels: ``python -m benchmarks study``.

The steps are those of ``python -m inference STUDY``, one after the other in a process of its own.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from model_zoo.registry import ALL_MODELS
from training.results import machine, markdown_table

STEPS: Final = {
    "files": "headers of all files, pixels of four series",
    "mask": "brain mask of each image",
    "align": "alignment and position",
    "read": "vote of the masks, reading at 1 mm, check by the picture",
    **{f"network {name}": f"loading and answer of {name}" for name in ALL_MODELS},
    "consensus": "consensus",
    "back": "four label maps on the T1c's grid",
}
_CHILD: Final = "import sys; from benchmarks.study import run_timed; run_timed(sys.argv[1])"
_MEGABYTE: Final = 1024


def measure_study(study: Path, *, repeats: int) -> dict[str, Any]:
    """Time every step of a study.

    Args:
        study: Folder with the DICOM files of a study.
        repeats: How many processes do it.

    Returns:
        By step the ``wall_s``, ``cpu_s`` and ``peak_mb`` of each run.
    """
    runs = [_run(study) for _ in range(repeats)]
    steps = {
        step: {of: [run[step][of] for run in runs] for of in ("wall_s", "cpu_s", "peak_mb")}
        for step in STEPS
    }
    return {"machine": machine(), "repeats": repeats, "steps": steps}


def format_study(results: dict[str, Any]) -> str:
    """A row a step: the medians of its runs, and the most memory."""
    rows = []
    for step, found in results["steps"].items():
        wall, cpu = (statistics.median(found[of]) for of in ("wall_s", "cpu_s"))
        rows.append([STEPS[step], f"{wall:.1f}", f"{cpu:.1f}", f"{max(found['peak_mb']):.0f}"])
    return markdown_table(["Step", "s", "CPU s", "Peak, MB"], rows)


def run_timed(study: str) -> None:
    """Do it once, and print what each step took as the last line."""
    print(json.dumps(steps_of(Path(study))))


def steps_of(study: Path) -> dict[str, dict[str, float]]:
    """Do it once, in this process."""
    from inference.network.engine import ready_for_inference, segment
    from inference.network.preprocess import prepare
    from inference.network.segmentation import consensus
    from inference.preparation.brain.brain_finder import brain_finder
    from inference.preparation.opened_case import PreparationOptions, prepared
    from inference.study.dicom_examination import read_dicom_examination
    from model_zoo.weights.loading import load_model

    laps = Laps()
    laps.begin("files")
    examination = read_dicom_examination([study])
    finding = PreparationOptions("always", find_brain=brain_finder, progress=laps.begin)
    opened = prepared(examination, finding)
    ready, found = prepare(opened.case), []
    for name in ALL_MODELS:
        laps.begin(f"network {name}")
        model = ready_for_inference(load_model(name)[0])
        found.append(segment(opened.case, model, name=name, prepared=ready))
        del model
    laps.begin("consensus")
    found.append(consensus(found))
    laps.begin("back")
    for each in found:
        opened.segmentation_of_file(each)
    laps.end()
    return laps.found


class Laps:
    """Seconds and memory by step."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}
        self._step: str | None = None

    def begin(self, step: str) -> None:
        """End the step before, and begin another."""
        self.end()
        self._step = step
        self._start = time.perf_counter(), time.process_time()
        _forget_peak()

    def end(self) -> None:
        """End the step."""
        if self._step is not None:
            wall, cpu = self._start
            self.found[self._step] = {
                "wall_s": round(time.perf_counter() - wall, 3),
                "cpu_s": round(time.process_time() - cpu, 3),
                "peak_mb": round(_peak_mb(), 1),
            }
        self._step = None


def _forget_peak() -> None:
    """Let the machine begin anew with the most memory that this process has held."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / _MEGABYTE


def _run(study: Path) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-c", _CHILD, str(study)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found
