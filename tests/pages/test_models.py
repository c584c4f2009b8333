from workspace.model_facts import model_facts


def test_every_model_with_its_provenance(page):
    app = page("models")
    assert not app.exception
    assert [s.value for s in app.subheader] == ["U-Net", "ResNet34 U-Net", "TransUNet"]
    assert not app.error
    told = " ".join(m.value for m in app.markdown)
    assert told.count("checksum") == 3


def test_missing_weights_are_said(page, monkeypatch, tmp_path):
    monkeypatch.setitem(model_facts.__kwdefaults__, "weights", tmp_path)
    app = page("models")
    assert not app.exception
    assert len(app.error) == 3
