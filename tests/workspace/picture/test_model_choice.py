from dataclasses import replace

import pytest

from inference.io.image_warnings import warnings_on
from workspace.picture import model_choice
from workspace.picture.model_choice import choices, first_choice, shown_to


def test_models_that_cannot_read_a_picture_say_why(monkeypatch):
    monkeypatch.setattr(model_choice, "_has_weights", lambda name: name != "vgg16_unet")
    found = choices(("t1", "t1c"))
    assert set(found.usable) == {"unet", "resnet_unet", "transunet", "edge_unet"}
    assert found.refused == {
        "VGG16 U-Net": "has no weights on this server",
        "FLAIR U-Net": "reads FLAIR only, which is not here",
    }
    assert shown_to(found.usable["unet"], ("t1", "t1c")) == ("t1", "t1c")
    assert "flair_unet" in choices(("flair",)).usable


@pytest.mark.parametrize(
    ("present", "skull", "expected"),
    [
        (("t1", "t1c", "flair"), True, "vgg16_unet"),
        (("t1", "t1c", "flair"), False, "unet"),
        (("flair",), True, "unet"),
        (("t1", "t1c", "t2", "flair"), True, "vgg16_unet"),
    ],
)
def test_a_head_with_its_skull_begins_with_a_model_that_learned_from_such(
    opened, present, skull, expected
):
    notes = warnings_on({"flair": {"skull"}} if skull else {"flair": {"clipped"}})
    seen = replace(opened, case=replace(opened.case, present=present, notes=tuple(notes)))
    assert first_choice(seen, choices(present).usable) == expected
