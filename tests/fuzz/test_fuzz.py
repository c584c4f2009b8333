"""A few hundred inputs for each target, the same in every run, and the command that runs longer."""

import random
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, answer

_INPUTS = {"nifti": 600, "dicom": 150, "picture": 400, "archive": 300}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four faults: changed, cut out, doubled, or numbers that are extreme."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(1, len(changed)) if len(changed) > 1 else 0
        length = chance.choice((1, 2, 4, 8, 64))
        what = chance.randrange(4)
        if what == 0:
            changed[at] = chance.randrange(256) if at else changed[0]
        elif what == 1:
            del changed[at : at + length]
        elif what == 2:
            changed[at:at] = changed[at : at + length] * chance.choice((1, 2, 100))
        else:
            changed[at : at + length] = chance.choice((b"\xff", b"\0", b"\x7f")) * length
    return bytes(changed)


@pytest.mark.parametrize("name", TARGETS)
def test_only_a_refusal_in_words_comes_of_it(name):
    chance = random.Random(f"{name} 25")
    good = seeds(name)
    said = {answer(name, mutated(chance.choice(good), chance)) for _ in range(_INPUTS[name])}
    assert all(sentence is None or sentence.isprintable() for sentence in said)


@pytest.mark.parametrize("name", TARGETS)
def test_the_inputs_that_it_begins_with_are_read(name):
    assert {answer(name, seed) for seed in seeds(name)} <= {None, *_NOT_ALONE}


# A header whose numbers lie in another file.
_NOT_ALONE = {"x_t1.hdr is a header without its .img; give both files."}


@pytest.mark.slow
def test_a_run_guided_by_coverage_ends_by_itself(tmp_path):
    pytest.importorskip("atheris", reason="there is no wheel for this system")
    command = [sys.executable, "-m", "tests.fuzz", "archive", "--seconds", "1"]
    done = subprocess.run(
        [*command, "--corpus", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "stat::number_of_executed_units" in done.stderr
