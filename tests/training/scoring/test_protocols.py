"""Every protocol against a plain loop over pixels, and the fault that calls everything tumour."""

import json
import shutil

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from inference.metrics import dice
from training.__main__ import main
from training.scoring.protocols import PROTOCOLS, compare_protocols, format_protocols
from training.scoring.slice_counts import SliceCounts


@pytest.fixture(scope="module")
def masks():
    """Three patients of (3, 12, 9, 9), most slices without tumour in truth."""
    random = np.random.default_rng(0)
    truths = random.random((3, 3, 12, 9, 9)) < 0.3
    truths[:, 0] |= truths[:, 1] | truths[:, 2]
    truths[:, :, :7] = False
    drawn = truths & (random.random(truths.shape) < 0.7)
    drawn[0, :, 2, 4, 4] = True  # a false slice
    return drawn, truths


@pytest.fixture(scope="module")
def scores(masks):
    patients = [SliceCounts.of(*each) for each in zip(*masks, strict=True)]
    return {key: protocol.score(patients)[0] for key, protocol in PROTOCOLS.items()}


@pytest.fixture(scope="module")
def slices(masks):
    """All (drawn, true) slices of WT, patient after patient."""
    return [
        pair
        for drawn, true in zip(*masks, strict=True)
        for pair in zip(drawn[0], true[0], strict=True)
    ]


def pooled(pairs):
    return dice(*(np.stack(each) for each in zip(*pairs, strict=True)))


def test_honest_is_the_mean_over_patients_in_3d(masks, scores):
    expected = np.mean([dice(d[0], t[0]) for d, t in zip(*masks, strict=True)])
    assert scores["honest"] == pytest.approx(expected)


def test_batches_of_tumour_slices(slices, scores):
    with_tumour = [pair for pair in slices if pair[1].any()]
    batches = [with_tumour[start : start + 16] for start in range(0, len(with_tumour), 16)]
    assert len(batches) == 1
    assert scores["batches_of_tumour"] == pytest.approx(np.mean([pooled(b) for b in batches]))


def test_pooled_tumour_slices(slices, scores):
    assert scores["pooled_tumour"] == pytest.approx(pooled([p for p in slices if p[1].any()]))


def test_mean_over_slices_counts_empty_as_1(slices, scores):
    assert scores["per_slice"] == pytest.approx(np.mean([dice(*pair) for pair in slices]))


def test_background_as_a_class(slices, scores):
    background = [(~drawn, ~true) for drawn, true in slices]
    assert scores["with_background"] == pytest.approx((pooled(slices) + pooled(background)) / 2)


def test_accuracy_is_the_dice_of_both_classes_in_one_sum(slices, scores):
    one_hot = [(np.stack([d, ~d]), np.stack([t, ~t])) for d, t in slices]
    assert scores["pixel_accuracy"] == pytest.approx(pooled(one_hot))


def test_the_other_protocols_flatter(scores):
    assert scores["honest"] < min(scores["per_slice"], scores["pixel_accuracy"])


@pytest.fixture(scope="module")
def told(data_folder, tmp_path_factory):
    file = tmp_path_factory.mktemp("protocols") / "protocols.json"
    command = ["protocols", "--data", str(data_folder), "--split", "val", "--model", "unet"]
    assert main([*command, "--json", str(file)]) == 0
    return json.loads(file.read_text())


def test_the_honest_row_is_what_evaluate_tells(told, data_folder, tmp_path):
    file = tmp_path / "scores.json"
    command = ["evaluate", "--data", str(data_folder), "--split", "val", "--model", "unet"]
    assert main([*command, "--json", str(file)]) == 0
    summary = json.loads(file.read_text())["models"]["unet"]["summary"]["all"]
    honest = told["models"]["unet"]["protocols"]["honest"]
    assert {r: honest[r] for r in ("wt", "tc", "et")} == pytest.approx(
        {r: summary["dice"][r]["mean"] for r in ("wt", "tc", "et")}
    )


def test_three_sigmoids_call_every_pixel_tumour(told, data_folder):
    from training.data.patients import read_split

    (case,) = read_split(data_folder, "val")
    triple = told["triple_sigmoid"]
    assert triple["share_of_pixels"] == 1
    everything = np.ones(case.shape, bool)
    assert triple["dice"]["wt"] == pytest.approx(dice(everything, case.truth > 0))
    slices = [dice(everything[..., z], case.truth[..., z] > 0) for z in range(case.shape[2])]
    assert triple["per_slice"]["wt"] == pytest.approx(np.mean(slices))
    assert triple["models"]["unet"]["share_of_pixels"] == 1


def test_the_table_has_a_row_a_protocol_and_the_fault(told):
    table = format_protocols(told)
    for protocol in PROTOCOLS.values():
        assert f"| unet | {protocol.title} |" in table
    assert table.count("Triple sigmoid") == 2
    assert f"{told['triple_sigmoid']['dice']['wt']:.3f}" in table


def test_a_model_that_answers_fewer_regions_is_not_scored_on_all_of_them(data_folder, capsys):
    """Its tumour core would be 0, or 1 where the truth has none, though it says nothing of it."""
    command = ["protocols", "--data", str(data_folder), "--split", "val", "--model", "flair_unet"]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert "flair_unet answers WT alone" in error
    assert error.count("\n") == 1


def test_a_truth_that_tells_of_fewer_regions_is_not_scored_on_all_of_them(data_folder, tmp_path):
    (tmp_path / "cases.csv").write_text("case,split\nc,val\n")
    shutil.copytree(data_folder / "c", tmp_path / "c")
    (file,) = (tmp_path / "c").glob("*seg*")
    truth = nib.load(file)
    one_mask = (truth.get_fdata() > 0).astype(np.uint8) * 255
    nib.save(nib.Nifti1Image(one_mask, truth.affine), file)
    with pytest.raises(InputError, match="truth of c marks WT alone"):
        compare_protocols(tmp_path, "val", ("edge_unet",))
