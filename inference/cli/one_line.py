"""What the command lines of GlioLens share: one line on stderr, and exit codes with a meaning."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from common.disk_errors import NO_MEMORY, NO_ROOM, is_of_memory, sentence_on
from common.errors import InputError
from common.interrupts import EXIT_STOPPED, STOPPED
from inference.cli.console import say
from model_zoo.errors import WeightsError

EXIT_DONE, EXIT_INTERNAL, EXIT_BAD_INPUT, EXIT_NO_WEIGHTS = 0, 1, 2, 3


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """Leave with :data:`EXIT_BAD_INPUT` and one line on stderr."""
        self.exit(EXIT_BAD_INPUT, f"{self.prog}: {message} (--help explains)\n")


def writable_file(text: str) -> Path:
    """The path of a file to be written, as the ``type`` of an argument.

    Checked before any work begins: what takes hours to compute would be lost at the end.

    Raises:
        argparse.ArgumentTypeError: where no file of this name can be written.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("no file is named")
    file = Path(text)
    if why := _unwritable(file):
        raise argparse.ArgumentTypeError(why)
    return file


def writable_folder(text: str) -> Path:
    """The path of a folder to write in, made if need be, as the ``type`` of an argument.

    Raises:
        argparse.ArgumentTypeError: where nothing can be written there.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("no folder is named")
    folder = Path(text)
    if why := _not_to_be_written_in(folder):
        raise argparse.ArgumentTypeError(why)
    return folder


def _unwritable(file: Path) -> str | None:
    """Why a file could not be written; None if it could, its folders made if need be."""
    if file.is_dir():
        return f"{file} is a folder; name a file in it"
    return _not_to_be_written_in(file.absolute().parent)


def _not_to_be_written_in(wanted: Path) -> str | None:
    """Why nothing could be written in a folder that may have to be made; None if it could."""
    there = (wanted.absolute(), *wanted.absolute().parents)
    try:
        lost = next((each for each in there if each.is_symlink() and not each.exists()), None)
        folder = next(each for each in there if each.exists())
    except OSError as error:
        return f"{wanted} cannot be made ({error.strerror})"
    if lost is not None:
        return f"{lost} is a link that leads nowhere"
    if not folder.is_dir():
        return f"{folder} is no folder"
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{folder} cannot be written in ({error.strerror})"


def run_command(command: Callable[[], None]) -> int:
    """Run a command and turn what goes wrong into one line and an exit code.

    With ``GLIOLENS_DEBUG`` set, what nobody expected keeps its traceback.
    """
    try:
        command()
    except KeyboardInterrupt:
        return _fail(STOPPED, EXIT_STOPPED)
    except InputError as error:
        return _fail(error, EXIT_BAD_INPUT)
    except WeightsError as error:
        return _fail(error, EXIT_NO_WEIGHTS)
    except OSError as error:
        return _fail(_on_disk(error), EXIT_BAD_INPUT)
    except Exception as error:
        if is_of_memory(error):
            return _fail(NO_MEMORY, EXIT_INTERNAL)
        if os.environ.get("GLIOLENS_DEBUG"):
            raise
        return _fail(f"Internal error ({type(error).__name__}): {error}", EXIT_INTERNAL)
    return EXIT_DONE


def _on_disk(error: OSError) -> str:
    if error.errno in NO_ROOM:
        what = f"{error.filename} could" if error.filename else "A file could"
        return f"{what} not be written: its disk has no room left; free some, or write elsewhere."
    if error.filename:
        return f"{error.filename}: {error.strerror or error}."
    return sentence_on(error)


def _fail(message: object, code: int) -> int:
    say(" ".join(str(message).split()), to=sys.stderr)
    return code
