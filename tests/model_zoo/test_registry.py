import subprocess
import sys

import pytest

from model_zoo.registry import ALL_MODELS, contract, every_model, registry


def test_all_three_are_there_with_their_contract():
    assert set(ALL_MODELS) <= set(registry())
    for name in ALL_MODELS:
        entry = contract(name)
        assert entry.modalities == ("t1", "t1c", "t2", "flair")
        assert entry.regions == ("wt", "tc", "et")
        assert entry.size == "any"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(KeyError, match="unet, resnet_unet, transunet"):
        contract("vnet")


@pytest.mark.parametrize("change", ["\ncolour = 1", "\nsummary"])
def test_it_is_read_strictly(tmp_path, monkeypatch, change):
    """A field too many and a broken file are errors, not silence."""
    module = sys.modules["model_zoo.registry"]  # the package exports a function of this name
    text = module._REGISTRY.read_text() + change
    file = tmp_path / "registry.toml"
    file.write_text(text)
    monkeypatch.setattr(module, "_REGISTRY", file)
    with pytest.raises((TypeError, ValueError)):
        every_model.__wrapped__()


def test_reading_it_does_not_import_torch():
    code = "import sys, model_zoo; model_zoo.registry(); print('torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout.strip() == "False"
