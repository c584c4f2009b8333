import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from inference.network.preprocess import Prepared
from tests.pages.answers import answer, own_queue  # noqa: F401
from tests.pages.conftest import SECONDS
from workspace.case_results import hospital_files
from workspace.case_results.hospital_files import OFFERED, HospitalChoice


def text(app):
    elements = [*app.markdown, *app.caption, *app.info, *app.subheader]
    return " ".join(element.value for element in elements)


def made(app):
    """Press the button, and draw the page again once the files are there."""
    [make] = [button for button in app.button if button.label == "Make the files"]
    make.click().run()
    assert not app.exception
    deadline = time.monotonic() + SECONDS
    while not app.session_state["export"].settled:
        assert time.monotonic() < deadline, "the files were not made"
        time.sleep(0.02)
    app.run()
    assert not app.exception
    return app


def test_nothing_open_says_so_and_offers_both_ways(page):
    app = page("report")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample", "Open your own files"]


def test_before_a_model_has_answered_there_is_nothing_to_report(page, opened, monkeypatch):
    monkeypatch.setattr("workspace.jobs.waiting.finished", lambda jobs: {})
    app = page("report", open_case=opened)
    assert not app.exception
    assert "The report begins when the first model has answered." in text(app)
    assert not app.dataframe


def test_figures_words_picture_and_files(page, opened):
    app = page("report", open_case=answer(opened))
    table = app.dataframe[0].value.set_index("Model")
    assert {"Truth", "U-Net", "ResNet34 U-Net", "TransUNet", "Consensus"} == set(table.index)
    assert {"WT ml", "WT Dice", "WT HD95 mm", "ET diameters mm"} <= set(table.columns)
    assert float(table.loc["Truth", "WT ml"]) == pytest.approx(
        opened.truth_volume_ml["wt"], abs=0.1
    )
    assert "Where the models differ" in text(app)
    assert "TransUNet draws" in text(app)
    assert len(app.image) == 1
    app = made(app)
    export = app.session_state["export"]
    assert export.error is None
    assert {"zip", "pdf", "csv", "json", "png", "labels/unet", "labels/consensus"} <= set(
        export.files
    )
    assert all(file.stat().st_size for file in export.files.values())
    labels = [button.proto.label for button in app.get("download_button")]
    assert any("Report (PDF)" in label for label in labels)
    assert "Label map: TransUNet" in labels


def test_a_study_of_dicom_is_offered_to_the_hospital(page, opened, monkeypatch):
    """The page alone; what the objects hold is tested with those who write them."""
    chosen = []

    def object_writer(shown, record, choice):
        chosen.append(choice)

        def write(folder, pdf):
            folder.mkdir()
            (folder / "unet_seg.dcm").write_bytes(pdf.read_bytes()[:4])
            return [folder / "unet_seg.dcm"]

        return write

    monkeypatch.setattr(hospital_files, "came_as_dicom", lambda shown: True)
    monkeypatch.setattr(hospital_files, "series_of", lambda shown: "t1c")
    monkeypatch.setattr(hospital_files, "object_writer", object_writer)
    app = page("report", open_case=answer(opened))
    assert "**For the hospital**, on the images of the T1c" in text(app)
    boxes = {box.label.split(":")[0]: box for box in app.checkbox}
    assert {title for title, _ in OFFERED.values()} <= set(boxes)
    assert "carry the patient's name" in text(app)
    boxes["Measurements (DICOM-SR)"].uncheck()
    boxes["Without identifiers"].check().run()
    assert "carry the patient's name" not in text(app)
    app = made(app)
    assert chosen == [HospitalChoice(("seg", "rtstruct", "pdf"), without_identifiers=True)]
    with zipfile.ZipFile(app.session_state["export"].files["dicom"]) as packed:
        [name] = packed.namelist()
        assert name.endswith("/dicom/unet_seg.dcm")
    labels = [button.proto.label for button in app.get("download_button")]
    assert any("DICOM as one zip" in label for label in labels)


def test_files_that_are_no_dicom_are_not(page, opened):
    assert "For the hospital" not in text(page("report", open_case=answer(opened)))


def test_choices_outlast_the_page(page, opened):
    """A widget's own value goes with its page; what was chosen stands in the session."""
    app = page("report", open_case=answer(opened))
    app.slider[0].set_value(7).run()
    kept = f"kept:slice-axial-{opened.key}"
    back = page("report", open_case=opened, **{kept: app.session_state[kept]})
    assert back.slider[0].value == 7


def test_without_truth_there_is_no_dice(page, opened):
    case = replace(opened.case, truth=None, name="A_very_*long*_name" * 12)
    without = replace(opened, case=case, truth_volume_ml=None, key="without truth")
    table = page("report", open_case=answer(without)).dataframe[0].value
    assert "WT ml" in table
    assert not [name for name in table if "Dice" in name or "HD95" in name]


def test_of_what_one_mask_says_nothing_there_is_no_figure(page, opened):
    mask = np.where(opened.case.truth > 0, 2, 0).astype(np.uint8)
    case = replace(opened.case, truth=mask, truth_regions=("wt",))
    masked = replace(answer(replace(opened, key="one mask")), case=case)
    table = page("report", open_case=masked).dataframe[0].value.set_index("Model")
    assert table.loc["Truth", "WT ml"] is not None
    assert table.loc["Truth", ["TC ml", "ET ml", "ET diameters mm"]].isna().all()
    assert table.loc["U-Net", ["TC ml", "ET ml", "WT Dice", "WT HD95 mm"]].notna().all()
    assert not {"TC Dice", "ET Dice", "TC HD95 mm", "ET HD95 mm"} & set(table.columns)
    assert "nan" not in table.to_numpy().ravel().tolist()


@pytest.fixture
def one_slice(opened):
    """A slice from a picture: one voxel thick, of unknown size."""
    shape = (*opened.case.shape[:2], 1)
    box = (*opened.prepared.box[:2], slice(0, 1))
    middle = len(opened.prepared.slices) // 2
    case = replace(
        opened.case,
        volume=np.broadcast_to(np.float32(0), (4, *shape)),
        truth=opened.case.truth[:, :, 16:17],
        grid=replace(opened.case.grid, shape=shape),
        voxel_size_known=False,
    )
    prepared = Prepared(opened.prepared.slices[middle : middle + 1], box, 0.0)
    volumes = dict.fromkeys(("wt", "tc", "et"), float("nan"))
    return replace(opened, case=case, prepared=prepared, truth_volume_ml=volumes, key="one slice")


def test_one_slice_counts_pixels_and_exports(page, one_slice):
    app = page("report", open_case=answer(one_slice))
    table = app.dataframe[0].value
    assert "WT pixels" in table
    assert not [name for name in table if name.endswith((" ml", "mm"))]
    assert "probabilities as PNG of the size of your files" in text(app)
    app = made(app)
    export = app.session_state["export"]
    assert export.error is None
    assert export.files["labels/unet"].suffix == ".png"
