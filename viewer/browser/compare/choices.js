// What a person has chosen in a view. Kept on the page under the view's key: a rerun that brings
// a finished model, or a visit to another page, must change none of it. On a fresh page they
// start from the page's address.

import { readAddress } from "./address.js";
import { DEFAULT_OPACITY } from "../slice/layers.js";
import { pageStore } from "../received/page_store.js";

export function choicesOf(key) {
  const { choices } = pageStore();
  if (!choices.has(key)) {
    choices.set(key, readAddress(window.location.search, defaultChoices()));
  }
  return choices.get(key);
}

export function defaultChoices() {
  return {
    scan: null, // the scan that `slices` belongs to
    place: null, // where that scan lies in its head; null: unknown
    plane: "axial",
    slices: {}, // by plane; none until the tumour's largest is known, or one is chosen
    start: null, // the voxel shown before that; null: the middle of the brain
    point: null, // of the head, in mm: what `slices` have rounded to voxels
    modality: null, // null: the first of PREFERRED_MODALITIES that is there
    windows: {}, // by modality; without one, the whole range that was sent
    layer: "labels",
    regions: { probability: "wt", disagreement: "any", errors: "wt" },
    hiddenLabels: new Set(),
    outline: false,
    brain: false, // the outline of the brain mask
    opacity: DEFAULT_OPACITY,
    radiological: true,
    panels: null, // keys of the panels; null: see chosenPanels
    single: false, // one panel at a time, as on a narrow screen
    panel: null, // that one panel, by key
    zoom: 1,
    centre: null, // the voxel in the middle of a zoomed picture; null: the picture's own
    cross: false,
    blind: null, // the seed that hides the models' names
    toolbarOpen: false,
  };
}

// FLAIR shows the whole tumour at a glance.
const PREFERRED_MODALITIES = ["flair", "t1c", "t2", "t1"];

export function shownModality(chosen, present) {
  if (present.includes(chosen)) return chosen;
  return PREFERRED_MODALITIES.find((name) => present.includes(name)) ?? null;
}
