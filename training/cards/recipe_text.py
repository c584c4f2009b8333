"""How a model was trained, in words: start, steps, loss, schedule and augmentation."""

from typing import Final

from training.cards.words import join_words

_RANDOM: Final = "started from random weights"
_SCHEDULES: Final = {
    "one_cycle": "one cycle",
    "cosine": "falling as a cosine",
    "constant": "constant",
}
# How an entry of the configuration is worded; those that are 0 or missing were not used.
_BENDS: Final = {
    "rotate": "rotation by up to {:g}°",
    "scale": "scaling by up to {:.0%}",
    "warp": "bending by up to {:g} pixels",
    "flip": "left-right mirroring",
    "gamma": "gamma",
    "contrast": "contrast",
    "brightness": "brightness",
    "shading": "uneven shading",
    "noise": "noise",
    "blur": "blur",
    "low_resolution": "half the resolution now and then",
    "no_enhancement": "{:.0%} of the slices with the tumour's contrast taken out",
    "drop_modality": "each modality left out with probability {:g}",
    "slice_normalise": "{:.0%} of the slices normalised by themselves",
}


def start_text(training: dict, earlier: list[dict]) -> str:
    """What the weights started from; ``earlier`` are the stages before, first one first."""
    if not earlier:
        return _first_start(training)
    stages = [
        "{} steps of {} slices cut to {}×{}".format(each["steps"], each["batch"], *each["crop"])
        for each in earlier
    ]
    if len(stages) == 1:
        text = f"started from the weights of a first stage of {stages[0]}"
    else:
        text = f"started from the weights of {len(stages)} stages before: {join_words(stages)}"
    first = _first_start(earlier[0])
    return text if first == _RANDOM else f"{text}; the first stage: {first}"


def _first_start(training: dict) -> str:
    if training.get("encoder_start"):
        return "encoder started from VGG16 of ImageNet (Simonyan and Zisserman 2015, CC BY 4.0)"
    if training.get("encoder_weights") == "imagenet":
        return "encoder started from ImageNet"
    return _RANDOM


def steps_text(training: dict, log: list[dict]) -> str:
    """How many there were: fewer than asked for where validation no longer rose."""
    most = training["steps"]
    made = max((record["step"] for record in log), default=most)
    if training.get("patience") is None or made >= most:
        return f"{most} steps"
    return f"{made} of at most {most} steps"


def recipe_text(training: dict) -> str:
    """Loss, optimiser and schedule in words."""
    loss = training.get("loss", {"positive_weight": 1.0, "dice": 1.0})
    weight = loss["positive_weight"]
    parts = ["binary cross-entropy"]
    if weight != 1:
        parts.append(f", tumour weighted {weight:g} times,")
    if loss["dice"]:
        parts.append(" plus soft Dice")
    schedule = _SCHEDULES[training.get("schedule", "one_cycle")]
    optimiser = "AdamW" if training.get("weight_decay", 1) else "Adam"
    rate = f"peak learning rate {training['learning_rate']:g}, {schedule}"
    recipe = f"{''.join(parts)}; {optimiser}, {rate}"
    if training.get("encoder_rate", 1) != 1:
        recipe += f", the encoder at {training['encoder_rate']:g} of it"
    if training.get("teachers"):
        share, names = training["teacher_share"], join_words(training["teachers"])
        recipe += f"; {share:.0%} of what is learned is the answer of {names}, the rest the truth"
    return recipe


def augmentation_text(training: dict) -> str:
    """How slices were changed at random, as a sentence."""
    used = [
        phrase.format(value)
        for key, phrase in _BENDS.items()
        if (value := training["augment"].get(key))
    ]
    used_words = "; ".join(used) or "no augmentation"
    often = training.get("low_grade_weight", 1.0)
    low_grade = "" if often == 1 else f" Low-grade patients are drawn {often:g} times as often."
    return f"{used_words[0].upper()}{used_words[1:]}.{low_grade}"
