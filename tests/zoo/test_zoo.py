"""Every file of the zoo is read or refused in one sentence, soon and in little memory."""

import subprocess
import sys

import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from tests.conftest import ROOT
from tests.zoo.dicom import dicom
from tests.zoo.open_page import dropped, told_of
from tests.zoo.other_readers import first_image
from tests.zoo.outcome import limited, outcome_of
from tests.zoo.registry import animals
from tests.zoo.studies import studies
from tests.zoo.table import answer_of, answers_on_page

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads its memory from /proc")

# A tenth of a second, and a quarter of it for machines that others share.
MOST_SECONDS, MOST_MEGABYTES = 0.125, 50
TRIES = 5
# What a browser sends nothing of.
NO_UPLOADS = {"a link that leads nowhere", "a folder called like a file"}
# What the Open page says in other words, or asks.
IN_THE_APP = {
    "dicom": "is a DICOM file",
    "a tar of 2 GB of zeros": "unpacks to more than 0.6 GB",
    "two patients": "There are 2 exams.",
    "two dates": "There are 2 exams.",
}
# Their voxels are compared in tests/inference/dicom, one way of writing them after the other.
DICOM = {animal.about for animal in (*studies(), *dicom())}
READ = [about for about, animal in animals().items() if not animal.words and about not in DICOM]
# What is changed as it is read, with a note, and the most greys that compression may make of black.
CHANGED = {
    "slope negative": np.negative,
    "a voxel of NaN": np.nan_to_num,
    "a PNG of single bits": lambda pixels: pixels / 255,
}
GREYS = {"a JPEG": 10, "a JPEG turned by EXIF": 10}


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


@pytest.mark.parametrize("about", READ)
def test_what_is_read_is_what_others_read(about, tmp_path):
    path = animals()[about].put(tmp_path)
    expected = CHANGED.get(about, np.asarray)(first_image(path))
    with open_cases([path]) as (files,):
        case = read_case(files)
    found = case.volume[MODALITIES.index(case.present[0])]
    assert found.shape == expected.shape
    assert np.abs(found - expected.astype(np.float32)).max() <= GREYS.get(about, 0)
    assert expected.max() > 0


@pytest.mark.parametrize("about", [about for about in animals() if about not in NO_UPLOADS])
def test_the_open_page_takes_it_or_says_why_not(about, tmp_path, capfd, caplog):
    """What the command line reads is read here too, and what it refuses is refused."""
    animal = animals()[about]
    uploads = dropped(animal.put(tmp_path))
    with limited():
        told = told_of(uploads)
    assert told.opened == (not animal.words), told.said
    assert all(sentence.isprintable() and sentence.endswith(".") for sentence in told.said)
    words = IN_THE_APP.get(about, animal.words)
    assert any(words in sentence for sentence in told.said) or not words
    logged = "".join(capfd.readouterr()) + caplog.text
    assert not any(upload.name in logged for upload in uploads)


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
