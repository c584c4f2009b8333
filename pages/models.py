"""The models: what each is, where its weights come from, how it learned."""

import streamlit as st

from inference.errors import InputError
from model_zoo.errors import WeightsError
from model_zoo.pin import HubPin
from model_zoo.provenance import Provenance
from model_zoo.registry import ALL_MODELS, contract
from workspace.frame import plain
from workspace.model_facts import ModelFacts, model_facts
from workspace.models import loading_outcome, pinned_on_hub
from workspace.segmentations import warm_up

# Every run of a script takes time from the loading, so few are better here.
POLL_SECONDS = 2.0
# Whole tumour, tumour core, enhancing tumour: none of these is a label, so none has its colour.
CURVE_COLOURS = ["#e6e8eb", "#7f8a99", "#CC79A7"]


def main() -> None:
    st.title("Models")
    st.markdown(
        "All three read the same slices of T1, T1c, T2 and FLAIR, and were trained on the same "
        "patients with the same augmentation, loss and number of steps."
    )
    for column, name in zip(st.columns(len(ALL_MODELS), gap="large"), ALL_MODELS, strict=True):
        with column:
            settled = _settled(name)
            # A fragment redraws itself alone until its weights are there.
            st.fragment(_model, run_every=None if settled else POLL_SECONDS)(name, settled)


def _settled(name: str) -> bool:
    """Whether it is known where the weights are from: at once, unless the Hub is to be asked."""
    try:
        return pinned_on_hub(name) is None or loading_outcome(name) is not None
    except InputError:
        return True


def _model(name: str, was_settled: bool) -> None:
    st.subheader(contract(name).title)
    st.markdown(contract(name).summary)
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
    st.markdown(
        f"{plain(origin.described)}, {facts.megabytes:.0f} MB, checksum `{origin.sha256[:12]}`"
    )
    training = facts.config.get("training")
    if training:
        st.markdown(f"Trained for {training['steps']} steps of {training['batch']} slices.")
    if not facts.curve.empty:
        st.caption(
            "Dice of whole tumour (WT), tumour core (TC) and enhancing tumour (ET) on the "
            "validation patients while it learned; not a test result"
        )
        colours = CURVE_COLOURS[: len(facts.curve.columns)]
        st.line_chart(facts.curve, color=colours, height=220, y_label="Dice")


main()
