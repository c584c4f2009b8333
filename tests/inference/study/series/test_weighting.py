import pytest

from inference.dicom.file_headers.facts import SeriesFacts
from inference.naming.words import name_terms
from inference.study.series.weighting import Certainty, Weighting, times_in_words, weighting_of


def weighted(name: str = "", te=None, tr=None, ti=None, sequence=()) -> Weighting | None:
    facts = SeriesFacts(
        echo_time_ms=te,
        repetition_time_ms=tr,
        inversion_time_ms=ti,
        scanning_sequence=sequence,
    )
    return weighting_of(facts, name_terms(name))


@pytest.mark.parametrize(
    ("times", "kind", "certainty"),
    [
        ((94, 5100), "t2", Certainty.CERTAIN),
        ((120, 9000, 2500), "flair", Certainty.CERTAIN),
        ((3, 2300, 900), "t1", Certainty.CERTAIN),
        ((20, 2500), "pd", Certainty.LIKELY),
        ((60, 4500, 160), "stir", Certainty.CERTAIN),
    ],
)
def test_times_alone_tell_a_weighting(times: tuple, kind: str, certainty: Certainty):
    weighting = weighted("", *times)

    assert (weighting.kind, weighting.certainty) == (kind, certainty)


def test_neither_times_nor_a_name_tell_none():
    assert weighted("Head", 45, 1500) is None


def test_a_name_alone_is_likely():
    assert weighted("T2 axial") == Weighting("t2", "T2 by its name", Certainty.LIKELY)


def test_the_times_have_the_last_word_and_the_reason_says_so():
    weighting = weighted("T1 axial", 94, 5100)

    assert weighting == Weighting(
        "t2", "TE 94 ms, TR 5100 ms: T2, though its name says T1", Certainty.LIKELY
    )


def test_a_flair_whose_header_lacks_ti_stays_one():
    assert weighted("AX FLAIR", 120, 9000).kind == "flair"


def test_inversion_recovery_with_the_times_of_a_t2_is_a_flair():
    weighting = weighted("", 94, 5100, None, ("SE", "IR"))

    assert (weighting.kind, weighting.certainty) == ("flair", Certainty.LIKELY)


def test_times_are_said_in_words_and_a_ti_of_0_is_none():
    facts = SeriesFacts(echo_time_ms=94, repetition_time_ms=5100, inversion_time_ms=0)

    assert times_in_words(facts) == "TE 94 ms, TR 5100 ms"
    assert times_in_words(SeriesFacts()) == ""
