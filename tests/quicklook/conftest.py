"""The worker of the quick look on an empty page: no Streamlit, no server, no network."""

import base64

import pytest

from quicklook.component import _BROWSER
from tests.support.visitors import keep_process
from viewer.bundle import bundle

ADDRESS = "http://quick.test"

# Answers with the first message that is no progress: the scan, or why there is none.
ASK = """([script, files]) => new Promise((resolve) => {
    const url = URL.createObjectURL(new Blob([script], {type: "text/javascript"}));
    const worker = new Worker(url, {type: "module"});
    worker.onmessage = ({data}) => {
        worker.terminate();
        for (const modality of data.scan?.modalities ?? []) {
            let text = "";
            for (let i = 0; i < modality.bytes.length; i += 8192)
                text += String.fromCharCode(...modality.bytes.subarray(i, i + 8192));
            modality.bytes = btoa(text);
        }
        resolve(data);
    };
    const decoded = (text) => Uint8Array.from(atob(text), c => c.charCodeAt(0));
    worker.postMessage({files: files.map(([name, text]) => new File([decoded(text)], name))});
})"""


@pytest.fixture(scope="package")
def nowhere(browser):
    """A context in which every address is an empty page."""
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body="<!doctype html>"))
    keep_process(context, ADDRESS)
    yield context
    context.close()


@pytest.fixture
def blank(nowhere):
    """An empty page of its own."""
    page = empty_page(nowhere)
    yield page
    page.close()


def empty_page(nowhere):
    page = nowhere.new_page()
    page.goto(ADDRESS)
    return page


@pytest.fixture(scope="package")
def ask(nowhere):
    """What the worker answers to these files, given as (name, bytes)."""
    page = empty_page(nowhere)

    def answer(*files):
        encoded = [[name, base64.b64encode(content).decode()] for name, content in files]
        return page.evaluate(ASK, [bundle("worker.js", folder=_BROWSER), encoded])

    yield answer
    page.close()
