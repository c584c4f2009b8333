"""What is written of an answered case in which format, and what is left out."""

import shutil
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest
from pydicom import dcmread

from common.errors import InputError
from inference.__main__ import main
from inference.cli.formats import FORMATS, check_formats, left_out, needs_images, write_formats
from inference.dicom.exams import find_exams
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.segmentation import Segmentation, consensus
from inference.preparation.answer import answer_on
from inference.preparation.opened_case import OpenedCase
from model_zoo.weights.provenance import Provenance


def segmentation(opened, name="unet"):
    """What a model might have predicted: the bright ball, and some around it."""
    case = opened.case
    x, y, z = (np.arange(size) - size / 2 for size in case.shape)
    away = np.sqrt(x[:, None, None] ** 2 + y[:, None] ** 2 + z**2)
    labels = np.select([away < 2, away < 5, away < 8], [1, 3, 2]).astype(np.uint8)
    regions = np.stack([labels > 0, (labels == 1) | (labels == 3), labels == 3])
    box = tuple(slice(0, size) for size in case.shape)
    seconds = {"preprocess": 0.0, "predict": 0.1, "postprocess": 0.0}
    weights = Provenance("embedded", "c7f5446", "a" * 64)
    probabilities = regions.astype(np.float16)
    return Segmentation(name, labels, probabilities, box, seconds, weights)


@pytest.fixture(scope="module")
def answers(small_study):
    found = {name: segmentation(small_study, name) for name in ("unet", "transunet")}
    return found | {"consensus": consensus(list(found.values()))}


