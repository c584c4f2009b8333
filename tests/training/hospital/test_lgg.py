import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from synthetic.skull import make_head
from training.hospital.lgg import evaluate_lgg, format_lgg, summary_of, training_persons
from training.hospital.lgg_examination import as_it_is, lgg_examination

SLICES, SPACING = 25, 3.0
WIDTH, PIXEL, APART = 256, 240 / 256, 6.0


@pytest.fixture(scope="module")
def lgg(tmp_path_factory):
    """Two made-up heads as the set has its own; one of them is a training patient."""
    folder = tmp_path_factory.mktemp("lgg")
    head = make_head(spacing=SPACING)
    pictures = np.stack([_cut(head.signal[channel], 1) for channel in (0, 3, 1)], axis=-1)
    masks = _cut((head.truth > 0).astype(np.float32), 0) > 0.5
    for name, without_t1 in (("made_up", False), ("no_t1", True)):
        (folder / name).mkdir()
        for number in range(SLICES):
            picture = np.clip(pictures[number], 0, 255).astype(np.uint8)
            if without_t1:
                picture[..., 0] = picture[..., 1]
            place = folder / name / f"{name}_{number + 1}.tif"
            Image.fromarray(picture).save(place)
            mask = Image.fromarray(masks[number].astype(np.uint8) * 255)
            mask.save(place.with_name(f"{name}_{number + 1}_mask.tif"))
    (folder / "patients.csv").write_text("patient,split\nmade_up,val\nno_t1,test\nseen,val\n")
    why = "the same person as a BraTS training patient: keep both in one fold"
    (folder / "persons.csv").write_text(f"patient,why\nmade_up,\nseen,{why}\n")
    return folder


def _cut(image, order):
    """(slice, row, column) as the set has them: the front above, the right on the left."""
    centre = (np.array(image.shape) - 1) / 2 + (0, 0, 8)
    steps = np.diag((PIXEL, PIXEL, APART)) / SPACING
    corner = centre - steps @ ((WIDTH - 1) / 2, (WIDTH - 1) / 2, (SLICES - 1) / 2)
    shape = (WIDTH, WIDTH, SLICES)
    cut = ndimage.affine_transform(image, steps, corner, output_shape=shape, order=order)
    return cut[::-1, ::-1].transpose(2, 1, 0)


def test_the_mask_lies_where_the_tumour_shines(lgg):
    examination = lgg_examination(lgg, "made_up", "val")
    truth, grid = examination.truth
    assert set(examination.images) == {"t1", "t1c", "flair"}
    assert truth.regions == ("wt",)
    assert grid.differs_from(examination.images["flair"].grid) is None
    flair = examination.images["flair"].voxels
    assert flair[truth.labels > 0].mean() > 1.3 * flair[flair > 20].mean()


def test_a_copy_of_flair_is_no_t1(lgg):
    examination = lgg_examination(lgg, "no_t1", "test")
    assert set(examination.images) == {"t1c", "flair"}
    case = as_it_is(examination)
    assert case.present == ("t1c", "flair")
    assert not case.volume[0].any()
    assert case.truth_regions == ("wt",)


def test_who_was_trained_on_is_left_out(lgg):
    assert training_persons(lgg / "persons.csv") == {"seen"}


def test_the_gain_is_paired():
    patients = {
        "a": {"dice": {"raw": {"m": 0.1}, "prepared": {"m": 0.9}}},
        "b": {"dice": {"raw": {"m": 0.3}, "prepared": {"m": 0.8}}},
    }
    summary = summary_of(patients)
    assert summary["gain"]["m"]["mean"] == pytest.approx(0.65)
    assert summary["gain"]["m"]["interval"] == pytest.approx([0.5, 0.8])
    table = format_lgg({"summary": summary})
    assert "| m | 0.200 [0.100, 0.300] | 0.850 [0.800, 0.900] | 0.850 | 0.650" in table


def test_a_head_with_its_skull_on_is_answered_better_prepared_than_as_it_is(
    lgg, coarse_working_grid
):
    results = evaluate_lgg(lgg, "val", lgg / "persons.csv")
    assert results["left_out"] == ["seen"]
    assert list(results["patients"]) == ["made_up"]
    dice = results["patients"]["made_up"]["dice"]
    assert set(dice["prepared"]) == {"unet", "resnet_unet", "transunet", "consensus"}
    assert dice["prepared"]["consensus"] > 0.7
    assert dice["prepared"]["consensus"] > dice["raw"]["consensus"]
    assert results["command"].endswith("hospital-lgg --lgg DIR --persons FILE --split val")
