"""Panels to choose from, one at a time, hidden names, the truth that comes and goes, the keys."""

import re

from playwright.sync_api import expect

from tests.viewer.bench import bench_panels, choose, press, shown_names
from tests.viewer.screen import canvas, is_grey, picture, settle, voxels
from viewer import Panel
from workspace.display.page_frame import DISCLAIMER

ALL = ["Truth", "U-Net", "ResNet34 U-Net", "TransUNet"]
MODELS = ALL[1:]
HIDDEN = ["Model A", "Model B", "Model C"]


def test_one_to_four_panels_are_chosen_from_all_there_are(bench):
    page = bench()
    assert shown_names(page) == ALL
    consensus = page.get_by_role("button", name="Consensus", exact=True)
    expect(consensus).to_be_disabled()
    assert "Four panels at most" in consensus.get_attribute("title")
    choose(page, "TransUNet")
    choose(page, "Consensus")
    assert shown_names(page) == ["Truth", "U-Net", "ResNet34 U-Net", "Consensus"]
    for name in ["Truth", "U-Net", "Consensus"]:
        choose(page, name)
    choose(page, "Image only")
    choose(page, "ResNet34 U-Net")
    assert shown_names(page) == ["Image only"]
    expect(page.get_by_role("button", name="Image only", exact=True)).to_be_disabled()
    assert is_grey(picture(page, "Image only"))
    assert picture(page, "Image only").max() > 0


def test_more_models_than_panels_leave_the_first_four(bench):
    many = [Panel(f"m{n}", f"Model number {n}", "#fff", bench_panels()[1].labels) for n in range(6)]
    page = bench(panels=many)
    assert shown_names(page) == [panel.name for panel in many[:4]]


def test_n_shows_one_model_after_the_other_and_p_all_again(bench):
    page = bench()
    seen = []
    for _ in range(4):
        press(page, "n")
        seen += shown_names(page)
    assert seen == [*MODELS, MODELS[0]]
    width = canvas(page, "U-Net").bounding_box()["width"]
    assert width > 1000
    page.get_by_role("button", name="Show TransUNet").click()
    settle(page)
    assert shown_names(page) == ["TransUNet"]
    press(page, "p")
    assert shown_names(page) == ALL


def test_keys_are_heard_over_the_pictures_before_anything_is_clicked(bench):
    page = bench()
    canvas(page, "U-Net").hover()
    page.keyboard.press("t")
    settle(page)
    assert shown_names(page) == MODELS
    page.locator("main").evaluate(
        "main => main.before(document.createElement('input'), document.createElement('hr'))"
    )
    page.locator("hr").hover()
    page.keyboard.press("t")
    settle(page)
    assert shown_names(page) == MODELS, "the mouse is elsewhere"
    page.locator("input").first.focus()
    canvas(page, "U-Net").hover()
    page.keyboard.press("t")
    settle(page)
    assert shown_names(page) == MODELS, "it is typed into a field"


def test_t_hides_and_reveals_the_truth(bench):
    page = bench()
    press(page, "t")
    assert shown_names(page) == MODELS
    press(page, "t")
    assert shown_names(page) == ALL
    press(page, "n", "n", "t")
    assert shown_names(page) == ["Truth"]
    press(page, "t")
    assert shown_names(page) == ["ResNet34 U-Net"]


def test_without_truth_t_changes_nothing(bench):
    page = bench(panels=bench_panels(truth=False))
    press(page, "t")
    assert shown_names(page) == MODELS


def test_h_hides_who_drew_what_until_it_is_revealed(bench):
    page = bench("?blind=3&opacity=100&axial=10")
    assert shown_names(page) == ["Truth", *HIDDEN]
    text = page.locator(".compare").inner_text()
    labels = page.locator("[aria-label], [title]").evaluate_all(
        "nodes => nodes.map(n => `${n.ariaLabel} ${n.title}`).join(' ')"
    )
    for name in MODELS:
        assert name not in text + labels
    assert "1.0 s" not in text  # nor by its time or its Dice
    assert "WT .90" not in text
    colours = page.locator("figure").evaluate_all(
        "nodes => nodes.map(n => n.style.getPropertyValue('--colour'))"
    )
    assert len(set(colours[1:])) == 1
    press(page, "h")
    assert shown_names(page) == ALL
    press(page, "h")
    assert shown_names(page) == ["Truth", *HIDDEN]
    page.get_by_role("button", name="Reveal the models' names").click()
    settle(page)
    assert shown_names(page) == ALL


def test_the_page_around_hears_whether_names_are_hidden(bench):
    page = bench("?blind=3")
    told = "document.documentElement.getAttribute('data-names-bench')"
    assert page.evaluate(told) == "hidden"
    press(page, "h")
    assert page.evaluate(told) == "shown"
    press(page, "h")
    assert page.evaluate(told) == "hidden"


