"""What a disk says no to, in words to act on: no path of the server, no traceback."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from common.errors import InputError

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_SENTENCES: Final = {
    **dict.fromkeys(
        NO_ROOM,
        "There is no room left on the disk that the files are laid on; try again in some minutes, "
        "or with smaller files.",
    ),
    errno.ENAMETOOLONG: "A file has a name that is too long for the disk it is laid on; rename it.",
    **dict.fromkeys(
        (errno.EMFILE, errno.ENFILE), "Too many files are open at once; try again in a minute."
    ),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EROFS),
        "The program may not write to its folder for temporary files; whoever runs it can allow "
        "that.",
    ),
}
# What says something of the disk, and nothing of the file that was given.
OF_THE_DISK: Final = frozenset(_SENTENCES)
_MOST_BYTES: Final = 200
_FRONT_BYTES: Final = 80


def sentence_on(error: OSError) -> str:
    """What went wrong, without the path where it did."""
    known = _SENTENCES.get(error.errno or 0)
    why = error.strerror or "it does not say why"
    return known or f"A file could not be read or written ({why}); try again."


NO_MEMORY: Final = (
    "The memory of this machine is used up, so that no result could be computed; try again when it "
    "has less to do, or give a smaller scan."
)


# How libraries say it that know no MemoryError: OpenVINO, the loader of libraries, PyTorch.
_NO_MEMORY_WORDS: Final = (
    *("can't alloc", "bad_alloc", "failed to map segment", "allocate memory"),
    "failed to allocate",
)


def is_of_memory(error: BaseException) -> bool:
    """Whether the memory was used up, whoever says it and however."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY_WORDS)


def in_words(error: BaseException) -> BaseException:
    """An ``InputError`` in place of what the system says no to; any other error as it is.

    Work that somebody has stopped ends in an ``InterruptedError``, which is none of a disk; nor is
    an ``OSError`` of ours, which has a text of its own and no number.
    """
    if is_of_memory(error):
        return InputError(NO_MEMORY)
    if isinstance(error, InterruptedError) or not isinstance(error, OSError):
        return error
    return error if error.errno is None else InputError(sentence_on(error))


@contextmanager
def disk_errors_in_words() -> Iterator[None]:
    """Raise what a disk says no to as an ``InputError``.

    Raises:
        InputError: in place of an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        words = in_words(error)
        if words is error:
            raise
        raise words from error


def name_that_fits(name: str) -> str:
    """A file's name, or its two ends where it is too long for a disk: the last has the extension.

    Most disks take 255 bytes, which are 85 signs of Chinese; temporary files need some of them. The
    end begins at a word, so that names which began alike still do.
    """
    raw = os.fsencode(name)
    if len(raw) <= _MOST_BYTES:
        return name
    front = raw[:_FRONT_BYTES].decode(errors="ignore")
    back = raw[-(_MOST_BYTES - _FRONT_BYTES) :].decode(errors="ignore")
    word = re.search(r"[\W_]", back)
    return f"{front}…{back[word.start() :] if word else back}"
