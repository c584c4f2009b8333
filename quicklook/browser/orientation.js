// From a file's own voxel grid to RAS+: x to the patient's right, y to the front, z up. Axes are
// turned round and swapped, nothing is computed anew.

import { ON_THE_SERVER, Refused } from "./refused.js";

const MOST_OBLIQUE = 1e-3; // of an axis: a quarter of a voxel across a head
const MOST_SHIFT = 0.1; // of the smallest voxel

// { name, shape, affine, voxels } as above, in RAS+, with its spacing in mm.
export function toRas({ name, shape, affine, voxels }) {
  const axes = axesOf(affine, name);
  const steps = [1, shape[0], shape[0] * shape[1]];
  const stride = axes.map(({ from, sign }) => sign * steps[from]);
  const start = axes.reduce(
    (sum, { from, sign }) => sum + (sign < 0 ? (shape[from] - 1) * steps[from] : 0),
    0,
  );
  const turned = axes.map(({ from }) => shape[from]);
  return {
    name,
    shape: turned,
    affine: turnedAffine(affine, axes, shape),
    spacing: axes.map(({ from }) => lengthOf(affine, from)),
    voxels: copied(voxels, turned, stride, start),
  };
}

// Which axis of the file runs along x, y and z, and which way.
function axesOf(affine, name) {
  const axes = [];
  for (let from = 0; from < 3; from++) {
    const column = affine.map((row) => row[from] / lengthOf(affine, from));
    const along = column.findIndex((value) => Math.abs(value) > 0.5);
    const straight = column.every((value, i) => i === along || Math.abs(value) < MOST_OBLIQUE);
    if (along < 0 || !straight || axes[along]) {
      throw new Refused(`${name} was scanned at an angle, which is not read here; ${ON_THE_SERVER}`);
    }
    axes[along] = { from, sign: Math.sign(column[along]) };
  }
  return axes;
}

function lengthOf(affine, axis) {
  return Math.hypot(...affine.map((row) => row[axis]));
}

function turnedAffine(affine, axes, shape) {
  return affine.map((row) => {
    const columns = axes.map(({ from, sign }) => sign * row[from]);
    const origin = axes.reduce(
      (sum, { from, sign }) => sum + (sign < 0 ? row[from] * (shape[from] - 1) : 0),
      row[3],
    );
    return [...columns, origin];
  });
}

function copied(voxels, [nx, ny, nz], [stepX, stepY, stepZ], start) {
  const turned = new Float32Array(voxels.length);
  let target = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let source = start + z * stepZ + y * stepY;
      for (let x = 0; x < nx; x++, source += stepX) turned[target++] = voxels[source];
    }
  }
  return turned;
}

// Every file of a scan must have its voxels in the same places.
export function checkSameGrid([first, ...others]) {
  for (const other of others) {
    if (!sameGrid(first, other)) {
      throw new Refused(`${other.name} lies on another grid than ${first.name}; ${ON_THE_SERVER}`);
    }
  }
}

function sameGrid(one, other) {
  if (one.shape.some((size, axis) => size !== other.shape[axis])) return false;
  const most = MOST_SHIFT * Math.min(...other.spacing);
  return cornersOf(one.shape).every((corner) =>
    one.affine.every((row, i) => Math.abs(placed(row, corner) - placed(other.affine[i], corner)) <= most),
  );
}

function cornersOf(shape) {
  return Array.from({ length: 8 }, (_, i) => shape.map((size, axis) => ((i >> axis) & 1) * (size - 1)));
}

function placed(row, corner) {
  return corner.reduce((sum, at, axis) => sum + row[axis] * at, row[3]);
}
