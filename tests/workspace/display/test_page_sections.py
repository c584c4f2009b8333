from streamlit.testing.v1 import AppTest

from workspace.display.page_sections import Section


def page():
    import streamlit as st

    from workspace.display.page_sections import Section, contents, draw_sections

    sections = [
        Section("The triple sigmoid", lambda: st.text("first")),
        Section("What's next?", lambda: st.text("second")),
    ]
    contents(sections)
    draw_sections(sections)


def test_links_lead_to_the_headings_in_their_order():
    app = AppTest.from_function(page).run()
    assert not app.exception
    links = "[The triple sigmoid](#the-triple-sigmoid) · [What's next?](#what-s-next)"
    assert app.markdown[0].value == f"On this page: {links}"
    assert [each.proto.anchor for each in app.subheader] == ["the-triple-sigmoid", "what-s-next"]
    assert [each.value for each in app.text] == ["first", "second"]


def test_an_anchor_has_nothing_that_an_address_would_escape():
    assert Section("Dice & HD95: café", print).anchor == "dice-hd95-caf"
