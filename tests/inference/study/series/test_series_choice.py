from inference.study.series.series_choice import nothing_fits


def test_what_does_not_fit_is_listed_a_sentence_each():
    said = nothing_fits("The exam", [("Series 4", "has 2 slices."), ("Series 5, ADC", "left out")])
    assert said == (
        "The exam has no series that can be read as T1, T1c, T2 or FLAIR of a head. "
        "Series 4: has 2 slices. Series 5, ADC: left out."
    )
