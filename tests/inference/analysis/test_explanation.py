import numpy as np
import pytest
import torch
from torch import nn

from inference.analysis.explanation import (
    _LAYERS,
    METHODS,
    attention_from,
    attention_rollout,
    attention_weights,
    explain,
    grad_cam,
)
from inference.network.engine import predict
from model_zoo.factory import create_model
from model_zoo.registry import ALL_MODELS

SIZE = 64


class TwoEyes(nn.Module):
    """Its first region is FLAIR where that is bright, its second depends on nothing."""

    divisor = 8

    def __init__(self):
        super().__init__()
        self.look = nn.Conv2d(4, 2, 8, stride=8, bias=False)
        self.back = nn.Upsample(scale_factor=8)
        with torch.no_grad():
            self.look.weight.zero_()
            self.look.weight[0, 3] = 1 / 64  # mean FLAIR of a cell
            self.look.weight[1, 0] = 1 / 64  # mean T1, which nothing uses

    def forward(self, slices):
        cells = torch.relu(self.look(slices))
        return torch.cat([self.back(cells[:, :1]), 0 * self.back(cells[:, 1:])], dim=1)


def spot(row, column):
    image = torch.zeros(1, 4, SIZE, SIZE)
    image[:, 3, row : row + 8, column : column + 8] = 1
    return image


def brightest(heat):
    return np.unravel_index(int(np.argmax(heat)), heat.shape)


def test_grad_cam_points_to_the_one_place_the_answer_depends_on():
    model = TwoEyes().eval()
    everywhere = torch.ones(SIZE, SIZE, dtype=torch.bool)
    heat = grad_cam(model, model.look, spot(16, 40), 0, everywhere).numpy()
    row, column = brightest(heat)
    assert 16 <= row < 24
    assert 40 <= column < 48
    assert heat[40:, :24].max() == 0
    assert heat.min() >= 0


def test_grad_cam_of_an_answer_that_depends_on_nothing_is_empty():
    model = TwoEyes().eval()
    heat = grad_cam(model, model.look, spot(16, 40), 1, torch.ones(SIZE, SIZE, dtype=torch.bool))
    assert heat.max() == 0


def test_grad_cam_works_in_a_thread_that_predicted_before():
    model = TwoEyes().eval()
    slices = spot(0, 0).numpy()
    predict_like = torch.inference_mode()(lambda: model(torch.from_numpy(slices)))
    predict_like()
    heat = grad_cam(model, model.look, spot(8, 8), 0, torch.ones(SIZE, SIZE, dtype=torch.bool))
    assert heat.max() > 0


def test_rows_of_a_rollout_sum_to_one_and_keep_half_of_the_token_itself():
    weights = [torch.rand(6, 20, 20).softmax(dim=-1) for _ in range(8)]
    shares = attention_rollout(weights)
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(20))
    alone = attention_rollout(weights[:1])
    torch.testing.assert_close(alone.diagonal(), 0.5 + 0.5 * weights[0].mean(0).diagonal())


def test_a_rollout_follows_a_token_through_two_blocks():
    """The last block's token 0 reads 1, whose content the first block took from 2."""
    first, last = torch.eye(3), torch.eye(3)
    first[1] = torch.tensor([0.0, 0.0, 1.0])
    last[0] = torch.tensor([0.0, 1.0, 0.0])
    shares = attention_rollout([first[None], last[None]])
    torch.testing.assert_close(shares[0], torch.tensor([0.5, 0.25, 0.25]))


@pytest.fixture(scope="module")
def transunet():
    torch.manual_seed(0)
    return create_model("transunet").eval()


def test_the_weights_are_those_of_the_attention_itself(transunet):
    block, tokens = transunet.transformer[0], torch.randn(1, 20, 384)
    with torch.inference_mode():
        weights = block.weights(tokens)
        value = block._heads(tokens)[2]
        mixed = block.project((weights @ value).transpose(1, 2).flatten(2))
        torch.testing.assert_close(mixed, block.attention(tokens), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(1, 6, 20))


def test_looking_at_the_attention_changes_nothing(transunet):
    image = torch.randn(1, 4, 50, 70)
    with torch.inference_mode():
        before = transunet(image)
        weights = attention_weights(transunet, image)
        assert torch.equal(transunet(image), before)
    assert len(weights) == 8
    assert weights[0].shape == (6, 20, 20)  # 50 × 70 is 4 × 5 patches of 16
    assert not any(block.norm_attention._forward_hooks for block in transunet.transformer)


def test_attention_is_a_share_for_each_place_of_the_slice(transunet):
    drawn = torch.zeros(50, 70, dtype=torch.bool)
    drawn[20:30, 30:40] = True
    heat = attention_from(transunet, torch.randn(1, 4, 50, 70), drawn)
    assert heat.shape == (50, 70)
    assert heat.min() >= 0
    assert heat.max() > 0


def test_every_model_of_the_app_has_a_method():
    assert set(METHODS) == set(ALL_MODELS)


@pytest.mark.parametrize("name", list(_LAYERS))
def test_grad_cam_is_read_at_an_eighth(name):
    model, found = create_model(name).eval(), []
    layer = model.get_submodule(_LAYERS[name])
    layer.register_forward_hook(lambda _, __, answer: found.append(answer.shape))
    with torch.inference_mode():
        model(torch.zeros(1, 4, 96, 64))
    assert found[0][-2:] == (12, 8)


@pytest.mark.parametrize("name", ALL_MODELS)
def test_explaining_gives_a_slice_and_leaves_the_answers_as_they_were(name):
    torch.manual_seed(0)
    model = create_model(name).eval()
    slices = np.random.default_rng(0).normal(size=(3, 4, 50, 70)).astype(np.float32)
    drawn = np.zeros((50, 70), bool)
    drawn[20:30, 30:40] = True
    before = predict(model, slices)
    heat = explain(model, name, slices, 1, 0, drawn)
    np.testing.assert_array_equal(predict(model, slices), before)
    assert all(parameter.grad is None for parameter in model.parameters())
    if heat is not None:  # untrained, nothing may speak for it
        assert heat.shape == (50, 70)
        assert heat.min() >= 0
        assert heat.max() == 1


def test_where_nothing_is_drawn_nothing_is_explained(transunet):
    slices = np.ones((2, 4, 32, 32), np.float32)
    assert explain(transunet, "transunet", slices, 0, 2, np.zeros((32, 32), bool)) is None
