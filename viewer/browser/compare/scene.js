// Everything one frame needs, from what has arrived and what was chosen.

import { shownModality } from "./choices.js";
import { chosenPanels } from "./toolbar/panel_chooser.js";
import { clamp } from "../controls/dom.js";
import { LAYERS, layerReasons, opacityKey, votesHere } from "../slice/layers.js";
import { disguise } from "./blind_names.js";
import { shownZoom } from "../slice/zoom.js";
import { frameOf, planeReasons, shownPlane } from "../slice/planes.js";
import { tumourProfile } from "./tumour_profile.js";
import { WHOLE_WINDOW } from "../slice/window_level.js";

// Stands in until the scan is here: a head's proportions, so that the page does not jump.
export const EMPTY_SCAN = {
  shape: [240, 240, 155],
  spacing: [1, 1, 1],
  box: [[48, 192], [32, 208], [0, 155]],
  modalities: new Map(),
};

// The image without anything over it.
export const PLAIN_PANEL = {
  key: "plain", name: "Image only", colour: "#5a6673", labels: null, probability: null,
  volume_ml: null, dice: null, seconds: null, status: "done", progress: 0, message: "",
  reference: false, derived: false, quickLook: null, plain: true,
};

export function makeScene(choices, data, content) {
  const scan = content.scan ?? EMPTY_SCAN;
  const reasons = planeReasons(scan.shape);
  const plane = shownPlane(choices.plane, reasons);
  const available = disguise([...content.describe(data.panels), PLAIN_PANEL], choices.blind);
  const panels = chosenPanels(available, choices.panels);
  const modalityName = shownModality(choices.modality, data.present);
  const cursor = cursorOf(scan, choices);
  const count = scan.shape[plane.normal];
  return {
    ...choices,
    zoom: shownZoom(choices.zoom),
    plane,
    planeReasons: reasons,
    available,
    panels,
    modalityName,
    count,
    cursor,
    index: cursor[plane.normal],
    shape: scan.shape,
    ready: content.scan !== null,
    problem: content.problem,
    present: data.present,
    affine: data.affine,
    modality: scan.modalities.get(modalityName) ?? null,
    modalityTitle: data.modalities.find(({ key }) => key === modalityName)?.name,
    window: choices.windows[modalityName] ?? WHOLE_WINDOW,
    hasBrain: Boolean(data.brain),
    brainMask: (choices.brain && content.labels.get(data.brain)) || null,
    labelNames: new Map(data.labels.map(({ value, name }) => [value, name])),
    visibleLabels: data.labels.filter(({ value }) => !choices.hiddenLabels.has(value)),
    areas: content.scan && tumourProfile(available, panels, plane, count),
    frame: frameOf(plane, scan, content.grids, choices.radiological),
    shownPanel: (panels.find(({ key }) => key === choices.panel) ?? panels[0]).key,
    ...layerOf(choices, available),
  };
}

// A layer that is not there yet, or not for this case, gives way to the labels.
function layerOf(choices, available) {
  const reasons = layerReasons(available);
  const layer = reasons[choices.layer] ? "labels" : choices.layer;
  const truth = available.find(({ reference }) => reference);
  const region = choices.regions[layer] ?? null;
  const regionReason = (key) =>
    layer === "errors" && !truth.known.includes(key) ? "The truth does not say" : null;
  return {
    layer,
    layerReasons: reasons,
    regionReason,
    region: layer === "errors" && regionReason(region) ? truth.known[0] : region,
    regionChoices: LAYERS.find(({ key }) => key === layer).regions,
    opacity: choices.opacity[opacityKey({ ...choices, layer })],
    truth: truth?.grid ?? null,
    voters: available.filter((panel) => votesHere(panel) && panel.grid).map(({ grid }) => grid),
  };
}

// The voxel where the three planes meet; before anything is chosen, the middle of the brain, or
// what was seen of the same head before.
export function cursorOf({ box, shape }, { slices, start }) {
  const names = ["sagittal", "coronal", "axial"];
  return names.map((name, axis) => {
    const middle = Math.floor((box[axis][0] + box[axis][1]) / 2);
    return clamp(slices[name] ?? start?.[axis] ?? middle, 0, shape[axis] - 1);
  });
}
