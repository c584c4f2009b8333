"""What the validation patients gave, in words."""


def when_validated(validated: dict | None, *, early: bool) -> str:
    """At which weights the validation was measured."""
    if validated:
        return "measured as the test patients are"
    return "at its best" if early else "at the end of training"


def validation_text(validated: dict | None, log: list[dict], *, early: bool) -> str:
    """Of these weights as they are drawn now, if that was scored; else as the training saw it."""
    if validated:
        scored = validated["summary"]["all"]["dice"]
        return _listed({region: dice["mean"] for region, dice in scored.items()})
    validations = [r["validation_dice"] for r in log if "validation_dice" in r]
    if not validations:
        return "not measured"
    # Where training stops early, the best weights are kept, not the last.
    kept = max(validations, key=_mean_dice) if early else validations[-1]
    return _listed(kept)


def _listed(scores: dict[str, float]) -> str:
    return ", ".join(f"{region.upper()} {dice:.3f}" for region, dice in scores.items())


def _mean_dice(scores: dict[str, float]) -> float:
    return sum(scores.values()) / len(scores)
