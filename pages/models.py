"""The models: what each is, where its weights come from, how it learned."""

import streamlit as st

from model_zoo.registry import ALL_MODELS
from workspace.model_facts import ModelFacts, model_facts

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
            _model(model_facts(name))


def _model(facts: ModelFacts) -> None:
    st.subheader(facts.contract.title)
    st.markdown(facts.contract.summary)
    if facts.config is None:
        st.error("Its weights are missing on this server, so it cannot segment.")
        return
    training = facts.config["training"]
    st.markdown(
        f"Weights: {facts.megabytes:.0f} MB, embedded, revision `{facts.config['revision']}`, "
        f"checksum `{facts.config['sha256'][:12]}`  \n"
        f"Trained for {training['steps']} steps of {training['batch']} slices."
    )
    if not facts.curve.empty:
        st.caption(
            "Dice of whole tumour (WT), tumour core (TC) and enhancing tumour (ET) on the "
            "validation patients while it learned; not a test result"
        )
        colours = CURVE_COLOURS[: len(facts.curve.columns)]
        st.line_chart(facts.curve, color=colours, height=220, y_label="Dice")


main()
