from workspace.load import now


def test_says_what_it_must_not_be_used_for(page):
    app = page("about")
    assert not app.exception
    told = " ".join(m.value for m in app.markdown)
    for part in ("Not a medical device", "Privacy", "Limits", "28 patients"):
        assert part in told


def test_says_when_what_was_uploaded_is_gone(page):
    """See ``test_it_ends_a_session_while_streamlit_still_finds_it``."""
    told = " ".join(m.value.replace("\n", " ") for m in page("about").markdown)
    assert "within a minute of your page being closed, and within two of its losing" in told


def test_says_how_much_the_server_has_to_do(page, monkeypatch):
    monkeypatch.setattr(now, "load_now", lambda: now.Load(12, 1, 5, 812_000_000))
    [load] = [each.value for each in page("about").caption if "This server now" in each.value]
    assert load == "This server now: 12 visitors · 1 running, 5 waiting · 812 MB"
