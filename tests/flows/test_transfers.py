"""A file whose transfer fails stays on the desk, named, and a reload keeps desk and case."""

import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS, drop_files

pytestmark = pytest.mark.browser

UPLOADS = "**/_stcore/upload_file/**"
# Both before the server can have answered the first.
CLEAR_AND_DROP = """() => {
  [...document.querySelectorAll("button")].find((b) => b.innerText.includes("Clear all")).click();
  const input = document.querySelector("input[type=file]"), transfer = new DataTransfer();
  transfer.items.add(new File(["of the next case"], "next_t1.nii.gz"));
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def test_a_file_that_did_not_arrive_is_sent_again(page, few_slices):
    files = sorted(few_slices.glob("*_t*"))
    page.goto("/")
    page.locator("input[type=file]").wait_for(state="attached")
    page.wait_for_timeout(1000)
    failing = {"left": 1}

    def fail_once(route):
        # The third of them, as when a connection breaks.
        sent = route.request.post_data_buffer or b""
        if route.request.method == "PUT" and b"t1ce" in sent and failing["left"]:
            failing["left"] -= 1
            return route.abort()
        return route.continue_()

    page.route(UPLOADS, fail_once)
    drop_files(page, *files)
    lost = page.get_by_text("small_t1ce.nii.gz did not arrive")
    expect(lost.first).to_be_visible(timeout=PATIENCE_MS)
    opens = page.get_by_role("button", name="Open these files")
    expect(opens).to_be_disabled()
    page.get_by_role("button", name="Try again").click()
    expect(lost.first).to_be_hidden(timeout=PATIENCE_MS)
    expect(opens).to_be_enabled(timeout=PATIENCE_MS)
    expect(page.get_by_text("small_t1ce.nii.gz").first).to_be_visible()


def test_a_file_that_did_not_arrive_is_still_missed_after_a_reload(page, few_slices):
    page.goto("/")
    page.route(UPLOADS, lambda route: lose(route, b"t1ce"))
    drop_files(page, *sorted(few_slices.glob("*_t*")))
    expect(page.get_by_text("small_t1ce.nii.gz did not arrive").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.unroute(UPLOADS)
    page.wait_for_function("document.cookie.includes('gliolens-visit')")
    page.reload()
    opens = page.get_by_role("button", name="Open these files")
    missed = page.get_by_text("small_t1ce.nii.gz did not arrive before this page was loaded anew")
    expect(missed).to_be_visible(timeout=PATIENCE_MS)
    expect(opens).to_be_disabled()
    drop_files(page, *few_slices.glob("*_t1ce*"))
    expect(missed).to_be_hidden(timeout=PATIENCE_MS)
    expect(opens).to_be_enabled(timeout=PATIENCE_MS)


def test_what_is_dropped_while_the_desk_is_being_cleared_is_named(page, few_slices):
    page.goto("/")
    drop_files(page, *few_slices.glob("*_t1.*"))
    clear = page.get_by_role("button", name="Clear all")
    clear.wait_for()
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    page.evaluate(CLEAR_AND_DROP)
    missed = page.get_by_text("next_t1.nii.gz did not arrive")
    expect(missed.first).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("small_t1.nii.gz")).to_have_count(0)
    page.get_by_role("button", name="Leave it out").click()
    expect(missed).to_have_count(0)


def lose(route, name):
    sent = route.request.post_data_buffer or b""
    return route.abort() if name in sent[:600] else route.continue_()


def test_a_reload_keeps_the_desk_and_the_open_case(page, few_slices):
    page.goto("/")
    drop_files(page, *sorted(few_slices.glob("*")))
    opens = page.get_by_role("button", name="Open these files")
    expect(opens).to_be_enabled(timeout=PATIENCE_MS)
    page.wait_for_timeout(1000)
    page.reload()
    expect(opens).to_be_enabled(timeout=PATIENCE_MS)
    expect(page.get_by_text("small_t1ce.nii.gz").first).to_be_visible()
    opens.click()
    page.wait_for_url("**/compare*")
    expect(page.get_by_text("4/4 modalities").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(2000)
    page.reload()
    expect(page.get_by_text("4/4 modalities").first).to_be_visible(timeout=PATIENCE_MS)


def test_a_page_that_is_loaded_anew_before_it_was_drawn_keeps_the_open_case(page, few_slices):
    page.goto("/")
    drop_files(page, *sorted(few_slices.glob("*")))
    page.get_by_role("button", name="Open these files").click(timeout=PATIENCE_MS)
    page.wait_for_url("**/compare*")
    expect(page.get_by_text("4/4 modalities").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(2000)
    # The first visit of an address has the theme set, for which the page loads itself anew at once.
    page.emulate_media(color_scheme="light")
    page.goto("/benchmark")
    page.wait_for_timeout(2000)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("4/4 modalities").first).to_be_visible(timeout=PATIENCE_MS)


def test_what_is_kept_no_more_is_said(page):
    page.goto("/")
    page.locator("input[type=file]").wait_for(state="attached")
    page.wait_for_timeout(2000)
    page.evaluate("document.cookie = 'gliolens-visit=long-gone; path=/'")
    page.reload()
    see = page.get_by_text("What was open here before has been let go of")
    expect(see).to_be_visible(timeout=PATIENCE_MS)
