// From region probabilities to a label map, as inference/postprocess.py draws it: less probability
// is asked for in a tumour that hardly enhances, and specks are left out.

import { largePieces } from "./pieces.js";

const THRESHOLDS = [0.5, 0.5, 0.5];
const THRESHOLDS_HARDLY_ENHANCING = [0.2, 0.1, 0.5];
const HARDLY_ENHANCING = 0.08;
const ENOUGH_SLICES = 20;

// Inside whole tumour, core, enhancing: oedema, necrotic core, enhancing tumour.
const LABELS = [2, 1, 3];

// probabilities: of WT, TC and ET, each of width × height × depth; the labels lie like them.
export function drawLabels(probabilities, sizes) {
  const limits = thresholds(probabilities, sizes);
  const labels = new Uint8Array(probabilities[0].length);
  let outer = new Uint8Array(labels.length).fill(1);
  probabilities.forEach((values, i) => {
    const limit = limits[i];
    const drawn = outer.map((inside, at) => (inside && values[at] > limit ? 1 : 0));
    outer = largePieces(drawn, sizes);
    for (let at = 0; at < labels.length; at++) if (outer[at]) labels[at] = LABELS[i];
  });
  return labels;
}

function thresholds([whole, , enhancing], [, , depth]) {
  if (depth < ENOUGH_SLICES) return THRESHOLDS;
  let [tumour, enhances] = [0, 0];
  for (let at = 0; at < whole.length; at++) {
    if (!(whole[at] > THRESHOLDS[0])) continue;
    tumour++;
    if (enhancing[at] > THRESHOLDS[2]) enhances++;
  }
  return enhances < HARDLY_ENHANCING * tumour ? THRESHOLDS_HARDLY_ENHANCING : THRESHOLDS;
}

const VOXELS_OF = { wt: [1, 2, 3], tc: [1, 3], et: [3] };

export function volumesOf(labels, spacing) {
  const counts = [0, 0, 0, 0];
  for (let at = 0; at < labels.length; at++) counts[labels[at]]++;
  const ml = spacing.reduce((product, size) => product * size, 1) / 1000;
  return Object.fromEntries(
    Object.entries(VOXELS_OF).map(([region, values]) => [
      region,
      ml * values.reduce((sum, value) => sum + counts[value], 0),
    ]),
  );
}
