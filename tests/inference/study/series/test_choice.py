from dataclasses import replace

import pytest

from inference.dicom.file_headers.facts import SeriesFacts
from inference.study.series.choice import choose

T1 = SeriesFacts(number=1, description="AX T1", acquired_s=100.0)
T1C = SeriesFacts(number=5, description="AX T1 +C", acquired_s=500.0)
T2 = SeriesFacts(number=2, description="AX T2", acquired_s=200.0)
FLAIR = SeriesFacts(number=3, description="AX FLAIR", acquired_s=300.0)
LOCALISER = SeriesFacts(number=0, description="3 Plane Loc")


def in_voxels(facts: SeriesFacts, mm: float, *, count: int = 160) -> SeriesFacts:
    return replace(facts, shape=(240, 240, count), spacing_mm=(1.0, 1.0, mm))


def test_one_series_for_each_modality():
    choice = choose([LOCALISER, T1, T2, FLAIR, T1C])

    assert choice.chosen == {"t1": 1, "t1c": 4, "t2": 2, "flair": 3}
    assert not choice.missing
    assert not choice.unclear
    assert choice.rows[0].reason == "localiser: left out"


def test_of_two_after_contrast_the_thinner_one():
    thick, thin = in_voxels(T1C, 5.0, count=30), in_voxels(T1C, 1.0)

    choice = choose([T1, thick, thin])

    assert choice.chosen["t1c"] == 2
    assert "of 2 series for T1c the thinner one" in choice.rows[2].reason
    assert choice.rows[1].chosen is None


def test_a_thin_slab_does_not_win():
    slab, head = in_voxels(T1C, 2.0, count=20), in_voxels(T1C, 5.0, count=30)

    assert choose([T1, slab, head]).chosen["t1c"] == 2


def test_a_reformat_only_where_nothing_acquired_is_there():
    made = in_voxels(replace(T1C, image_type=("DERIVED", "SECONDARY", "MPR"), is_3d=True), 1.0)
    acquired = in_voxels(T1C, 5.0, count=30)

    assert choose([T1, made, acquired]).chosen["t1c"] == 2
    assert choose([T1, made]).chosen["t1c"] == 1


def test_of_repeats_the_later():
    again = replace(T2, number=4, acquired_s=400.0)

    assert choose([T1, again, T2]).chosen["t2"] == 1


def test_a_silent_t1_acquired_after_contrast_shows_it():
    silent = replace(in_voxels(T1, 1.0), number=9, acquired_s=900.0)

    choice = choose([in_voxels(T1, 5.0, count=30), silent, T1C])

    assert choice.chosen["t1"] == 0
    assert "acquired after contrast was given" in choice.rows[1].reason


def test_perfusion_gives_contrast():
    perfusion = SeriesFacts(number=8, description="ep2d_perf", acquired_s=350.0)
    silent = replace(T1, number=9, acquired_s=900.0)

    assert choose([T1, perfusion, silent]).chosen == {"t1": 0, "t1c": 2}


def test_where_no_t1_is_left_from_before_it_is_asked():
    choice = choose([replace(T1, acquired_s=900.0), T1C])

    assert choice.chosen == {"t1c": 1}
    assert [row.index for row in choice.unclear] == [0]


def test_the_tag_counts_where_it_tells_two_apart():
    bare, tagged = (
        replace(T1, acquired_s=None),
        replace(T1, acquired_s=None, contrast_agent="Gadovist", number=7),
    )

    assert choose([bare, tagged]).chosen == {"t1": 0, "t1c": 1}


def test_a_tag_on_every_t1_tells_nothing():
    tagged = replace(T1, acquired_s=None, contrast_agent="Gadovist")

    choice = choose([tagged, replace(tagged, number=7)])

    assert not choice.chosen
    assert len(choice.unclear) == 2


def test_a_stale_tag_does_not_outweigh_a_name():
    choice = choose([replace(T1, acquired_s=None, contrast_agent="Gadovist"), T1C])

    assert choice.chosen == {"t1": 0, "t1c": 1}


def test_two_t1_of_one_name_are_asked_about():
    plain = replace(T1, acquired_s=None)

    assert len(choose([plain, replace(plain, number=7)]).unclear) == 2


def test_the_user_decides():
    choice = choose([T1, T1C, T2], fixed={"t1c": 0})

    assert choice.chosen["t1c"] == 0
    assert choice.rows[0].reason == "chosen by you"
    assert "t1" not in choice.chosen
    with pytest.raises(IndexError):
        choose([T1], fixed={"t1": 3})


def test_what_is_missing_is_said():
    missing = choose([T1, T2]).missing

    assert len(missing) == 2
    assert missing[0].startswith("No T1 after contrast was found")


def test_an_unclear_series_is_asked_about_only_where_it_could_fill_a_place():
    unclear = SeriesFacts(number=9, description="Brain")

    assert choose([T1, T2, unclear]).unclear
    assert not choose([T1, T1C, T2, FLAIR, unclear]).unclear
