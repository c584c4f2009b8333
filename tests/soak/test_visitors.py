"""Many visitors at once, and one after the other, on one server: ``make soak``.

Each gets his own right answer, nothing of one reaches another, and memory stays as it is. What was
seen stands in docs/visitors.md.
"""

import os
import re
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.app import server_process
from benchmarks.browser import PATIENCE_MS, browser_launcher, drop_files, free_port, start_server
from benchmarks.scale.growth import WARM_CASES, flatness
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from model_zoo.registry import ALL_MODELS
from synthetic import make_case, write_case
from tests.conftest import ROOT, SMALL
from tests.soak.figures import keep
from tests.support.line import Line
from tests.support.onlooker import onlookers
from viewer import scan_payload
from viewer.parcel import unpack

pytestmark = [
    pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak"),
    pytest.mark.slow,
]

BROWSERS = 10
ONLOOKERS = 50
LOOKED_AT = ("", "models", "benchmark", "about")
RELOADS = 20
LOST_SECONDS = 60
SLOW_BYTES = 2_000
# A page that is drawn anew at the moment of a click takes its link away.
CLICKS = 3
# As the networks and the browser have it, of the size of the sample.
SCAN_MB = 40
CASES = 200
FLAT = 0.05
SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"
ANSWERED = re.compile(r"WT\s*(\.\d\d|1\.00)")
IN_LINE = re.compile(r"(\d+)(st|nd|rd|th) in line(, about \d+ (s|min))?")
SESSION = re.compile(rb"/_stcore/upload_file/([0-9a-f-]{36})/")
MEGABYTE = 2**20


@dataclass(frozen=True)
class Server:
    """The app, and where it says what it does."""

    address: str
    metrics: str

    def figure(self, name: str) -> float:
        with urllib.request.urlopen(self.metrics, timeout=60) as answer:
            text = answer.read().decode()
        found = re.search(rf"^gliolens_{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0

    @property
    def memory(self) -> float:
        """Megabytes."""
        return self.figure("memory_bytes") / MEGABYTE

    def answers(self) -> float:
        """How many answers of models there were."""
        return sum(self.figure(f'events_total{{event="done",model="{m}"}}') for m in ALL_MODELS)


@pytest.fixture(scope="module")
def server():
    metrics = f"127.0.0.1:{free_port()}"
    with start_server(ROOT / "app.py", env={"GLIOLENS_METRICS": metrics}) as address:
        with onlookers(address, 1, ("",)):  # the first visit has metrics served
            pass
        yield Server(address, f"http://{metrics}/metrics")


@pytest.fixture(scope="module")
def browsers():
    """Gives the browser of a number, started when it is asked for first."""
    with browser_launcher() as launch:
        running: dict[int, Browser] = {}
        yield lambda number: running.get(number) or running.setdefault(number, launch())


@dataclass
class Visitor:
    """One with a browser, a line and a case of their own."""

    case: Path
    line: Line
    page: Page
    marks: set[bytes] = field(default_factory=set)

    @property
    def files(self) -> list[Path]:
        return sorted(self.case.iterdir())


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """A folder with ten cases, whose names can be told from all else."""
    folder = tmp_path_factory.mktemp("cases")
    for seed in range(BROWSERS):
        write_case(make_case(shape=SMALL, seed=100 + seed), folder / f"Kq{seed}wZ{7 * seed + 3}Xv")
    return folder


@pytest.fixture(scope="module")
def right(cases, tmp_path_factory):
    """By case and model, the label map that the command line writes."""
    out = tmp_path_factory.mktemp("right")
    command = [sys.executable, "-m", "inference", str(cases), "--model", "all"]
    subprocess.run([*command, "--output", str(out)], cwd=ROOT, check=True, capture_output=True)
    return {
        case.name: {file.name: file.read_bytes() for file in (out / case.name).glob("*.nii.gz")}
        for case in cases.iterdir()
    }


@pytest.fixture
def come(server, browsers):
    """A new visitor with one of the browsers."""
    with ExitStack() as stack:

        def one(number: int, case: Path) -> Visitor:
            line = stack.enter_context(Line(server.address).running())
            context = stack.enter_context(
                browsers(number).new_context(
                    base_url=line.address, viewport={"width": 1440, "height": 900}
                )
            )
            context.set_default_timeout(PATIENCE_MS)
            return Visitor(case, line, context.new_page())

        yield one


def until(holds: Callable[[], bool], seconds: float = PATIENCE_MS / 1000) -> float:
    """Wait until something holds; the seconds that it took."""
    start = time.monotonic()
    while not holds():
        assert time.monotonic() < start + seconds, "it did not come to hold"
        time.sleep(0.2)
    return time.monotonic() - start


def drop(visitor: Visitor) -> None:
    visitor.page.goto("/")
    drop_files(visitor.page, *visitor.files)


def open_dropped(*pages: Page) -> None:
    """Several open theirs at the same moment."""
    buttons = [page.get_by_role("button", name="Open these files") for page in pages]
    for button in buttons:
        expect(button).to_be_enabled(timeout=PATIENCE_MS)
    for button in buttons:
        button.click()
    for page in pages:
        page.wait_for_url("**/compare*")


def answered(page: Page) -> None:
    """Until every model has its Dice under its panel."""
    captions = page.locator("figcaption").filter(has_text=ANSWERED)
    captions.nth(len(ALL_MODELS) - 1).wait_for()


def all_answered(server: Server, visitors: list[Visitor]) -> None:
    """Until every page has the Dice of every model, for as long as the server gets on.

    Whoever is last in line waits for the answers of all.
    """
    pages = [visitor.page.locator("figcaption").filter(has_text=ANSWERED) for visitor in visitors]
    before, since = None, time.monotonic()
    while min(shown := [page.count() for page in pages]) < len(ALL_MODELS):
        now = (shown, server.answers())
        if now != before:
            before, since = now, time.monotonic()
        assert time.monotonic() < since + PATIENCE_MS / 1000, f"Dice by page and answers: {now}"
        time.sleep(1)


def ask_for_files(page: Page) -> None:
    page.get_by_role("link", name="Report", exact=True).click()
    make = page.get_by_role("button", name="Make the files")
    make.wait_for()
    expect(page.get_by_role("progressbar")).to_have_count(0)  # of the consensus, which comes last
    make.click()


def exported(visitor: Visitor, folder: Path) -> dict[str, bytes]:
    """As the command line names them, the label maps in the zip that the Report page offers."""
    place = folder / "export.zip"
    button = visitor.page.get_by_role("button", name="Everything as one zip")
    for _ in range(CLICKS):
        button.wait_for()
        visitor.page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        with visitor.page.expect_download() as coming:
            button.click()
        failure = coming.value.failure()
        if failure is None:
            break
        print(f"\nThe download of {visitor.case.name} failed: {failure}", flush=True)
    coming.value.save_as(place)
    with zipfile.ZipFile(place) as archive:
        maps = [name for name in archive.namelist() if "/labels/" in name]
        stem = f"{visitor.case.name}_"
        return {Path(name).name.removeprefix(stem): archive.read(name) for name in maps}


def marks_of(visitor: Visitor) -> set[bytes]:
    """What only this visitor's traffic may hold: names, session, pieces of files and images."""
    with open_cases([visitor.case]) as (files,):
        case = read_case(files)
    _, images = unpack(scan_payload(case.volume, case.present, case.spacing))
    pieces = [image[at : at + 24] for image in images for at in (500, 2000, 5000)]
    pieces += [file.read_bytes()[at : at + 24] for file in visitor.files for at in (900, 1900)]
    sessions = set(SESSION.findall(bytes(visitor.line.sent)))
    assert sessions
    return {visitor.case.name.encode(), *sessions, *(piece for piece in pieces if len(piece) == 24)}


def test_ten_with_browsers_get_their_own_answers_while_fifty_look(
    come, server, cases, right, tmp_path
):
    visitors = [come(number, case) for number, case in enumerate(sorted(cases.iterdir()))]
    with onlookers(server.address, ONLOOKERS, LOOKED_AT) as looks:
        start = time.monotonic()
        for visitor in visitors:
            drop(visitor)
        open_dropped(*(visitor.page for visitor in visitors))
        places = [in_line(visitor.page) for visitor in visitors]
        all_answered(server, visitors)
        for visitor in visitors:
            ask_for_files(visitor.page)
        for visitor in visitors:
            assert exported(visitor, tmp_path) == right[visitor.case.name]
        seconds = time.monotonic() - start
        until(lambda: len(looks.seconds) == ONLOOKERS * len(LOOKED_AT) or bool(looks.failed))
        assert server.figure("visitors") == BROWSERS + ONLOOKERS
    assert looks.failed == []
    told = [words for words in places if words]
    assert told, "nobody had to wait"
    found = sum(map(len, (nothing_crossed(visitors, bytes(looks.received)))))
    keep("onlookers", **looks.spread)
    keep(
        "ten",
        browsers=BROWSERS,
        onlookers=ONLOOKERS,
        pages=len(LOOKED_AT),
        label_maps=sum(map(len, right.values())),
        markers=found,
        megabytes=sum(len(v.line.traffic) for v in visitors) / 1e6 + len(looks.received) / 1e6,
        place=max(told, key=lambda words: int(IN_LINE.match(words)[1])),
        seconds=seconds,
    )


def in_line(page: Page) -> str | None:
    """What the page says at this moment of its place in the queue."""
    found = IN_LINE.search(page.locator("body").inner_text())
    return found and found[0]


def nothing_crossed(visitors: list[Visitor], of_onlookers: bytes) -> list[set[bytes]]:
    """The marks of each, all seen in its own traffic and in no other's."""
    traffic = [visitor.line.traffic for visitor in visitors]
    marks = [marks_of(visitor) for visitor in visitors]
    for own, mine in enumerate(marks):
        missing = [mark for mark in mine if mark not in traffic[own]]
        assert missing == [], "the search would not find what crosses"
        for other, theirs in enumerate([*traffic, of_onlookers]):
            crossed = [mark for mark in mine if other != own and mark in theirs]
            assert crossed == [], f"of visitor {own} to {other}"
    return marks


@pytest.fixture(scope="module")
def large_case(tmp_path_factory):
    """The sample but for a voxel, so that it is not known; with truth."""
    folder = tmp_path_factory.mktemp("large") / "large"
    folder.mkdir()
    for number, file in enumerate(sorted(SAMPLE.glob("*.nii.gz"))):
        image = nib.load(file)
        voxels = np.asarray(image.dataobj).copy()
        if "seg" not in file.name:
            voxels[tuple(np.argwhere(voxels)[1000 + number])] += 1
        nib.save(nib.Nifti1Image(voxels, image.affine, image.header), folder / file.name)
    return folder


def test_the_place_and_memory_of_a_closed_page_are_free_within_seconds(come, server, large_case):
    """The first one's case is being answered, and the next waits behind it."""
    rest(server)
    visitor = come(0, large_case)
    drop(visitor)
    open_dropped(visitor.page)
    until(lambda: server.figure("jobs_running") == 1)
    taken = server.memory
    visitor.page.close()
    place = until(lambda: server.figure("jobs_running") + server.figure("jobs_waiting") == 0)
    taken = max(taken, server.memory)
    until(lambda: server.figure("visitors") == 0)
    start, least = time.monotonic(), taken
    while time.monotonic() < start + 60:
        if server.memory < least - 2:
            least, seconds = server.memory, time.monotonic() - start
        time.sleep(0.5)
    assert taken - least > SCAN_MB
    keep("closed", place_s=place, freed_mb=taken - least, memory_s=seconds + place)


def rest(server: Server) -> None:
    """Until nothing is left to do, and nobody is there."""
    until(lambda: server.figure("visitors") == 0)
    until(lambda: server.figure("jobs_running") + server.figure("jobs_waiting") == 0)


def test_whoever_waits_can_leave_the_queue(come, server, cases, large_case):
    first, second = come(0, large_case), come(1, sorted(cases.iterdir())[1])
    make_anew(second)
    drop(first)
    drop(second)
    open_dropped(first.page)
    until(lambda: server.figure("jobs_running") == 1)  # a small case is opened sooner
    open_dropped(second.page)
    expect(second.page.get_by_text(IN_LINE).first).to_be_visible()
    waiting = server.figure("jobs_waiting")
    second.page.get_by_role("button", name="Cancel").click()
    expect(second.page.locator("figcaption").get_by_text("Cancelled").first).to_be_visible()
    assert server.figure("jobs_waiting") < waiting
    answered(first.page)


def make_anew(visitor: Visitor) -> None:
    """Another case under the same name, which the server does not know yet."""
    folder = visitor.case.parent.parent / f"anew{time.monotonic_ns()}"
    write_case(make_case(shape=SMALL, seed=time.monotonic_ns() % 10**6), folder / visitor.case.name)
    visitor.case = folder / visitor.case.name


def test_who_sends_slowly_keeps_nobody_waiting(come, server, cases, right, tmp_path):
    slow, other = (come(number, sorted(cases.iterdir())[number]) for number in (2, 3))
    make_anew(other)
    slow.page.goto("/")
    size = sum(file.stat().st_size for file in slow.files)
    slow.line.bytes_per_second = SLOW_BYTES
    already = len(slow.line.sent)
    slow.page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    slow.page.locator("input[type=file]").set_input_files(slow.files)
    start = time.monotonic()
    drop(other)
    open_dropped(other.page)
    answered(other.page)
    seconds, share = time.monotonic() - start, (len(slow.line.sent) - already) / size
    slow.line.bytes_per_second = None
    open_dropped(slow.page)
    answered(slow.page)
    ask_for_files(slow.page)
    assert exported(slow, tmp_path) == right[slow.case.name]
    assert share < 1, "it was not slow enough to say anything"
    keep("slow", kilobytes=SLOW_BYTES / 1000, other_s=seconds, share=share)


def test_twenty_reloads_keep_the_case_and_leave_one_visitor(come, server, cases):
    rest(server)
    visitor = come(4, sorted(cases.iterdir())[4])
    drop(visitor)
    open_dropped(visitor.page)
    answered(visitor.page)
    for number in range(RELOADS):
        visitor.page.reload()
        # Some before the page has shown anything, some after.
        if number % 2:
            visitor.page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    expect(visitor.page.get_by_text(visitor.case.name).first).to_be_visible()
    answered(visitor.page)
    until(lambda: server.figure("visitors") == 1)
    keep("reloads", times=RELOADS, visitors=1)


def test_the_same_case_in_two_tabs_is_answered_once(come, server, cases):
    visitor = come(5, sorted(cases.iterdir())[5])
    make_anew(visitor)
    other = visitor.page.context.new_page()
    before = server.answers()
    for page in (visitor.page, other):
        page.goto("/")
        drop_files(page, *visitor.files)
    open_dropped(visitor.page, other)
    for page in (visitor.page, other):
        answered(page)
    assert server.answers() - before == len(ALL_MODELS)
    keep("tabs", runs=len(ALL_MODELS))


def test_a_line_cut_for_a_minute_loses_nothing(come, server, cases):
    visitor = come(6, sorted(cases.iterdir())[6])
    drop(visitor)
    open_dropped(visitor.page)
    answered(visitor.page)
    visitor.line.cut()
    time.sleep(LOST_SECONDS)
    visitor.line.mend()
    expect(visitor.page.get_by_text("4/4 modalities").first).to_be_visible()
    visitor.page.get_by_role("link", name="Report", exact=True).click()
    expect(visitor.page.get_by_role("button", name="Make the files")).to_be_visible()
    expect(visitor.page.get_by_text(visitor.case.name).first).to_be_visible()
    keep("lost", seconds=LOST_SECONDS)


def test_two_hundred_cases_in_a_row_take_no_more_memory(come, server, tmp_path):
    """Of its own: what it maps of files the system drops and reads again as it likes."""
    case = make_case(shape=SMALL, seed=999)
    visitor = come(7, tmp_path / "first")
    process = server_process(server.address)
    own, resident = [], []
    for number in range(CASES):
        visitor.case = tmp_path / f"row{number}"
        write_case(changed(case, number), visitor.case)
        drop_next(visitor, number)
        open_dropped(visitor.page)
        answered(visitor.page)
        own.append(own_memory(process.pid))
        resident.append(server.memory)
        if number % 10 == 9:
            print(f"{number + 1} cases, {own[-1]:.0f} of {resident[-1]:.0f} MB", flush=True)
    found = flatness(own)
    assert found["growth"] < FLAT, own
    resident_growth = flatness(resident)["growth"]
    keep("row", cases=CASES, warm=WARM_CASES, resident_growth=resident_growth, **found)


def own_memory(process: int) -> float:
    """Megabytes of a process that are of no file."""
    status = Path(f"/proc/{process}/status").read_text()
    held = re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+) kB$", status, re.MULTILINE)
    return sum(map(int, held)) * 1024 / MEGABYTE


def changed(case, number: int):
    """Another case to the server, and as much work."""
    voxels = case.volume.copy()
    places = np.argwhere(voxels[0])
    voxels[(0, *places[number * (len(places) // CASES)])] ^= 1
    return type(case)(voxels, case.truth, case.affine)


def drop_next(visitor: Visitor, number: int) -> None:
    """Clear the desk of the case before, without loading the page anew."""
    if number == 0:
        drop(visitor)
        return
    visitor.page.get_by_role("link", name="Open", exact=True).click()
    clear = visitor.page.get_by_role("button", name="Clear all")
    clear.click()
    expect(clear).to_have_count(0)  # what is given to a place that is being cleared does not arrive
    drop_files(visitor.page, *visitor.files)
