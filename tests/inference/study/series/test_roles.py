import pytest

from inference.dicom.file_headers.facts import SeriesFacts
from inference.study.series.roles import Role, classify
from inference.study.series.weighting import Certainty
from tests.inference.study.series_names import LEFT_OUT, NAMES, UNCLEAR, Named


def told(role: Role) -> str:
    if role.certainty == Certainty.UNCLEAR:
        return UNCLEAR
    return role.modality or LEFT_OUT


@pytest.mark.parametrize(
    "named", NAMES, ids=[f"{at}: {one.description}" for at, one in enumerate(NAMES)]
)
def test_a_series_is_what_its_name_and_times_say(named: Named):
    role = classify(named.facts)

    assert told(role) == named.meant, role.reason


@pytest.mark.parametrize(
    ("times", "meant"),
    [
        ((94, 5100, None), "t2"),
        ((94, 5100, 0), "t2"),
        ((120, 9000, 2500), "flair"),
        ((194, 4000, 1400), "flair"),
        ((3, 2300, 900), "t1"),
        ((8, 500, None), "t1"),
        ((20, 2500, None), LEFT_OUT),
        ((60, 4500, 160), LEFT_OUT),
        ((45, 1500, None), UNCLEAR),
    ],
)
def test_times_alone_suffice(times: tuple, meant: str):
    te, tr, ti = times

    role = classify(SeriesFacts(echo_time_ms=te, repetition_time_ms=tr, inversion_time_ms=ti))

    assert told(role) == meant


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (
            SeriesFacts(description="T1", image_type=("DERIVED", "SECONDARY", "SUBTRACTION")),
            "subtr",
        ),
        (SeriesFacts(description="Head", image_type=("DERIVED", "PRIMARY", "ADC")), "diffusion"),
        (SeriesFacts(description="T2", b_value=1000.0), "diffusion"),
        (SeriesFacts(description="Ax", scanning_sequence=("EP", "SE")), "echo-planar"),
        (SeriesFacts(echo_time_ms=20, repetition_time_ms=28, scanning_sequence=("GR",)), "blood"),
        (SeriesFacts(description="T2 TSE SAG", body_part="CSPINE"), "other part"),
    ],
)
def test_the_header_leaves_out_too(facts: SeriesFacts, reason: str):
    role = classify(facts)

    assert role.modality is None
    assert reason in role.reason


def test_a_silent_description_lets_the_protocol_speak():
    role = classify(SeriesFacts(description="Head", protocol="t2_tirm_tra_dark-fluid"))

    assert role.modality == "flair"
