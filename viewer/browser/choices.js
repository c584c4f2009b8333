// What a person has chosen in a view. Kept on the page under the view's key: a rerun that brings
// a finished model, or a visit to another page, must change none of it.

import { pageStore } from "./store.js";

export function choicesOf(key) {
  const { choices } = pageStore();
  if (!choices.has(key)) {
    choices.set(key, {
      scan: null, // the scan that `slices` belongs to
      plane: "axial",
      slices: {}, // by plane; none until the tumour's largest is known, or one is chosen
      modality: null, // null: the first of PREFERRED_MODALITIES that is there
      hiddenLabels: new Set(),
      outline: false,
      opacity: { fill: 0.4, outline: 1 },
      radiological: true,
      panel: null, // the one panel a narrow screen shows, by key
      toolbarOpen: false,
    });
  }
  return choices.get(key);
}

// FLAIR shows the whole tumour at a glance.
const PREFERRED_MODALITIES = ["flair", "t1c", "t2", "t1"];

export function shownModality(chosen, present) {
  if (present.includes(chosen)) return chosen;
  return PREFERRED_MODALITIES.find((name) => present.includes(name)) ?? null;
}
