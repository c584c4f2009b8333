from training.cards.learners_text import beside_text, copies_text, with_lgg_licence
from training.data.data_sets import BRATS, LGG


def test_who_learned_from_whole_patients_alone_says_nothing():
    patients = {"train": 28, "val": 4}
    assert beside_text(patients) == ""
    assert with_lgg_licence(BRATS, patients) is BRATS
    assert copies_text({}) == copies_text({"volume": {"copies": 0, "misalign": 0.5}}) == ""


def test_the_licence_of_the_heads_holds_for_the_weights():
    both = with_lgg_licence(BRATS, {"train": 42, "lgg_heads": 64})
    assert BRATS.licence in both.licence
    assert LGG.licence in both.licence
    assert both.licence_name == "brats-research-only-and-cc-by-nc-sa-4.0"
    assert both.datasets == ("brats2018", "brats2021", "tcga-lgg")
    assert len(set(both.tags)) == len(both.tags)


def test_partial_patients_and_heads_are_counted():
    text = beside_text({"train": 42, "partial": 11, "lgg_heads": 64})
    assert "11 lack a modality or a part of the truth" in text
    assert "64 patients of TCGA-LGG" in text


def test_copies_are_told_with_their_chances():
    volume = {"copies": 2, "share": 0.5, "thick_slices": 0.4, "misalign": 0.0}
    text = copies_text({"volume": volume})
    assert text == (
        " 50% of the draws are of changed copies of the scans, 2 of each: slices of 3 to 6 mm "
        "(40%)."
    )
