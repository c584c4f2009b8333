"""What a disk says no to becomes a sentence without a path, and no name is too long for one."""

import errno
import os

import pytest

from common.disk_errors import (
    NO_MEMORY,
    disk_errors_in_words,
    in_words,
    name_that_fits,
    sentence_on,
)
from common.errors import InputError
from inference.io.names.file_names import is_scan_name


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "There is no room left"),
        (errno.EDQUOT, "There is no room left"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EMFILE, "Too many files"),
        (errno.EROFS, "may not write"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_sentence_says_what_to_do_and_no_path(code, words):
    error = OSError(code, os.strerror(code), "/srv/secret/place")
    assert words in sentence_on(error)
    assert "secret" not in sentence_on(error)
    assert sentence_on(error).endswith(".")


def test_an_error_without_a_number_is_a_sentence_too():
    assert sentence_on(OSError("odd")) == (
        "A file could not be read or written (it does not say why); try again."
    )


def test_work_that_was_stopped_is_no_fault_of_a_disk():
    stopped = InterruptedError("no longer wanted")
    assert in_words(stopped) is stopped
    with pytest.raises(InterruptedError), disk_errors_in_words():
        raise stopped


def test_other_errors_are_left_as_they_are():
    with pytest.raises(ValueError, match="mine"), disk_errors_in_words():
        raise ValueError("mine")
    with pytest.raises(InputError, match="no room left"), disk_errors_in_words():
        raise OSError(errno.ENOSPC, "full", "/tmp/x")


@pytest.mark.parametrize(
    "name", ["病" * 95 + "_t1ce.nii.gz", "a" * 300 + "_flair.nii", "😀" * 80 + "_t2.nii.gz"]
)
def test_a_long_name_fits_and_keeps_what_it_says(name, tmp_path):
    short = name_that_fits(name)
    (tmp_path / short).write_bytes(b"x")
    assert short.endswith(name[name.index("_") :])
    assert short.startswith(name[:5])
    assert is_scan_name(short)


def test_a_name_that_fits_is_left_alone():
    assert name_that_fits("MÜLLER_t1.nii.gz") == "MÜLLER_t1.nii.gz"


@pytest.mark.parametrize(
    "words",
    [
        "[CPU] Convolution node with name 'x' can't alloc",
        "Check 'ptr' failed at cpu_memory.cpp:257:\nFailed to allocate 12976128 bytes of memory",
        "std::bad_alloc",
    ],
)
def test_a_memory_that_is_used_up_is_known_by_the_words_of_libraries(words):
    assert str(in_words(RuntimeError(words))) == NO_MEMORY
