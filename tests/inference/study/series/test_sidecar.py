import json

import pytest

from common.errors import InputError
from inference.study.series.sidecar import facts_of_name, facts_of_sidecar, refusal_of_sidecar

WRITTEN = {
    "SeriesNumber": 7,
    "SeriesDescription": "t2_tirm_tra_dark-fluid",
    "ScanningSequence": "SE_IR",
    "ImageType": ["ORIGINAL", "PRIMARY", "M"],
    "EchoTime": 0.093,
    "RepetitionTime": 9,
    "InversionTime": 2.5,
    "MRAcquisitionType": "2D",
    "AcquisitionTime": "13:51:32.500000",
}


def test_seconds_become_milliseconds():
    facts = facts_of_sidecar(json.dumps(WRITTEN).encode(), "7.nii.gz")

    assert (facts.echo_time_ms, facts.repetition_time_ms, facts.inversion_time_ms) == (
        93.0,
        9000.0,
        2500.0,
    )
    assert facts.acquired_s == 13 * 3600 + 51 * 60 + 32.5
    assert facts.scanning_sequence == ("SE", "IR")
    assert facts.is_3d is False
    assert facts.number == 7


def test_without_a_description_the_name_speaks():
    assert facts_of_sidecar(b"{}", "t1_km.nii.gz").description == "t1_km"
    assert facts_of_name("t1_km.nii").description == "t1_km"


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_sidecar_is_refused_by_name(text: bytes):
    with pytest.raises(InputError, match=r"beside scan\.nii"):
        facts_of_sidecar(text, "scan.nii")


def test_values_of_another_kind_are_not_known():
    told = {"EchoTime": "fast", "SeriesNumber": None, "ImageType": 3, "RepetitionTime": 1e400}

    facts = facts_of_sidecar(json.dumps(told).encode(), "a.nii")

    assert facts.echo_time_ms is facts.number is facts.repetition_time_ms is None
    assert facts.image_type == ()


def test_a_name_that_was_not_anonymised_is_taken_out():
    told = WRITTEN | {"PatientName": "MEIER^HANS", "SeriesDescription": "T1 Meier"}

    assert facts_of_sidecar(json.dumps(told).encode(), "a.nii").description == "T1"


HOSTILE = "<img src=x onerror=a>{0}%n$(id)\r\n\x1b[31m\u202e=1+1\0"
TEXTS = (
    *("SeriesDescription", "ProtocolName", "SequenceName", "ContrastBolusAgent", "BodyPart"),
    *("ScanningSequence", "Manufacturer", "MRAcquisitionType", "AcquisitionTime"),
)


def test_whatever_a_stranger_writes_is_one_line_that_can_be_printed():
    told = dict.fromkeys(TEXTS, HOSTILE) | {"ImageType": [HOSTILE, 3]}
    named = facts_of_sidecar(b"{}", f"{HOSTILE}_t1.nii")
    for facts in (facts_of_sidecar(json.dumps(told).encode(), "a.nii"), named):
        fields = vars(facts).values()
        texts = [each for field in fields for each in (field if type(field) is tuple else [field])]
        assert all(text.isprintable() for text in texts if isinstance(text, str))
    assert named.description.startswith("<img src=x onerror=a>{0}%n$(id) [31m")


def test_what_is_refused_for_its_kind_is_one_line():
    text = json.dumps({"Modality": "C\n\x1b[31mT\u202e"}).encode()
    sentence = refusal_of_sidecar(text, "a\nb.nii")
    assert sentence == "a?b.nii is of the kind C [31MT, no MR."
    with pytest.raises(InputError) as refused:
        facts_of_sidecar(b"[", "a\nb.nii")
    assert str(refused.value).isprintable()
