import zipfile
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from common.labels import regions_to_labels
from common.vocabulary import REGIONS
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics.overlap import dice
from inference.network.preprocess import prepare, uncrop
from report import DISCLAIMER
from report.bundle import write_export
from report.drawing.pictures import View
from tests.report.conftest import record_of

VIEW = View("axial", "t1c", 15)
STEM = "Łukasz_李明_first_scan"


@pytest.fixture(scope="module")
def exported(record, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    shares = []
    return write_export(record, folder, VIEW, progress=shares.append), shares


def test_the_zip_holds_every_file_whole(record, exported):
    files, _ = exported
    with zipfile.ZipFile(files["zip"]) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist())
        for kind, file in files.items():
            if kind != "zip":
                [name] = [each for each in names if each.endswith(f"/{file.name}")]
                assert packed.read(name) == file.read_bytes()
    models = [finding.name for finding in record.segmented]
    labels = {f"{STEM}/labels/{STEM}_{name}.nii.gz" for name in models}
    probable = {
        f"{STEM}/probabilities/{STEM}_{name}_{region}.nii.gz"
        for name in models
        for region in REGIONS
    }
    plain = {
        *(f"{STEM}/{STEM}_{end}" for end in ("report.pdf", "view.png", "numbers.csv")),
        *(f"{STEM}/{STEM}_numbers.json", f"{STEM}/README.txt"),
    }
    assert names == labels | probable | plain


def test_dicom_objects_are_in_the_zip_and_in_one_of_their_own(record, tmp_path):
    def objects(folder, pdf):
        assert pdf.read_bytes().startswith(b"%PDF")
        (folder / "images").mkdir(parents=True)
        written = [folder / "images" / "0001.dcm", folder / "unet_seg.dcm"]
        for file in written:
            file.write_text(file.name)
        return written

    shares = []
    files = write_export(
        record, tmp_path, VIEW, probabilities=False, objects=objects, progress=shares.append
    )
    wanted = {f"{STEM}/dicom/images/0001.dcm", f"{STEM}/dicom/unet_seg.dcm"}
    with zipfile.ZipFile(files["dicom"]) as packed:
        assert set(packed.namelist()) == wanted
    with zipfile.ZipFile(files["zip"]) as packed:
        assert wanted < set(packed.namelist())
        assert "dicom/" in packed.read(f"{STEM}/README.txt").decode()
    assert shares == sorted(shares)
    assert shares[-1] < 1


def test_progress_is_true(exported):
    _, shares = exported
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] < 1


def test_the_probabilities_threshold_to_the_label_map(record, exported):
    files, _ = exported
    for finding in record.segmented:
        parts = [
            np.asarray(nib.load(files[f"probabilities/{finding.name}/{region}"]).dataobj)
            for region in REGIONS
        ]
        assert {part.dtype for part in parts} == {np.dtype("<f4")}
        written = np.asarray(nib.load(files[f"labels/{finding.name}"]).dataobj)
        np.testing.assert_array_equal(regions_to_labels(np.stack(parts) > 0.5), written)
        np.testing.assert_array_equal(record.case.grid.to_ras(written), finding.labels)


def test_without_probabilities_there_are_none(record, tmp_path):
    files = write_export(record, tmp_path, VIEW, probabilities=False)
    assert not [kind for kind in files if kind.startswith("probabilities")]


def test_what_progress_raises_stops_the_work(record, tmp_path):
    def stop(share):
        if share > 0.2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_export(record, tmp_path, VIEW, progress=stop)
    assert not list(tmp_path.glob("*.zip"))


def test_a_picture_goes_back_into_a_picture(one_slice, tmp_path):
    files = write_export(one_slice, tmp_path, View("axial", "flair", 0))
    with Image.open(files["labels/unet"]) as image:
        pixels = np.asarray(image)
        assert image.text["Comment"] == DISCLAIMER
    np.testing.assert_array_equal(pixels, one_slice.findings[1].labels[::-1, ::-1, 0].T)
    assert {"pdf", "zip", "csv", "json", "png"} <= set(files)
    unet = one_slice.findings[1].segmentation
    for number, region in enumerate(REGIONS):
        with Image.open(files[f"probabilities/unet/{region}"]) as image:
            assert image.mode == "I;16"
            assert image.text["Comment"] == DISCLAIMER
            probabilities = np.asarray(image) / 65535
        whole = uncrop(unet.probabilities[number], unet.box, one_slice.case.shape)
        shown = whole[::-1, ::-1, 0].T.astype(float)
        np.testing.assert_allclose(probabilities, shown, atol=1 / 65535)


def test_the_export_says_what_its_files_are(record, one_slice, tmp_path):
    """Of pictures nothing is NIfTI, nor on a grid: a picture has none."""
    told = {}
    for name, each in (("volume", record), ("picture", one_slice)):
        folder = tmp_path / name
        folder.mkdir()
        files = write_export(each, folder, View("axial", "flair", 0))
        told[name] = files["about"].read_text(encoding="utf-8")
        assert all(file.is_file() for file in files.values())
        assert any(file.name.endswith(".nii.gz") for file in files.values()) == (name == "volume")
    assert "same shape,\n                affine" in told["volume"]
    assert "PNG" not in told["volume"]
    assert "PNG of the size of the picture" in told["picture"]
    assert "grid" not in told["picture"]


def test_slices_go_back_into_pictures_called_like_them(record, tmp_path):
    names = tuple(f"P1_{number}" for number in range(1, record.case.shape[2] + 1))
    case = replace(record.case, voxel_size_known=False, slice_names=names)
    files = write_export(replace(record, case=case), tmp_path, VIEW)
    with zipfile.ZipFile(files["probabilities/unet/wt"]) as packed:
        assert packed.namelist() == [f"{name}.png" for name in names]
        probable = [np.asarray(Image.open(packed.open(f"{name}.png"))) for name in names]
    with zipfile.ZipFile(files["labels/unet"]) as packed:
        assert packed.namelist() == [f"{name}.png" for name in names]
        images = [Image.open(packed.open(f"{name}.png")) for name in names]
        pixels = [np.asarray(image) for image in images]
        assert {image.text["Comment"] for image in images} == {DISCLAIMER}
    drawn = next(found for found in record.segmented if found.name == "unet").labels
    native = record.case.grid.to_native(drawn)
    np.testing.assert_array_equal(np.stack(pixels), native.transpose(2, 1, 0))
    np.testing.assert_array_equal(np.stack(probable) > 65535 / 2, np.stack(pixels) > 0)


def test_a_very_long_name_works(record, tmp_path):
    long = replace(record, case=replace(record.case, name="a-very-long-name/" * 40))
    files = write_export(long, tmp_path, VIEW, probabilities=False)
    assert all(file.is_file() and len(file.name.encode()) < 255 for file in files.values())


@pytest.mark.slow  # the report takes seconds
def test_label_maps_of_a_large_image_open_on_the_voxels_of_its_file(small_case_folder, tmp_path):
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files, max_voxels=30_000)
        file = nib.load(files.modalities["t1c"])
    made = write_export(record_of(case, prepare(case)), tmp_path, View("axial", "t1c", 8))
    labels = nib.load(made["labels/transunet"])
    assert labels.shape == file.shape != case.shape
    np.testing.assert_allclose(labels.affine, file.affine, atol=1e-4)
    truth = np.asarray(nib.load(next(small_case_folder.glob("*_seg.*"))).dataobj) > 0
    assert dice(np.asarray(labels.dataobj) > 0, truth) > 0.6
    assert "on the larger voxels" in made["about"].read_text()
