import numpy as np

from common.labels import labels_to_regions
from inference.network.preprocess import prepare
from model_zoo.factory import create_model
from model_zoo.weights.provenance import Provenance
from training.data.patients import read_split
from training.data.slices import build_bank
from training.run.distillation import regions_of_teachers


def untrained(name, **_):
    return create_model(name), None


def test_it_lies_between_the_truth_and_the_teachers(monkeypatch, data_folder):
    case = next(read_split(data_folder, "train"))
    monkeypatch.setattr(
        "training.run.distillation.load_network", lambda name, **_: (create_model(name), None)
    )
    learned = regions_of_teachers(("edge_unet", "unet"), share=0.25)(case)
    truth = labels_to_regions(case.truth)
    assert learned.shape == truth.shape
    # An untrained teacher answers little; what is left of the truth is its share.
    assert np.all(learned[truth] >= 0.749)
    assert np.all(learned[~truth] <= 0.251)
    box = (slice(None), *prepare(case).box)
    assert learned[box].any()
    outside = learned.copy()
    outside[box] = 0
    assert not outside.any()


def test_a_bank_holds_what_is_learned(monkeypatch, data_folder):
    cases = list(read_split(data_folder, "train"))
    monkeypatch.setattr(
        "training.run.distillation.load_network", lambda name, **_: (create_model(name), None)
    )
    plain = build_bank(cases)
    taught = build_bank(cases, learned=regions_of_teachers(("edge_unet",), share=0.25))
    assert taught.targets.dtype.is_floating_point
    assert np.array_equal(plain.with_tumour, taught.with_tumour)


def test_answers_are_kept_by_the_weights_that_gave_them(monkeypatch, data_folder, tmp_path):
    case = next(read_split(data_folder, "train"))
    model = create_model("edge_unet")
    loaded = model, Provenance("here", "r1", "a" * 64)
    monkeypatch.setattr("training.run.distillation.load_network", lambda name, **_: loaded)
    fresh = regions_of_teachers(("edge_unet",), share=0.25)(case)
    first = regions_of_teachers(("edge_unet",), share=0.25, kept=tmp_path)(case)
    assert np.array_equal(fresh, first)
    [file] = tmp_path.rglob("*.npy")
    assert file.parent.name == "edge_unet_aaaaaaaaaaaa"
    monkeypatch.setattr("training.run.distillation.segment", None)
    again = regions_of_teachers(("edge_unet",), share=0.25, kept=tmp_path)(case)
    assert np.array_equal(first, again)
