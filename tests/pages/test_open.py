from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


def test_offers_the_sample_and_an_upload(page):
    app = page("open")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample"]
    assert "not a patient" in " ".join(m.value for m in app.markdown)


def test_what_is_open_is_named_with_a_way_back(page, opened):
    app = page("open", open_case=opened)
    assert "Back to the comparison" in [button.label for button in app.button]
    assert "small" in " ".join(m.value for m in app.markdown)


def test_files_are_recognised_and_can_be_opened(small_case_folder):
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120).run()
    files = [(f.name, f.read_bytes(), "application/gzip") for f in small_case_folder.iterdir()]
    app.file_uploader[0].set_value(files).run()
    assert not app.exception
    (button,) = [b for b in app.button if b.label == "Open these files"]
    assert not button.disabled
    assert not app.warning


def test_files_that_are_no_case_cannot_be_opened(small_case_folder):
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120).run()
    truth = next(small_case_folder.glob("*seg*"))
    app.file_uploader[0].set_value([(truth.name, truth.read_bytes(), "application/gzip")]).run()
    (button,) = [b for b in app.button if b.label == "Open these files"]
    assert button.disabled
    assert "Say which modality" in app.warning[0].value


def test_a_broken_file_is_one_sentence_and_loses_nothing(opened):
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120)
    app.session_state["open_case"] = opened
    app.run()
    app.file_uploader[0].set_value([("cat_flair.nii.gz", b"a cat", "application/gzip")]).run()
    next(b for b in app.button if b.label == "Open these files").click().run()
    assert not app.exception
    assert "cat_flair.nii.gz" in app.error[0].value
    assert app.session_state["open_case"] is opened
