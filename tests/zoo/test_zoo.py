"""Every file of the zoo is read or refused in one sentence, soon and in little memory."""

import re
import subprocess
import sys

import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from tests.conftest import ROOT
from tests.workspace.desk.drops import Upload, laid
from tests.zoo.outcome import outcome_of
from tests.zoo.registry import animals
from tests.zoo.table import answer_of, answers_on_page
from workspace.desk.desk import case_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads its memory from /proc")

# A tenth of a second, and a quarter of it for machines that others share.
MOST_SECONDS, MOST_MEGABYTES = 0.125, 50
TRIES = 5
ALONE = [about for about, animal in animals().items() if isinstance(animal.make, bytes)]


@pytest.mark.parametrize("about", animals())
def test_the_command_line_reads_it_or_says_why_not(about, tmp_path):
    animal = animals()[about]
    outcome = outcome_of(animal.put(tmp_path))
    assert outcome.code == (2 if animal.words else 0), outcome.error
    assert animal.words in outcome.error
    assert answers_on_page()[about] == answer_of(outcome)
    if not animal.words:
        assert outcome.error == ""
        return
    sentence = outcome.error.removesuffix("\n")
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert not any(word in sentence for word in ("Traceback", "Internal", "Errno", "None"))
    for _ in range(TRIES):  # the first of its kind imports its reader; a machine may be busy
        if outcome.seconds > MOST_SECONDS or outcome.megabytes > MOST_MEGABYTES:
            outcome = outcome_of(animal.put_again(tmp_path))
    assert outcome.seconds <= MOST_SECONDS
    assert outcome.megabytes <= MOST_MEGABYTES


@pytest.mark.parametrize("about", ALONE)
def test_the_desk_takes_it_or_says_why_not(about):
    """What the command line reads lies on the desk; what it refuses is refused here too."""
    animal = animals()[about]
    on = laid(Upload(animal.file, animal.make))
    said = [*on.refused, *(failed.sentence for failed in on.failed)]
    assert all(sentence.isprintable() and sentence.endswith(".") for sentence in said)
    if on.rows and animal.words:  # what only its voxels show is said when it is opened
        with case_files(on) as files, pytest.raises(InputError, match=re.escape(animal.words)):
            read_case(files)
        return
    assert bool(on.rows) == (not animal.words), said
    assert bool(said) == bool(animal.words)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from inference.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "about", ["holds 8 GB", "a tar with names of 900 MB", "a MetaImage of a million axes"]
)
def test_a_process_of_its_own_with_little_memory_refuses_it(about, tmp_path):
    path = animals()[about].put(tmp_path)
    command = [sys.executable, "-c", LIMITED, str(path), "--model", "unet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert animals()[about].words in done.stderr


def test_the_page_has_every_file_of_the_zoo():
    assert list(answers_on_page()) == list(animals())
