// How a plane cuts a volume in RAS+ order, and how the cut lies on screen.

// normal, across, up: which of X, Y, Z runs through the slices, along a row, and up a column.
export const PLANES = {
  axial: { name: "axial", short: "Axial", normal: 2, across: 0, up: 1 },
  coronal: { name: "coronal", short: "Cor", normal: 1, across: 0, up: 2 },
  sagittal: { name: "sagittal", short: "Sag", normal: 0, across: 1, up: 2 },
};

// As it begins a line.
export function titleOf(name) {
  return name[0].toUpperCase() + name.slice(1);
}

// For each plane why it cannot be shown: across a single slice there is a line to see.
export function planeReasons(shape) {
  const reason = ({ across, up }) => (shape[across] > 1 && shape[up] > 1 ? null : "A single slice");
  return Object.fromEntries(Object.values(PLANES).map((plane) => [plane.name, reason(plane)]));
}

// The chosen plane, or one that there is.
export function shownPlane(chosen, reasons) {
  if (!reasons[chosen]) return PLANES[chosen];
  return Object.values(PLANES).find(({ name }) => !reasons[name]) ?? PLANES.axial;
}

// The patient's side at the low and at the high end of X, Y and Z.
const SIDES = [
  ["L", "R"],
  ["P", "A"],
  ["I", "S"],
];

// What the picture covers: the boxes of everything drawn, so that it neither wastes the panel
// on air nor hides a label outside the brain.
export function frameOf(plane, scan, grids, radiological) {
  const boxes = [scan.box, ...grids.map((grid) => grid.box)];
  const across = union(boxes.map((box) => box[plane.across]));
  const up = union(boxes.map((box) => box[plane.up]));
  return {
    across,
    up,
    width: across[1] - across[0],
    height: up[1] - up[0],
    pixelWidth: scan.spacing[plane.across],
    pixelHeight: scan.spacing[plane.up],
    // Radiological convention looks from the feet and from the front: the patient's right is on
    // the left. A sagittal slice has the face on the left in either convention.
    mirrored: plane.across === 0 ? radiological : true,
  };
}

// Of what the picture covers, height to width, voxels in their true proportions.
export function aspectOf({ width, height, pixelWidth, pixelHeight }) {
  return (height * pixelHeight) / (width * pixelWidth);
}

export function sidesOf(plane, frame) {
  const [low, high] = SIDES[plane.across];
  const [bottom, top] = SIDES[plane.up];
  return frame.mirrored
    ? { left: high, right: low, top, bottom }
    : { left: low, right: high, top, bottom };
}

// Which side of the patient lies on the left, in words.
export function sideInWords({ across }, { mirrored }) {
  if (across === 1) return "The patient's face is on the left";
  return `Patient's right is on the ${mirrored ? "left" : "right"}`;
}

// The value of the grid at a voxel, 0 outside its box.
export function valueAt({ data, box, strides }, voxel) {
  const inside = voxel.every((at, axis) => at >= box[axis][0] && at < box[axis][1]);
  if (!inside) return 0;
  return data[voxel.reduce((sum, at, axis) => sum + (at - box[axis][0]) * strides[axis], 0)];
}

// Copies one slice of the grid into `out` (frame.width × frame.height, top row first).
// Returns whether the slice meets the grid at all.
export function readSlice(grid, plane, index, frame, out) {
  out.fill(0);
  const [first, last] = grid.box[plane.normal];
  if (index < first || index >= last) return false;
  const [left, right] = grid.box[plane.across];
  const [bottom, top] = grid.box[plane.up];
  const slice = (index - first) * grid.strides[plane.normal];
  const stepAcross = grid.strides[plane.across];
  const step = frame.mirrored ? -1 : 1;
  const start = frame.mirrored ? frame.across[1] - 1 - left : left - frame.across[0];
  for (let up = bottom; up < top; up++) {
    let source = slice + (up - bottom) * grid.strides[plane.up];
    let target = (frame.up[1] - 1 - up) * frame.width + start;
    for (let across = left; across < right; across++) {
      out[target] = grid.data[source];
      source += stepAcross;
      target += step;
    }
  }
  return true;
}

// The part of the frame that a grid can fill: half-open ranges of columns and rows.
export function extentOf(grid, plane, frame) {
  const [left, right] = grid.box[plane.across];
  const [bottom, top] = grid.box[plane.up];
  return {
    columns: frame.mirrored
      ? [frame.across[1] - right, frame.across[1] - left]
      : [left - frame.across[0], right - frame.across[0]],
    rows: [frame.up[1] - top, frame.up[1] - bottom],
  };
}

// How many voxels of each slice are labelled.
export function areaProfile(grid, plane, count) {
  return profileOfSlices(grid, plane, count, (label) => Number(label > 0));
}

// The sum of the bytes of each slice.
export function sumProfile(grid, plane, count) {
  return profileOfSlices(grid, plane, count, (byte) => byte);
}

function profileOfSlices(grid, plane, count, amountOf) {
  const amounts = new Uint32Array(count);
  const [first, last] = grid.box[plane.normal];
  const frame = { across: grid.box[plane.across], up: grid.box[plane.up], mirrored: false };
  frame.width = frame.across[1] - frame.across[0];
  const slice = new Uint8Array(frame.width * (frame.up[1] - frame.up[0]));
  for (let index = first; index < last; index++) {
    readSlice(grid, plane, index, frame, slice);
    amounts[index] = slice.reduce((sum, value) => sum + amountOf(value), 0);
  }
  return amounts;
}

function union(ranges) {
  // An empty box (a model that found nothing) covers nothing.
  const real = ranges.filter(([start, stop]) => stop > start);
  return [Math.min(...real.map(([start]) => start)), Math.max(...real.map(([, stop]) => stop))];
}
