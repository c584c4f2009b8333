"""A study by QIDO and WADO, and objects by STOW, from and to a real server."""

import pydicom
import pytest
from pydicom.uid import JPEGLosslessSV1, RLELossless

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes.pixels import read_volume
from inference.pacs.sending import dicomweb
from inference.pacs.sending.destination import UnreachableError, parcel
from inference.pacs.sending.dicomweb import WebDestination, fetch_study
from tests.inference.dicom.made import dataset, uid, write

STUDY = uid("P1", "study")
NOWHERE = "http://127.0.0.1:9/dicom-web"


def test_the_mr_of_one_study_comes_as_it_is_kept(orthanc, small_study, tmp_path):
    orthanc.upload(small_study)
    other = write(dataset(0, study="other"), tmp_path / "other.dcm")
    report = dataset(0, series="report", number=99)
    report.Modality, report.SOPClassUID = "SR", "1.2.840.10008.5.1.4.1.1.88.33"
    orthanc.upload([other, write(report, tmp_path / "report.dcm")])
    folder = tmp_path / "fetched"
    folder.mkdir()
    assert fetch_study(orthanc.dicomweb, STUDY, folder) == len(small_study)
    [exam] = find_exams([folder]).exams
    assert exam.uid == STUDY
    [original] = find_exams(small_study).exams
    for ours, theirs in zip(exam.series, original.series, strict=True):
        assert (read_volume(ours) == read_volume(theirs)).all()


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLosslessSV1])
def test_compressed_images_come_as_they_are(orthanc, tmp_path, syntax):
    file = write(dataset(0), tmp_path / "plain.dcm")
    compressed = _compressed(file, tmp_path / "small.dcm", syntax)
    orthanc.upload([compressed])
    folder = tmp_path / "fetched"
    folder.mkdir()
    fetch_study(orthanc.dicomweb, STUDY, folder)
    [came] = folder.iterdir()
    assert parcel(came).syntax == syntax


def _compressed(file, target, syntax):
    ds = pydicom.dcmread(file)
    if syntax == RLELossless:
        ds.compress(RLELossless, generate_instance_uid=False)
    else:
        ds.file_meta.TransferSyntaxUID = syntax
        ds.PixelData = pydicom.encaps.encapsulate([b"\xff\xd8\xff\xd9"])
        ds["PixelData"].is_undefined_length = True
    ds.save_as(target)
    return target


def test_what_is_not_there_is_told(orthanc, tmp_path):
    with pytest.raises(InputError, match=r"has no MR images of study 1\.2\.3; check the UID"):
        fetch_study(orthanc.dicomweb, "1.2.3", tmp_path)
    with pytest.raises(InputError, match="answered with HTTP 404; check the URL"):
        fetch_study(f"{orthanc.url}/elsewhere", STUDY, tmp_path)
    with pytest.raises(InputError, match=r"is no StudyInstanceUID; give one \(--study\)"):
        fetch_study(orthanc.dicomweb, "2024-03-12", tmp_path)


def test_a_server_that_asks_for_a_password_is_told_by_name(orthanc_runner, tmp_path, monkeypatch):
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with orthanc_runner(tmp_path / "orthanc", 1, login=("me", "secret")) as server:
        with pytest.raises(InputError, match=r"answered with HTTP 401; check ~/\.netrc"):
            fetch_study(server.dicomweb, STUDY, tmp_path)
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
        with pytest.raises(InputError, match="has no MR images"):
            fetch_study(server.dicomweb, STUDY, tmp_path)


def test_a_server_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(dicomweb, "_ATTEMPTS", 1)
    with pytest.raises(InputError, match=r"^http://127\.0\.0\.1:9/dicom-web cannot be reached: "):
        fetch_study("http://me:secret@127.0.0.1:9/dicom-web", STUDY, tmp_path)
    there = WebDestination(NOWHERE)
    with pytest.raises(UnreachableError, match=r"^connection error$"):
        list(there.send([parcel(write(dataset(0), tmp_path / "a.dcm"))]))


def test_objects_go_in_by_stow(orthanc, small_study):
    receipts = list(WebDestination(orthanc.dicomweb).send([parcel(f) for f in small_study]))
    assert [receipt.problem for receipt in receipts] == [""] * len(small_study)
    assert set(orthanc.objects("MR")) == {receipt.parcel.uid for receipt in receipts}


def test_what_the_server_refuses_is_told(orthanc, tmp_path):
    there = WebDestination(f"{orthanc.url}/elsewhere")
    [receipt] = there.send([parcel(write(dataset(0), tmp_path / "a.dcm"))])
    assert (receipt.problem, receipt.again) == ("it answered with HTTP 404", False)
