import pytest

from synthetic.study.identity import moment, person_of, uid


def test_a_uid_follows_from_its_parts_alone_and_is_valid():
    assert uid("a", b"b") == uid("a", "b")
    assert uid("ab", "") != uid("a", "b")
    assert uid("a").is_valid
    assert uid("a").startswith("2.25.")


def test_time_goes_on_over_the_hour():
    assert moment(45 * 60) == ("20240301", "101500.000000")


@pytest.mark.parametrize("variant", ["plain", "latin1", "japanese"])
def test_every_patient_is_marked_as_synthetic(variant):
    assert person_of(variant).number.startswith("SYNTHETIC")
