"""What a picture archive is to the command line: where a study comes from, where answers go."""

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.cli.console import say

TITLE: Final = "GLIOLENS"


@contextlib.contextmanager
def paths_given(options: argparse.Namespace) -> Iterator[Sequence[Path]]:
    """The paths of the cases; a study that was fetched is removed at the end.

    Raises:
        InputError: where neither is given or both are, or the study cannot be fetched.
    """
    if not options.source_url:
        yield options.case
        return
    if options.case or not options.study:
        raise InputError("--from takes --study UID in place of a case; give both, and no case.")
    from inference.pacs.sending.dicomweb import fetch_study

    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        count = fetch_study(options.source_url, options.study, Path(folder))
        say(f"{count} MR images were fetched.")
        yield [Path(folder)]


def hand_over_to(options: argparse.Namespace) -> Callable[[Sequence[Path]], None]:
    """What sends the DICOM files of a case to where ``--send-to`` says.

    Raises:
        InputError: where it is no destination, or nothing is written that could be sent.
    """
    if not options.send_to:
        return lambda files: None
    if not options.output:
        raise InputError("--send-to sends what is written; give a folder for it (--output).")
    # Here: they bring pydicom, which a run that sends nothing does without.
    from inference.pacs.sending.destination import destination
    from inference.pacs.sending.handing_over import hand_over

    there = destination(options.send_to, title=TITLE)

    def send(files: Sequence[Path]) -> None:
        if not files:
            raise InputError(
                "No DICOM file was written that could be sent; only of a DICOM study there are "
                "some (--formats)."
            )
        hand_over(files, there)
        say(f"  {len(files)} DICOM files were sent to {there.name}.")

    return send
