"""The Models page says where the weights are from when the Hub is configured."""

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from model_zoo.weights import hub as hub_module
from model_zoo.weights.hub_pin import environment_variable
from model_zoo.weights.provenance import EMBEDDED
from tests.conftest import ROOT
from tests.pages.conftest import EMBEDDED_MODELS
from tests.support.hub_client import client_environment, point_client
from tests.support.hub_server import run_hub
from workspace.jobs import segmentation
from workspace.jobs.queue.job_queue import JobQueue
from workspace.models import loaded_models

REPOSITORY = "lab/gliolens-unet"
# A loaded machine of two cores starts the app and loads three models in this time.
PATIENCE_MS = 240_000


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A Hub with the embedded weights of the U-Net; nothing is loaded yet."""
    with run_hub() as hub:
        hub.add(REPOSITORY, EMBEDDED / "unet")
        point_client(monkeypatch, hub.address, tmp_path / "home")
        monkeypatch.setattr(hub_module, "_silent_until", 0.0)
        monkeypatch.setattr(loaded_models, "_held", {})
        monkeypatch.setattr(loaded_models, "_outcomes", {})
        yield hub


@pytest.fixture
def pin(hub):
    return f"{REPOSITORY}@{hub.repositories[REPOSITORY].branches['main']}"


def told(app):
    """What the page says of the weights, without the marks that keep it from being Markdown."""
    texts = [element.value for element in [*app.markdown, *app.warning, *app.error]]
    return "\n".join(texts).replace("\\", "")


class Waiting:
    """A queue in which nothing gets its turn."""

    def __init__(self):
        self.keys = []

    def submit(self, key, _, **how):
        self.keys.append(key)


def test_before_it_is_loaded_the_page_says_what_is_being_loaded(page, pin, monkeypatch):
    queue = Waiting()
    monkeypatch.setattr(segmentation, "queue", queue)
    monkeypatch.setenv(environment_variable("unet"), pin)
    app = page("models")
    commit = pin.split("@")[1]
    wanted = f"Hugging Face Hub {REPOSITORY} at revision {commit[:7]}, being loaded"
    assert wanted in told(app)
    assert told(app).count("Embedded weights, revision") == len(EMBEDDED_MODELS) - 1
    assert ("warm up", "unet") in queue.keys


def test_weights_of_the_hub_are_named_with_their_curve(page, pin, monkeypatch):
    monkeypatch.setenv(environment_variable("unet"), pin)
    loaded_models.loaded_model("unet")
    app = page("models")
    assert not app.exception
    assert f"Hugging Face Hub {REPOSITORY} at revision {pin.split('@')[1][:7]}, 16 MB" in told(app)
    assert "being loaded" not in told(app)
    assert not app.warning
    assert len([c for c in app.caption if "while it learned" in c.value]) == len(EMBEDDED_MODELS)


def test_the_fall_back_is_told(page, pin, monkeypatch, tmp_path):
    monkeypatch.setenv(environment_variable("unet"), pin)
    point_client(monkeypatch, "http://127.0.0.1:9", tmp_path)
    loaded_models.loaded_model("unet")
    app = page("models")
    (warning,) = app.warning
    assert "it cannot be reached" in warning.value
    assert told(app).count("Embedded weights, revision") == len(EMBEDDED_MODELS)


def test_an_unpinned_revision_is_an_error_of_that_model_alone(page, monkeypatch):
    monkeypatch.setenv(environment_variable("unet"), f"{REPOSITORY}@main")
    app = page("models")
    (error,) = app.error
    assert "moves with every upload" in error.value
    assert told(app).count("Embedded weights, revision") == len(EMBEDDED_MODELS) - 1


def test_a_secret_that_is_no_text_is_an_error_in_words():
    app = AppTest.from_file(ROOT / "pages" / "models.py", default_timeout=120)
    app.secrets["hub"] = {"unet": 5}
    app.run()
    assert "must be a text such as" in app.error[0].value


@pytest.mark.slow
def test_the_compare_page_tells_of_other_weights(page, settled, opened, pin, monkeypatch):
    # What the embedded weights answered to this case in other tests is not asked for here.
    monkeypatch.setattr(segmentation, "queue", JobQueue())
    monkeypatch.setenv(environment_variable("unet"), pin)
    app = settled(page("compare", open_case=opened))
    captions = "\n".join(caption.value for caption in app.caption).replace("\\", "")
    assert f"U-Net: weights from Hugging Face Hub {REPOSITORY} at revision" in captions
    assert "TransUNet: weights from" not in captions


@pytest.mark.browser
def test_a_real_server_reads_environment_and_secrets(browser, server_starter, hub, pin, tmp_path):
    commit = pin.split("@")[1]
    secrets = f'[hub]\nunet = "{pin}"\ntransunet = "lab/other@v1"\n'
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets)
    environment = client_environment(hub.address, tmp_path / "home")
    environment[environment_variable("transunet")] = f"lab/nowhere@{commit}"
    sentences = (
        f"Hugging Face Hub {REPOSITORY} at revision {commit[:7]}, 16 MB",
        "The embedded weights are used instead of Hugging Face Hub lab/nowhere at revision "
        f"{commit[:7]}: it shows no repository lab/nowhere to this machine",
    )
    with server_starter(ROOT / "app.py", env=environment, folder=tmp_path) as address:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/models")
        for sentence in sentences:
            expect(page.get_by_text(sentence)).to_be_visible(timeout=PATIENCE_MS)
        page.close()
    assert len(hub.downloads()) == 1
