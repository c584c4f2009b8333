import numpy as np
import onnxruntime
import torch

from model_zoo.factory import create_model
from model_zoo.weights.loading import load_network
from model_zoo.weights.tensors import save_weights
from training.release.onnx_export import export_onnx


def test_as_onnx_it_answers_the_same_at_any_size(tmp_path):
    torch.manual_seed(0)
    save_weights(create_model("brain_mask"), tmp_path, name="brain_mask", revision="r1")
    model, origin = load_network("brain_mask", folder=tmp_path)
    file = tmp_path / "model.onnx"
    assert export_onnx(model, origin, file) < 2_000_000
    session = onnxruntime.InferenceSession(file)
    for size in ((16, 24, 32), (40, 8, 24)):
        heads = torch.rand(1, 1, *size)
        (theirs,) = session.run(None, {"slices": heads.numpy()})
        with torch.inference_mode():
            ours = model(heads).numpy()
        np.testing.assert_allclose(theirs, ours, atol=2e-3)
