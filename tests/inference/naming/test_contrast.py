import pytest

from inference.naming.contrast import Contrast
from inference.naming.words import name_terms
from tests.inference.naming.contrast_names import AFTER, ASK, BEFORE


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("T1 -KM", Contrast.BEFORE),
        ("T1 KM-", Contrast.BEFORE),
        ("T1 KM+", Contrast.AFTER),
        ("T1 Gd (-)", Contrast.BEFORE),
        ("T1-KM", Contrast.AFTER),
        ("t1_km", Contrast.AFTER),
        ("KM T1", Contrast.DOUBTFUL),
        ("KM T1 nach Gadovist", Contrast.AFTER),
        ("T1 mit und ohne KM", Contrast.DOUBTFUL),
        ("T1 with and without contrast", Contrast.DOUBTFUL),
        ("T1 w/o & w contrast", Contrast.DOUBTFUL),
        ("T1 post op", Contrast.DOUBTFUL),
        ("T1 post op KM", Contrast.AFTER),
        ("T1 preop", Contrast.SILENT),
        ("T1 axial", Contrast.SILENT),
        ("T1 kontraszt után", Contrast.AFTER),
        ("T1 utan kontrast", Contrast.BEFORE),
        ("t1_mprage_sag_ns-t2prep", Contrast.SILENT),
        ("GD MPRAGE", Contrast.DOUBTFUL),
    ],
)
def test_a_name_speaks_of_contrast(name: str, meant: Contrast):
    assert name_terms(name).contrast == meant


@pytest.mark.parametrize("name", ["MÜLLER_T1", "Mu\u0308ller T1", "ｍüｌｌｅｒ Ｔ１"])
def test_accents_and_widths_do_not_matter(name: str):
    assert name_terms(name).words == ("muller", "t1")


@pytest.mark.parametrize(
    ("meant", "names"),
    [(Contrast.BEFORE, BEFORE), (Contrast.AFTER, AFTER), (Contrast.DOUBTFUL, ASK)],
)
def test_before_and_after_in_many_languages(meant: Contrast, names: tuple[str, ...]):
    assert {name: name_terms(name).contrast for name in names} == dict.fromkeys(names, meant)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sub-01_acq-mpragepost_T1w", Contrast.AFTER),
        ("sub-01_acq-tflpost_T1w", Contrast.AFTER),
        ("sub-01_acq-axialpostgd_T1w", Contrast.AFTER),
        ("mpragepre", Contrast.BEFORE),
        ("mpragenogd", Contrast.BEFORE),
        ("mpragewithoutgd", Contrast.BEFORE),
        ("postT1", Contrast.AFTER),
        ("pret1", Contrast.BEFORE),
        ("SAGT1MPRAGEPOST", Contrast.AFTER),
        ("t1fsgd", Contrast.AFTER),
        ("gdmprage", Contrast.DOUBTFUL),
        ("spgrce", Contrast.AFTER),
    ],
)
def test_words_written_as_one_say_the_same(name: str, meant: Contrast):
    found = name_terms(name)
    assert (found.modalities, found.contrast) == ({"t1"}, meant)


@pytest.mark.parametrize("name", ["Lavater", "Compost", "Hastens", "Cece", "Pretorius", "Gadsby"])
def test_a_person_is_not_cut_to_pieces(name: str):
    assert name_terms(f"{name} T1").contrast == Contrast.SILENT
    assert name.casefold() in name_terms(f"{name} T1").words