def test_why_a_hidden_model_failed_is_not_told(bench):
    failed = Panel("unet", "U-Net", "#E69F00", status="failed", message="U-Net has no weights.")
    page = bench("?blind=3", panels=[failed])
    assert shown_names(page) == ["Model A"]
    assert "U-Net" not in page.locator(".compare").inner_text()
    press(page, "h")
    assert "U-Net has no weights." in page.locator(".compare").inner_text()


def test_the_address_names_no_hidden_model_and_opens_the_same_view(bench):
    page = bench("?blind=3&opacity=100&axial=10")
    press(page, "t", "n", "n")
    (shown,) = shown_names(page)
    page.wait_for_timeout(600)  # the address has followed by then
    search = page.evaluate("location.search")
    assert "panels=" in search
    assert "panel=" in search
    assert "unet" not in search
    again = bench(search)
    assert shown_names(again) == [shown]
    assert drawings(again, [shown]) == drawings(page, [shown])
    press(again, "p")
    assert shown_names(again) == HIDDEN


def drawings(page, names):
    return [voxels(page, name).tobytes() for name in names]


def test_the_order_of_hidden_names_is_shuffled_by_the_seed(bench):
    page = bench("?opacity=100&axial=10")
    open_order = drawings(page, MODELS)
    orders = set()
    for seed in (1, 2, 3):
        drawn = drawings(bench(f"?opacity=100&axial=10&blind={seed}"), HIDDEN)
        assert sorted(drawn) == sorted(open_order)
        orders.add(tuple(drawn))
    assert len(orders) > 1
    again = drawings(bench("?opacity=100&axial=10&blind=3"), HIDDEN)
    assert tuple(again) == tuple(drawn)


def test_the_bars_do_not_tell_of_a_hidden_truth(bench):
    models = [panel for panel in bench_panels() if panel.key in ("truth", "unet")]
    empty = Panel("unet", "U-Net", "#E69F00", models[1].labels * 0)
    page = bench("?panels=unet", panels=[models[0], empty])
    assert page.locator("canvas.bars").evaluate(
        """canvas => canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data.every(byte => byte === 0)"""
    )


def test_where_no_tumour_was_drawn_there_is_no_largest(bench):
    panels = bench_panels()
    empty = Panel("truth", "Truth", "#999999", panels[0].labels * 0, reference=True)
    page = bench(panels=[empty, *panels[1:]])
    largest = page.get_by_role("button", name="Largest tumour")
    expect(largest).to_be_disabled()
    expect(largest).to_have_attribute("title", "No tumour was drawn")
    press(page, "t", "End")
    expect(largest).to_have_attribute("title", "To the slice with the largest tumour (M)")
    largest.click()
    expect(page.locator(".readout")).to_have_text("slice 10 of 20")


def test_the_list_of_keys_opens_closes_and_names_keys_that_work(bench):
    page = bench()
    dialog = page.get_by_role("dialog", name="Keys and mouse")
    press(page, "?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Keys and mouse").click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_every_key_does_what_the_list_says(bench):
    page = bench()
    pressed = page.get_by_role("button", pressed=True)

    def on(name):
        return name in [text.strip() for text in pressed.all_inner_texts()]

    for key, name in {"c": "Cor", "s": "Sag", "a": "Axial", "1": "T1", "3": "T2"}.items():
        press(page, key)
        assert on(name), key
    for name in ("Probability", "Disagreement", "Errors", "Labels"):
        press(page, "l")
        assert on(name)
    press(page, "l")
    for name in ("TC", "ET", "WT"):
        press(page, "r")
        assert on(name)
    press(page, "o", "l", "l", "l")
    assert on("Outline")
    press(page, "-", "x")
    assert page.locator(".spot").inner_text() != ""
    press(page, "End", "m")
    assert page.locator(".readout").inner_text() == "slice 10 of 20"
    press(page, "f")
    expect(page.get_by_role("button", name="Leave full screen")).to_be_attached()


def test_full_screen_has_larger_type(bench):
    page = bench()
    name = page.locator(".name").first
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    before = name.evaluate(size)
    choose(page, "Full screen (F)")
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    assert name.evaluate(size) > 1.3 * before
    choose(page, "Leave full screen (F)")
    expect(page.get_by_role("button", name="Full screen (F)", exact=True)).to_be_visible()


def test_full_screen_says_what_this_is_not(bench):
    page = bench()
    sentence = page.get_by_text(DISCLAIMER)
    expect(sentence).to_be_hidden()  # the page says it
    choose(page, "Full screen (F)")
    expect(sentence).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Largest tumour")).to_be_in_viewport(ratio=1)
    choose(page, "Leave full screen (F)")
    expect(sentence).to_be_hidden()


def test_everything_is_reached_by_the_tab_key(bench):
    page = bench()
    focused = "() => { let a = document.activeElement; while (a?.shadowRoot?.activeElement)"
    focused += " a = a.shadowRoot.activeElement; return a?.ariaLabel || a?.innerText || ''; }"
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused).strip())
    for name in ("FLAIR", "Sagittal", "Errors", "Outline", "TransUNet", "Window width", "Slice"):
        assert name in reached
    assert any(re.match("Panels", name) for name in reached)
