import json
import time

from model_zoo.registry import contract
from model_zoo.weights.provenance import EMBEDDED
from tests.pages.conftest import EMBEDDED_MODELS, SECONDS, wait_for_jobs
from workspace.jobs import model_timing
from workspace.models.model_facts import model_facts


def test_every_model_with_its_provenance(page):
    app = page("models")
    assert not app.exception
    titles = [s.value for s in app.subheader]
    later = ["VGG16 U-Net", "FLAIR U-Net", "Edge U-Net"]
    assert titles == ["U-Net", "ResNet34 U-Net", "TransUNet", *later]
    assert titles == [contract(name).title for name in EMBEDDED_MODELS]
    assert not app.error
    told = " ".join(m.value for m in app.markdown)
    assert told.count("MB, checksum `") == len(EMBEDDED_MODELS)


def test_missing_weights_are_said(page, monkeypatch, tmp_path):
    monkeypatch.setitem(model_facts.__kwdefaults__, "weights", tmp_path)
    app = page("models")
    assert not app.exception
    assert len(app.error) == 3


def test_a_model_is_timed_when_asked_and_says_what_each_part_took(page):
    app = page("models")
    assert "From the files to the label map" not in told(app)
    app.button(key="time-unet").click().run()
    deadline = time.monotonic() + SECONDS
    while "From the files to the label map" not in told(app):
        assert time.monotonic() < deadline, "the model was not timed"
        assert not app.exception
        wait_for_jobs(model_timing.queue)
        app.run()
    assert told(app).count(" s</dd>") == 4
    assert "cores of this server" in told(app)


def test_every_model_is_drawn_and_its_card_can_be_read(page):
    app = page("models")
    assert told(app).count('<img class="architecture"') == len(EMBEDDED_MODELS)
    assert [each.label for each in app.expander] == ["Model card"] * len(EMBEDDED_MODELS)
    cards = " ".join(each.value for card in app.expander for each in card.markdown)
    assert cards.count("Intended use") == len(EMBEDDED_MODELS)
    assert "license_name" not in cards
    assert "7.8 million" in told(app)


def test_models_of_another_kind_come_below_once_they_have_weights(page, monkeypatch, tmp_path):
    for name in ("unet", "resnet_unet", "transunet"):
        (tmp_path / name).symlink_to(EMBEDDED / name)
    for name in ("vgg16_unet", "flair_unet", "edge_unet"):
        (tmp_path / name).symlink_to(EMBEDDED / "unet")
    monkeypatch.setitem(model_facts.__kwdefaults__, "weights", tmp_path)
    app = page("models")
    assert not app.exception
    assert [s.value for s in app.subheader][3:] == ["VGG16 U-Net", "FLAIR U-Net", "Edge U-Net"]
    assert told(app).count('<img class="architecture"') == 6


def told(app):
    """All that the page writes as HTML of its own."""
    return " ".join(each.proto.body for each in app.get("html"))


def test_how_long_a_model_was_trained_and_for_what_it_answers(page, monkeypatch, tmp_path):
    folder = tmp_path / "flair_unet"
    folder.mkdir()
    for file in (EMBEDDED / "flair_unet").iterdir():
        (folder / file.name).symlink_to(file)
    config = json.loads((folder / "config.json").read_text())
    config["first_stage"] = {"training": {"steps": 777}}
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(config))
    monkeypatch.setitem(model_facts.__kwdefaults__, "weights", tmp_path)
    app = page("models")
    assert not app.exception
    # It ended before the last of its 10000 steps.
    assert "777 + 4500 steps of 4 slices" in told(app)
    [curve] = [each.value for each in app.caption if "while it learned" in each.value]
    assert curve.startswith("Dice of whole tumour (WT) on the validation patients")
