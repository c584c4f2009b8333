"""The models: what each is, where its weights come from, what it costs, how it learned."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from common.errors import InputError
from common.vocabulary import REGION_NAMES
from model_zoo.errors import WeightsError
from model_zoo.registry import ALL_MODELS, contract, registry
from model_zoo.weights.hub_pin import HubPin
from model_zoo.weights.provenance import Provenance
from workspace.benchmark.charts import learning_figure
from workspace.display.page_frame import plain
from workspace.jobs.model_timing import Timing, last_timing, start_timing
from workspace.jobs.polling import poll
from workspace.jobs.queue.job import Job
from workspace.jobs.segmentation import warm_up
from workspace.models.architecture_drawing import image_of
from workspace.models.loaded_models import loading_outcome, pinned_on_hub
from workspace.models.model_facts import ModelFacts, model_facts
from workspace.session.page_redirect import enter_by_app

# Every run of a script takes time from the loading, so few are better here.
POLL_SECONDS = 2.0
TIMING_POLL_SECONDS = 0.5
IN_A_ROW = 3
PARTS = {
    "read": "reading the files",
    "preprocess": "preparing the slices",
    "predict": "the network",
    "postprocess": "the label map",
}


def main() -> None:
    st.title("Models")
    st.markdown(
        "The three that are compared read T1, T1c, T2 and FLAIR, and were trained on the same "
        "patients for the same number of steps. A model that has learned from slices of all "
        "planes answers with the mean of them."
    )
    _rows(ALL_MODELS)
    others = [name for name in registry() if name not in ALL_MODELS and model_facts(name).config]
    if others:
        st.header("Models of another kind")
        st.markdown("They read other images or answer less, and are not compared with the three.")
        _rows(others)


def _rows(names: Sequence[str]) -> None:
    for start in range(0, len(names), IN_A_ROW):
        columns = st.columns(IN_A_ROW, gap="large")
        for column, name in zip(columns, names[start : start + IN_A_ROW], strict=False):
            with column:
                _entry(name)


def _entry(name: str) -> None:
    st.subheader(contract(name).title)
    st.html(f'<p class="summary">{escape(contract(name).summary)}</p>{image_of(contract(name))}')
    settled = _settled(name)
    # A fragment redraws itself alone until its weights are there.
    poll(_model, name, settled, every=None if settled else POLL_SECONDS)
    facts = _known(name) if settled else None
    if facts is None:
        return
    running = (job := last_timing(name)) is not None and job.unsettled
    poll(_time_now, name, running, every=TIMING_POLL_SECONDS if running else None)
    _learned(name, facts)
    _card(facts)


def _known(name: str) -> ModelFacts | None:
    """The facts of a model that can segment; None for another, which says itself why."""
    try:
        origin = loading_outcome(name) if pinned_on_hub(name) else None
    except InputError:
        return None
    if isinstance(origin, Exception):
        return None
    facts = model_facts(name, origin=origin)
    return facts if facts.config else None


def _settled(name: str) -> bool:
    """Whether it is known where the weights are from: at once, unless the Hub is to be asked."""
    try:
        return pinned_on_hub(name) is None or loading_outcome(name) is not None
    except InputError:
        return True


def _model(name: str, was_settled: bool) -> None:
    try:
        _source(name, pinned_on_hub(name))
    except (InputError, WeightsError) as error:
        st.error(plain(str(error)))
    if _settled(name) and not was_settled:
        st.rerun()


def _source(name: str, pin: HubPin | None) -> None:
    """Where the weights are from, and what they tell of themselves.

    Raises:
        WeightsError: if there are none.
    """
    origin = loading_outcome(name) if pin else None
    if isinstance(origin, Exception):
        raise origin
    if pin and origin is None:
        warm_up()  # whoever comes straight to this page has started nothing yet
        st.markdown(f"{plain(str(pin))}, being loaded …")
        return
    facts = model_facts(name, origin=origin)
    if facts.config is None:
        raise WeightsError("Its weights are missing on this server, so it cannot segment.")
    _weights(facts, origin or facts.embedded)


def _weights(facts: ModelFacts, origin: Provenance) -> None:
    if origin.note:
        st.warning(plain(origin.note), icon=":material/cloud_off:")
    st.html(_facts_list(facts))
    st.markdown(
        f"{plain(origin.described)}, {_megabytes(facts.megabytes)}, checksum `{origin.sha256[:12]}`"
    )


def _facts_list(facts: ModelFacts) -> str:
    facts_shown = {
        "Parameters": _count(facts.parameters),
        "Weights on disk": _megabytes(facts.megabytes),
        "In memory as float32": _megabytes(facts.loaded_megabytes),
    }
    if facts.int8_megabytes:
        facts_shown["As int8, which it runs in"] = _megabytes(facts.int8_megabytes)
    if trained := _trained_for(facts):
        facts_shown["Trained for"] = trained
        facts_shown["Slices it learned from"] = ", ".join(facts.planes)
    rows = "".join(
        f"<div><dt>{key}</dt><dd>{value}</dd></div>" for key, value in facts_shown.items()
    )
    return f'<dl class="facts">{rows}</dl>'


def _trained_for(facts: ModelFacts) -> str | None:
    """Steps and slices a step, of both stages where there were two."""
    training = facts.config.get("training")
    if not training:
        return None
    # Training may have ended before its last step, and the log knows.
    first = facts.first_steps
    steps = training["steps"] if facts.curve.empty else facts.curve.index.max() - first
    before = f"{first} + " if first else ""
    return f"{before}{steps} steps of {training['batch']} slices"


def _count(parameters: int) -> str:
    if parameters >= 1_000_000:
        return f"{parameters / 1e6:.1f} million"
    return f"{parameters / 1e3:.0f} thousand"


def _megabytes(size: float) -> str:
    return f"{size:.2g} MB" if size < 1 else f"{size:.0f} MB"


def _learned(name: str, facts: ModelFacts) -> None:
    if facts.curve.empty:
        return
    st.caption(
        f"Dice of {_spoken(contract(name).regions)} on the validation patients while it learned; "
        "not a test result"
    )
    st.plotly_chart(
        learning_figure(facts.curve, name),
        config={"displayModeBar": False},
        key=f"learning-{name}",
    )


def _spoken(regions: Sequence[str]) -> str:
    """The regions by name: whole tumour (WT), tumour core (TC) and enhancing tumour (ET)."""
    *others, last = (f"{REGION_NAMES[region].lower()} ({region.upper()})" for region in regions)
    return f"{', '.join(others)} and {last}" if others else last


def _card(facts: ModelFacts) -> None:
    pieces = facts.card()
    if not pieces:
        return
    with st.expander("Model card", icon=":material/article:"):
        for piece in pieces:
            if isinstance(piece, Path):
                st.image(piece, alt="Drawn and true outlines, explained below", width="stretch")
            else:
                # Its own headings would stand above those of the page.
                st.markdown(piece.replace("\n# ", "\n#### ").replace("\n## ", "\n##### "))


def _time_now(name: str, was_running: bool) -> None:
    job = last_timing(name)
    running = job is not None and job.unsettled
    if st.button("Time it now", icon=":material/timer:", key=f"time-{name}", disabled=running):
        start_timing(name)
        st.rerun()
    if running != was_running:
        st.rerun()
    if job is None:
        st.caption("Runs it on the synthetic sample, on this machine, when its turn comes.")
    else:
        _timing(job)


def _timing(job: Job) -> None:
    if job.status == "waiting":
        st.progress(0.0, "Waiting for its turn")
    elif job.status == "running":
        st.progress(job.progress, f"Segmenting the sample: {100 * job.progress:.0f} %")
    elif job.status == "done":
        st.html(_timed(job.result))
    else:
        st.error(f"It could not be timed: {job.error or 'it was cancelled.'}")


def _timed(timing: Timing) -> str:
    parts = {PARTS[part]: timing.seconds[part] for part in PARTS}
    rows = "".join(
        f"<div><dt>{part}</dt><dd>{seconds:.2f} s</dd></div>" for part, seconds in parts.items()
    )
    memory = (
        ""
        if timing.rise_mb is None
        else f"; memory rose by {timing.rise_mb:.0f} MB at most while it segmented"
    )
    return (
        f'<dl class="facts"><div><dt><b>From the files to the label map</b></dt>'
        f"<dd><b>{timing.seconds['total']:.2f} s</b></dd></div>{rows}</dl>"
        f'<p class="quiet">Just measured on {timing.cores} cores of this server in '
        f"{timing.arithmetic}, beside whatever else it does{memory}.</p>"
    )


enter_by_app()
main()
