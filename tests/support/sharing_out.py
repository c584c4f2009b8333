"""Which worker of pytest-xdist runs what: tests that share a server or a scan stay together."""

import os

from xdist.scheduler import LoadScopeScheduling

# Of these folders all files go to one worker, for what they share; of the others each file is free.
TOGETHER = (
    *("tests/flows/", "tests/viewer/", "tests/synthetic/"),
    *("tests/inference/preparation/", "tests/inference/dicom_objects/"),
)
# The longest first, so that all workers end at about the same time; what is not here comes last.
FIRST = (
    *("tests/flows/", "tests/viewer/"),
    # Servers and commands in processes of their own.
    *("tests/deployment/", "tests/test_", "tests/inference/cli/", "tests/inference/pacs/"),
    *(
        "tests/quicklook/test_quick",
        "tests/training/",
        "tests/synthetic/",
        "tests/pages/",
        "tests/workspace/",
    ),
    *("tests/inference/", "tests/model_zoo/"),
)


class SharingOut(LoadScopeScheduling):
    """Hands out whole files, or whole folders of those in ``TOGETHER``, in the order collected."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def share_of(nodeid: str) -> str:
    """The folder or file whose tests one worker runs."""
    together = (folder for folder in TOGETHER if nodeid.startswith(folder))
    return next(together, nodeid.split("::")[0])


def turn_of(nodeid: str) -> int:
    """By which tests are sorted before they are shared out."""
    return next((n for n, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))


def is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ
