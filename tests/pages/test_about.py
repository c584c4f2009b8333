def test_says_what_it_must_not_be_used_for(page):
    app = page("about")
    assert not app.exception
    told = " ".join(m.value for m in app.markdown)
    for part in ("Not a medical device", "Privacy", "Limits", "28 patients"):
        assert part in told
