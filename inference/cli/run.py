"""The run of ``python -m inference`` over the cases it is given."""

import argparse
import contextlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from common.errors import InputError
from inference.cli.answering import Models, models_of
from inference.cli.archive import hand_over_to, paths_given
from inference.cli.cohort.asked import options_that_count, weights_that_count
from inference.cli.cohort.cases import Cases, Job, Steps, skipped_line
from inference.cli.cohort.identity import Given, identities, named
from inference.cli.cohort.ledger import MANIFEST, Ledger
from inference.cli.cohort.naming import names_of
from inference.cli.cohort.overlap import overlapped
from inference.cli.cohort.progress import Progress
from inference.cli.cohort.reports import Reports
from inference.cli.cohort.summary import summary_of, write_summary
from inference.cli.console import say
from inference.io.cases.files_of_case import RefusedFiles
from inference.study.sources import open_sources

HandOver: TypeAlias = Callable[[Sequence[Path]], None]


def run(options: argparse.Namespace) -> None:
    """Segment every case that the options name.

    Of several, or where the folder of the results has a manifest already, each gets a folder and a
    line of the manifest, and what is done is not done again.

    Raises:
        InputError: for a case that cannot be read; of several when all have been tried.
        WeightsError: if weights are missing.
    """
    hand_over = hand_over_to(options)
    refused: list[RefusedFiles] = []
    with (
        paths_given(options) as paths,
        open_sources(paths, channels=options.channels, refused=refused) as found,
        Reports(options.json) as reports,
    ):
        sources: list[Given] = [*found, *refused]
        if len(sources) == 1 and not _has_manifest(options.output):
            _run_one(sources[0], options, hand_over, reports)
        else:
            _run_several(sources, options, hand_over, reports)


def _has_manifest(output: Path | None) -> bool:
    return output is not None and (output / MANIFEST).is_file()


def _run_one(
    source: Given, options: argparse.Namespace, hand_over: HandOver, reports: Reports
) -> None:
    # A model is let go before the next is loaded: each takes some 100 MB.
    steps = Steps(options, models_of(options), alone=True)
    cases = Cases(steps, hand_over, reports, Progress(1))
    [identity] = identities([source])
    job = Job(source, identity.name, options.output, identity)
    overlapped([job], steps.read, steps.answer, cases.finish)
    reports.write(as_list=False)


def _run_several(
    sources: Sequence[Given], options: argparse.Namespace, hand_over: HandOver, reports: Reports
) -> None:
    load = models_of(options)
    models: Models = cache(lambda: list(load()))
    made_with = {
        "options": options_that_count(options),
        "weights": weights_that_count((each.name, each.origin) for each in models()),
    }
    with contextlib.ExitStack() as stack:
        ledger = Ledger(options.output) if options.output else None
        if ledger is not None:
            stack.callback(ledger.close)
        jobs = _jobs(sources, ledger, options.output, made_with)
        progress = Progress(len(jobs))
        stack.callback(progress.close)
        steps = Steps(options, models, kept=ledger is not None)
        cases = Cases(steps, hand_over, reports, progress, ledger=ledger, made_with=made_with)
        _do_all(jobs, cases)
        progress.close()
        reports.write(as_list=True)
        if ledger is not None:
            _sum_up(ledger, options.output)
    if cases.failed:
        raise _failures(cases.failed, of=len(sources))


def _do_all(jobs: Sequence[Job], cases: Cases) -> None:
    """Here, or on the cluster that the options name."""
    steps = cases.steps
    if not steps.options.ray:
        overlapped(jobs, steps.read, steps.answer, cases.finish)
        return
    from inference.cli.cohort.spread import as_found_here, spread

    everywhere = replace(steps, options=as_found_here(steps.options, steps.models()))
    spread(jobs, everywhere, cases.note, address=steps.options.ray)


def _jobs(
    sources: Sequence[Given],
    ledger: Ledger | None,
    output: Path | None,
    made_with: Mapping[str, Any],
) -> list[Job]:
    """The cases that are to be done, each with its name and its folder."""
    who = identities(sources)
    names = ledger.names(who) if ledger else names_of(who, {})
    jobs = [
        Job(named(source, name), name, output / name if output else None, case)
        for source, case, name in zip(sources, who, names, strict=True)
    ]
    if ledger is not None:
        jobs = _left_to_do(jobs, ledger, made_with)
    return [job for job in jobs if job.identity.twin_of is None]


def _left_to_do(jobs: Sequence[Job], ledger: Ledger, made_with: Mapping[str, Any]) -> list[Job]:
    """The cases that no earlier run has done as they are to be done now."""
    left, again = [], Counter[str]()
    for job in jobs:
        done = ledger.was_done(job.name)
        why = ledger.why_again(job.name, job.identity, made_with) if done else ""
        if why or not done:
            left.append(job)
        if why:
            again[why] += 1
    if len(left) < len(jobs):
        say(f"{len(jobs) - len(left)} of {len(jobs)} cases were done before and are kept.")
    for why, count in again.items():
        say(f"{count} of {len(jobs)} cases were done before and are done again: {why}.")
    ledger.leave_out({job.name for job in left})
    for job in left:
        if (first := job.identity.twin_of) is not None:
            ledger.add(skipped_line(job.name, f"The same files as {jobs[first].name}."), None)
    return left


def _sum_up(ledger: Ledger, output: Path) -> None:
    lines = ledger.lines()
    write_summary(lines, output)
    for line in summary_of(lines):
        say(line)


def _failures(sentences: Sequence[str], *, of: int) -> InputError:
    first = "" if len(sentences) == 1 else "the first: "
    return InputError(f"{len(sentences)} of {of} cases failed; {first}{sentences[0]}")
