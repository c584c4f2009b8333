import json

import pytest

from common.errors import InputError
from inference.study.series.sidecar import facts_of_name, facts_of_sidecar

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
