from training.cards.recipe_text import start_text

STAGE = {"steps": 7, "batch": 2, "crop": [32, 48], "encoder_weights": None}


def test_what_it_started_from_is_told_through_all_stages():
    imagenet = STAGE | {"encoder_start": "vgg16.safetensors"}
    said = "encoder started from VGG16 of ImageNet (Simonyan and Zisserman 2015, CC BY 4.0)"
    assert start_text(imagenet, []) == said
    assert start_text(STAGE, [imagenet]) == (
        "started from the weights of a first stage of 7 steps of 2 slices cut to 32×48; "
        f"the first stage: {said}"
    )
    assert start_text(STAGE, []) == "started from random weights"
    assert "random" not in start_text(STAGE, [STAGE])
