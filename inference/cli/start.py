"""What comes before the first import of a run, so that it is quick and small."""

import argparse

from common.memory import keep_heap_small
from common.slow_imports import import_nibabel
from common.threads import keep_blas_to_one_thread


def start_run(options: argparse.Namespace) -> None:
    """Run ``python -m inference`` over the cases it is given.

    Raises:
        InputError: as of :func:`inference.cli.run.run`.
        WeightsError: if the weights of a model are missing.
    """
    keep_heap_small()
    keep_blas_to_one_thread()
    import_nibabel()
    from inference.cli.run import run

    run(options)
