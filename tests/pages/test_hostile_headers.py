"""What a stranger writes into the headers of a study: text on the pages, and in no file or log."""

import re
import time
import zipfile
import zlib

import pydicom
import pytest
from pydicom.dataelem import DataElement

from tests.inference.dicom.made import write_series
from tests.pages.answers import answer, own_queue  # noqa: F401
from tests.pages.conftest import SECONDS, wait_for_jobs
from tests.pages.test_open_study import html, open_study  # noqa: F401
from tests.pages.test_report import made, text
from tests.support import small_study
from workspace.jobs import on_frames
from workspace.jobs.segmentation import PANEL_NAMES
from workspace.open_case import packed

MARK, PERSON = "Xq7ZheaderW9", "Kv3ZpersonQ8"
TURN, NEW_LINE = "\u202e", "\r\n"
NAME = f"<script>{PERSON}</script>{{0}}%n{TURN}"
EVIL = (
    f"<img src=x onerror=owned>{MARK}{{0.__class__}}%s%n$(id)`[l](http://x.y){NEW_LINE}{TURN}=1+1"
)
# Free text that nothing of the app needs, and the tags of the maker alone.
FREE = (
    *("InstitutionName", "InstitutionAddress", "StationName", "StudyDescription", "ProtocolName"),
    *("ReferringPhysicianName", "OperatorsName", "PatientComments", "ImageComments"),
    *("SequenceName", "RequestedProcedureDescription", "PerformedProcedureStepDescription"),
    *("DeviceSerialNumber", "PatientAddress", "OtherPatientIDs", "MilitaryRank"),
)
# What a PACS files a study by.
OF_THE_STUDY = {"PatientName", "PatientID", "StudyDescription", "ReferringPhysicianName"}


def hostile(dataset, index):
    """Every text of a header that a stranger may fill."""
    small_study.draw_head(dataset, index)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName, dataset.PatientID = f"{NAME}^Jane", f"{NAME}7"
    dataset.SeriesDescription += f" {EVIL} {PERSON}"
    for keyword in FREE:
        setattr(dataset, keyword, EVIL)
    dataset.add(DataElement(0x00291010, "LO", EVIL))
    block = dataset.private_block(0x0029, EVIL.replace("\\", ""), create=True)
    block.add_new(0x20, "UT", EVIL)


def hostile_t1c(dataset, index):
    hostile(dataset, index)
    small_study.make_t1c(dataset)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A FLAIR and a T1c."""
    place = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pydicom.config.settings, "_writing_validation_mode", pydicom.config.IGNORE)
        about = {"slices": range(small_study.SLICES), "spacing": small_study.SLICE_MM}
        write_series(place / "flair", edit=hostile, **about)
        about |= {"series": "T1 post contrast", "number": 7}
        write_series(place / "t1c", edit=hostile_t1c, **about)
    return place


def test_in_the_table_of_series_it_is_text(open_study, folder, capfd, caplog):  # noqa: F811
    app = open_study(folder)
    shown = html(app)
    assert f"FLAIR &lt;img src=x onerror=owned&gt;{MARK}{{0.__class__}}%s%n" in shown
    assert "<img src=x" not in shown
    for words in (shown, text(app), *(box.label for box in app.selectbox)):
        assert PERSON not in words
        assert not {TURN, "\r"} & set(words)
    assert all("\n" not in box.label for box in app.selectbox)
    assert not any(mark in said(capfd, caplog) for mark in (MARK, PERSON))


def test_report_and_exports_hold_none_of_it(page, folder, capfd, caplog):
    app = report_of(folder, page)
    boxes = {box.label.split(":")[0]: box for box in app.checkbox}
    boxes["Without identifiers"].check().run()
    app = made(app)
    export = app.session_state["export"]
    assert export.error is None
    assert not any(mark in text(app) + said(capfd, caplog) for mark in (MARK, PERSON))
    assert held(export.files["zip"]) == set()


def test_objects_with_identifiers_hold_the_patients_own_and_nothing_else(page, folder):
    app = made(report_of(folder, page))
    export = app.session_state["export"]
    assert export.error is None
    places = held(export.files["zip"])
    assert {keyword for _, keyword in places} == OF_THE_STUDY
    assert all(name.endswith(".dcm") for name, _ in places)


def report_of(folder, page):
    """The Report page, with all answers brought back onto the study's own frames."""
    opened = packed(small_study.open_small_study(folder), read_seconds=0.0)
    app = page("report", open_case=answer(opened))
    deadline = time.monotonic() + SECONDS
    while not app.checkbox or len(app.dataframe[0].value) < len(PANEL_NAMES) - 1:  # but the truth
        assert time.monotonic() < deadline, "the answers were not brought back"
        wait_for_jobs(on_frames.queue)
        app.run()
    return app


def said(capfd, caplog):
    """All that stands in the log, or was printed."""
    return "".join(capfd.readouterr()) + caplog.text


def held(archive):
    """The files of an export in which a mark stands, and of DICOM the keyword under which."""
    found = set()
    with zipfile.ZipFile(archive) as packed_files:
        for name in packed_files.namelist():
            assert not any(mark in name for mark in (MARK, PERSON))
            content = packed_files.read(name)
            if name.endswith(".dcm"):
                with packed_files.open(name) as file:
                    found |= {(name, keyword) for keyword in keywords(pydicom.dcmread(file))}
            elif any(mark.encode() in content + inflated(content) for mark in (MARK, PERSON)):
                found.add((name, ""))
    return found


def keywords(dataset):
    marked = set()

    def look(_, element):
        words = "" if element.VR == "SQ" else str(element.value)
        if MARK in words or PERSON in words:
            marked.add(element.keyword or str(element.tag))

    dataset.walk(look)
    return marked


def inflated(content):
    """What the compressed parts of a PDF or a .gz hold."""
    parts = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    if content[:2] == b"\x1f\x8b":
        return zlib.decompress(content, wbits=31)
    return b"".join(_inflated(part) for part in parts)


def _inflated(part):
    try:
        return zlib.decompressobj().decompress(part)
    except zlib.error:
        return part