@pytest.fixture(scope="module")
def written(small_study, answers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    return folder, write_formats(small_study, answers, folder, formats=FORMATS)


def test_every_format_of_every_model_is_written_once(written):
    folder, files = written
    endings = (".nii.gz", "_seg.dcm", "_regions.dcm", "_rtstruct.dcm", "_sr.dcm")
    wanted = [f"{name}{end}" for name in ("unet", "transunet", "consensus") for end in endings]
    assert sorted(file.name for file in files) == sorted([*wanted, "report.pdf", "report.dcm"])
    assert sorted(file.name for file in folder.iterdir()) == sorted(file.name for file in files)


def test_no_name_of_a_file_holds_what_the_headers_say_of_the_patient(written, small_study_folder):
    _, files = written
    source = dcmread(next(small_study_folder.rglob("IM*")), stop_before_pixels=True)
    identifying = ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate", "AccessionNumber")
    said = [str(source.get(keyword, "")) for keyword in identifying]
    words = {part for each in said for part in each.lower().split("^") if part}
    assert {"doe", "jane"} <= words
    for file in files:
        assert not [word for word in words if word in file.name.lower()]


def test_all_lies_on_the_t1c_of_the_study(written, small_study_folder):
    folder, files = written
    [exam] = find_exams([small_study_folder]).exams
    t1c = next(series for series in exam.series if "T1" in series.facts.description)
    labels = nib.load(folder / "consensus.nii.gz")
    assert labels.shape == t1c.grid.shape
    for file in files:
        if file.suffix == ".dcm":
            found = dcmread(file)
            assert found.StudyInstanceUID == exam.uid
            assert found.PatientID == "P1"
        if file.name.endswith("_seg.dcm"):
            assert found.ReferencedSeriesSequence[0].SeriesInstanceUID == t1c.series_uid


def test_a_consensus_names_the_weights_of_all_its_models(written):
    folder, _ = written
    seg = dcmread(folder / "consensus_seg.dcm")
    [algorithm] = seg.SegmentSequence[0].SegmentationAlgorithmIdentificationSequence
    assert "unet_weights_sha256=" in algorithm.AlgorithmParameters
    assert "transunet_weights_sha256=" in algorithm.AlgorithmParameters


def test_each_object_has_a_uid_and_a_series_number_of_its_own(written):
    objects = [dcmread(file) for file in written[1] if file.suffix == ".dcm"]
    assert len({found.SOPInstanceUID for found in objects}) == len(objects)
    assert len({found.SeriesNumber for found in objects}) == len(objects)


def test_the_pdf_in_dicom_is_the_pdf(written):
    folder, _ = written
    document = dcmread(folder / "report.dcm")
    pdf = document.EncapsulatedDocument[: document.EncapsulatedDocumentLength]
    assert pdf == (folder / "report.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"Doe" not in pdf


def test_without_identifiers_nothing_leads_back_to_the_patient(
    small_study, answers, small_study_folder, tmp_path, monkeypatch
):
    monkeypatch.delenv("GLIOLENS_PSEUDONYM_KEY", raising=False)
    formats = ("seg", "rtstruct", "sr", "pdf")
    one = {"unet": answers["unet"]}
    files = write_formats(small_study, one, tmp_path, formats=formats, without_identifiers=True)
    sources = [dcmread(file) for file in small_study_folder.rglob("IM*")]
    known = {uid for s in sources for uid in (s.SOPInstanceUID, s.SeriesInstanceUID)}
    known |= {s.StudyInstanceUID for s in sources} | {s.FrameOfReferenceUID for s in sources}
    objects = [dcmread(file) for file in files if file.suffix == ".dcm"]
    for found in objects:
        text = str(found)
        assert not [uid for uid in known if uid in text]
        assert "Doe" not in text
        assert "20240312" not in text
    assert len({(str(o.PatientName), o.PatientID, o.StudyInstanceUID) for o in objects}) == 1
    images = {o.SOPInstanceUID for o in objects if o.Modality == "MR"}
    seg = next(o for o in objects if o.Modality == "SEG")
    assert {item.ReferencedSOPInstanceUID for item in seg.SourceImageSequence} == images


def test_a_pseudonym_of_the_key_is_the_same_in_all_objects(
    small_study, answers, tmp_path, monkeypatch
):
    monkeypatch.setenv("GLIOLENS_PSEUDONYM_KEY", "a secret")
    for onto in ("t1c", "flair"):
        write_formats(
            small_study,
            {"unet": answers["unet"]},
            tmp_path / onto,
            formats=("rtstruct",),
            onto=onto,
            without_identifiers=True,
        )
    ids = {dcmread(file).PatientID for file in tmp_path.rglob("*.dcm")}
    assert len(ids) == 1


def test_nifti_gets_images_to_lie_on(small_case_folder, tmp_path):
    """A case that was left as it came, without any DICOM."""
    with open_cases([small_case_folder]) as (files,):
        plain = OpenedCase(read_case(files))
    found = write_formats(plain, {"unet": segmentation(plain)}, tmp_path, formats=("seg", "pdf"))
    images = sorted((tmp_path / "images").iterdir())
    assert set(images) < set(found)
    assert len(images) == plain.case.grid.shape[2]
    seg = dcmread(tmp_path / "unet_seg.dcm")
    uids = {item.ReferencedSOPInstanceUID for item in seg.SourceImageSequence}
    assert uids == {dcmread(image).SOPInstanceUID for image in images}
    assert not (tmp_path / "report.dcm").exists()


def test_nothing_drawn_leaves_no_segmentation_and_reports_zero(small_study, tmp_path):
    empty = segmentation(small_study)
    nothing = Segmentation(
        "unet", np.zeros_like(empty.labels), empty.probabilities * 0, empty.box, empty.seconds
    )
    formats = ("seg", "rtstruct", "sr")
    files = write_formats(small_study, {"unet": nothing}, tmp_path, formats=formats)
    assert [file.name for file in files] == ["unet_sr.dcm"]
    said = list(left_out({"unet": nothing}, formats))
    assert said == ["unet drew nothing; there is no SEG and no RTSTRUCT of it."]
    assert not list(left_out({"unet": empty}, formats))


def test_a_file_that_is_gone_is_one_sentence(small_study, small_study_folder, answers, tmp_path):
    moved = tmp_path / "study"
    shutil.copytree(small_study_folder, moved)
    [exam] = find_exams([moved]).exams
    headers = {"flair": exam.series[0], "t1c": exam.series[1]}
    examination = replace(small_study.examination, dicom=headers)
    shutil.rmtree(moved)
    opened = replace(small_study, examination=examination)
    with pytest.raises(InputError, match="no longer where it was read"):
        write_formats(opened, answers, tmp_path / "out", formats=("seg",))


def test_an_image_that_is_not_there_is_refused_by_name(small_study, answers):
    with pytest.raises(InputError, match=r"has no t2 .* it has t1c, flair"):
        answer_on(small_study, answers, "t2")


def test_pictures_have_no_place_in_dicom(small_study):
    pictures = OpenedCase(replace(small_study.case, voxel_size_known=False))
    check_formats(("nifti",), pictures)
    with pytest.raises(InputError, match="cannot be written as seg, pdf"):
        check_formats(("nifti", "pdf", "seg"), pictures)


def test_images_are_kept_only_where_they_are_needed():
    assert not needs_images(("nifti", "seg", "rtstruct", "sr"), from_dicom=True)
    assert needs_images(("seg",), from_dicom=False)
    assert needs_images(("pdf",), from_dicom=True)
    assert not needs_images(("nifti",), from_dicom=False)


def test_an_unknown_format_is_refused_in_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["case", "--formats", "nifti,dicom"])
    assert ended.value.code == 2
    assert "no format 'dicom'; write some of nifti,seg" in capsys.readouterr().err


@pytest.mark.slow  # the report takes seconds
def test_a_large_image_in_every_format(small_case_folder, tmp_path):
    """Label maps on the voxels of the file; what shows pictures on those that were worked on."""
    with open_cases([small_case_folder]) as (files,):
        large = OpenedCase(read_case(files, max_voxels=30_000))
    stored = large.case.grid.of_file
    found = write_formats(
        large, {"unet": segmentation(large)}, tmp_path, formats=("nifti", "seg", "pdf")
    )
    labels = nib.load(tmp_path / "unet.nii.gz")
    assert labels.shape == stored.shape != large.case.grid.shape
    np.testing.assert_allclose(labels.affine, stored.affine, atol=1e-4)
    seg = dcmread(tmp_path / "unet_seg.dcm")
    assert {seg.Columns, seg.Rows} <= set(large.case.grid.shape)
    assert {file.name for file in found} >= {"unet.nii.gz", "report.pdf"}
