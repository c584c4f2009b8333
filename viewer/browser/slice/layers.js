// What may lie over the image, and which byte each layer has at each voxel of a slice.

import { mapTable, channelsOf, pixelOf } from "./colour_maps.js";
import { readSlice } from "./planes.js";

export const LAYERS = [
  { key: "labels", name: "Labels", regions: [] },
  { key: "probability", name: "Probability", regions: ["wt", "tc", "et"], map: "cividis" },
  { key: "disagreement", name: "Disagreement", regions: ["any", "wt", "tc", "et"], map: "magma" },
  { key: "errors", name: "Errors", regions: ["wt", "tc", "et"] },
];

export const REGION_NAMES = {
  any: "Any", wt: "Whole tumour", tc: "Tumour core", et: "Enhancing tumour",
};

export const REGION_CHOICES = Object.entries(REGION_NAMES).map(([key, name]) => ({
  key,
  name: key === "any" ? name : key.toUpperCase(),
  title: key === "any" ? "Any of the labels" : name,
}));

export const DEFAULT_OPACITY = {
  fill: 0.4, outline: 1, probability: 0.6, disagreement: 0.7, errors: 0.6,
};

// Below this a probability is not drawn, nor sent: two per cent.
const LEAST_PROBABILITY = 5;

// In the order of their codes, from 1.
export const ERRORS = [
  { name: "Missed", colour: "#D55E00", title: "The truth has it, the model does not" },
  { name: "Extra", colour: "#56B4E9", title: "The model has it, the truth does not" },
  { name: "Correct", colour: "#009E73", title: "Both have it" },
];

export const ERROR_TABLE = tableOf(ERRORS.map(({ colour }, i) => ({ value: i + 1, colour })));
export const PROBABILITY_TABLE = mapTable("cividis", LEAST_PROBABILITY);
export const DISAGREEMENT_TABLE = mapTable("magma", 1);

// Labels: 1 necrotic core, 2 oedema, 3 enhancing tumour; a region's bit i says it holds label i.
const REGION_BITS = { wt: 0b1110, tc: 0b1010, et: 0b1000 };

export function tableOf(entries) {
  const table = new Uint32Array(256);
  for (const { value, colour } of entries) table[value] = pixelOf(channelsOf(colour));
  return table;
}

// Which of the layers can be shown, and for the others why not.
export function layerReasons(panels) {
  const votes = panels.filter(votesHere).length;
  return {
    labels: null,
    probability: panels.some(({ probability }) => probability)
      ? null
      : "The probabilities follow once all models are done",
    disagreement: votes > 1 ? null : "Needs the answers of two models",
    errors: panels.some((panel) => panel.reference && panel.labels)
      ? null
      : "There is no truth to compare with",
  };
}

export function opacityKey({ layer, outline }) {
  if (layer !== "labels") return layer;
  return outline ? "outline" : "fill";
}

// A model's own opinion; the truth and a consensus have no vote of their own.
export function votesHere({ labels, reference, derived }) {
  return Boolean(labels) && !reference && !derived;
}

// Bytes of 0, where all agree, to 255, where each of the others says something else than the
// largest group of models that agree.
export function readDisagreement(voters, region, scene, out) {
  const slices = voters.map((grid) => sliceOf(grid, scene));
  const kinds = new Uint8Array(4);
  for (let i = 0; i < out.length; i++) {
    kinds.fill(0);
    for (const slice of slices) kinds[kindOf(slice[i], region)]++;
    const most = Math.max(kinds[0], kinds[1], kinds[2], kinds[3]);
    out[i] = Math.round((255 * (voters.length - most)) / Math.max(voters.length - 1, 1));
  }
}

// 0 where neither has it, else the number of its entry in ERRORS.
export function readErrors(labels, truth, region, scene, out) {
  const [found, real] = [sliceOf(labels, scene), sliceOf(truth, scene)];
  const bits = REGION_BITS[region];
  for (let i = 0; i < out.length; i++) {
    const [has, should] = [(bits >> found[i]) & 1, (bits >> real[i]) & 1];
    out[i] = has && should ? 3 : has ? 2 : should;
  }
}

function kindOf(label, region) {
  return region === "any" ? label : (REGION_BITS[region] >> label) & 1;
}

function sliceOf(grid, { plane, index, frame }) {
  const slice = new Uint8Array(frame.width * frame.height);
  readSlice(grid, plane, index, frame, slice);
  return slice;
}
