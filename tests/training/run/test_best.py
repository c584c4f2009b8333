from training.run.best import is_best, since_best


def log(*means: float) -> list[dict]:
    """A log with a validation between steps."""
    records = [{"step": 1, "loss": 0.5}]
    for step, mean in enumerate(means, start=2):
        records.append({"step": step, "validation_dice": {"wt": mean + 0.1, "tc": mean - 0.1}})
    return records


def test_the_first_validation_is_the_best_so_far():
    assert is_best(log(0.2))
    assert since_best(log(0.2)) == 0


def test_no_validation_is_not_the_best():
    assert not is_best(log())
    assert since_best(log()) == 0


def test_only_a_better_mean_counts():
    assert is_best(log(0.2, 0.3))
    assert not is_best(log(0.3, 0.3))
    assert not is_best(log(0.3, 0.2))


def test_counts_the_validations_since():
    assert since_best(log(0.2, 0.5, 0.4, 0.5, 0.3)) == 3
