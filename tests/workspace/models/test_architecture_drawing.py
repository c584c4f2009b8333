import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from model_zoo.factory import create_model
from model_zoo.registry import contract, registry
from workspace.models.architecture_drawing import (
    architecture_of,
    architecture_svg,
    described,
    image_of,
)

SVG = "{http://www.w3.org/2000/svg}"
SIDE = 64  # every reduction divides it


@pytest.mark.parametrize("name", registry())
def test_what_is_drawn_is_what_the_network_does(name):
    """Every level that is drawn is the output of some layer, in channels and in size."""
    model, found = create_model(name).eval(), set()

    def note(_layer, _inputs, output):
        if isinstance(output, torch.Tensor) and output.ndim == 4:
            found.add((output.shape[1], SIDE // output.shape[2]))

    says = contract(name)
    channels = len(says.modalities) * len(says.neighbours)
    for layer in model.modules():
        layer.register_forward_hook(note)
    with torch.inference_mode():
        model.logits(torch.zeros(1, channels, SIDE, SIDE))
    architecture = architecture_of(says)
    assert {*architecture.down, *architecture.up} <= found
    assert architecture.blocks == len(getattr(model, "transformer", ()))


@pytest.mark.parametrize("name", registry())
def test_the_drawing_stays_inside_and_says_all_in_words(name):
    svg = ET.fromstring(architecture_svg(contract(name)))
    _, _, width, height = map(float, svg.get("viewBox").split())
    for bar in svg.iter(f"{SVG}rect"):
        assert float(bar.get("x")) >= 0
        assert float(bar.get("x")) + float(bar.get("width")) <= width
        assert float(bar.get("y")) + float(bar.get("height")) <= height
    told = re.findall(r"\d+ at", described(contract(name)))
    assert len(told) == len(list(svg.iter(f"{SVG}rect")))
    for text in svg.iter(f"{SVG}text"):
        assert float(text.get("y")) <= height


def test_the_two_sides_do_not_meet():
    for name in registry():
        svg = ET.fromstring(architecture_svg(contract(name)))
        by_row = {}
        for bar in svg.iter(f"{SVG}rect"):
            x, width = float(bar.get("x")), float(bar.get("width"))
            by_row.setdefault(bar.get("y"), []).append((x, x + width))
        for spans in by_row.values():
            ordered = sorted(spans)
            assert all(a[1] < b[0] for a, b in pairwise(ordered)), name


def test_an_architecture_nobody_described_is_not_drawn():
    other = replace(contract("unet"), architecture="elsewhere:Net")
    assert architecture_svg(other) is None
    assert image_of(other) == ""
