// From region probabilities to a label map, as inference/network/postprocess.py draws it: in a tumour that
// hardly enhances the likeliest part is core, and specks are left out.

import { largePieces } from "./pieces.js";

const HALF = 0.5;
// As RULE there.
const HARDLY_ENHANCING = 0.04;
const WHOLE = 0.25;
const CORE_SHARE = 0.4;
const NOTHING_ENHANCES = 0.005;
const SPECK = 0.1;
const ENOUGH_SLICES = 20;
const SPECK_IN_FEW_SLICES = 0.03;

// Inside whole tumour, core, enhancing: oedema, necrotic core, enhancing tumour.
const LABELS = [2, 1, 3];

// probabilities: of WT, TC and ET, each of width × height × depth; the labels lie like them.
export function drawLabels(probabilities, sizes) {
  const limits = thresholds(probabilities, sizes);
  const labels = new Uint8Array(probabilities[0].length);
  const speck = sizes[2] < ENOUGH_SLICES ? SPECK_IN_FEW_SLICES : SPECK;
  let outer = new Uint8Array(labels.length).fill(1);
  probabilities.forEach((values, i) => {
    const limit = limits[i];
    const drawn = outer.map((inside, at) => (inside && values[at] > limit ? 1 : 0));
    outer = largePieces(drawn, sizes, speck);
    for (let at = 0; at < labels.length; at++) if (outer[at]) labels[at] = LABELS[i];
  });
  return labels;
}

function thresholds([whole, core, enhancing], [, , depth]) {
  if (depth < ENOUGH_SLICES) return [HALF, HALF, HALF];
  let [tumour, enhances] = [0, 0];
  for (let at = 0; at < whole.length; at++) {
    if (!(whole[at] > HALF)) continue;
    tumour++;
    if (enhancing[at] > HALF) enhances++;
  }
  const leastEnhancing = enhances < NOTHING_ENHANCES * tumour ? 1 : HALF;
  if (enhances >= HARDLY_ENHANCING * tumour) return [HALF, HALF, leastEnhancing];
  const inside = core.filter((_, at) => whole[at] > WHOLE);
  return [WHOLE, Math.min(leastOfHighest(inside, CORE_SHARE), HALF), leastEnhancing];
}

// The value that this share of the values lies above.
function leastOfHighest(values, share) {
  return values.sort()[values.length - 1 - Math.floor(share * values.length)];
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
