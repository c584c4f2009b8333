// The part of the volume that holds the brain: every voxel that is not exactly 0.

export function brainBox(volumes, [nx, ny, nz]) {
  const low = [nx, ny, nz];
  const high = [0, 0, 0];
  for (const voxels of volumes) {
    let i = 0;
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, i++) {
          if (voxels[i] === 0) continue;
          if (x < low[0]) low[0] = x;
          if (x >= high[0]) high[0] = x + 1;
          if (y < low[1]) low[1] = y;
          if (y >= high[1]) high[1] = y + 1;
          if (z < low[2]) low[2] = z;
          if (z >= high[2]) high[2] = z + 1;
        }
      }
    }
  }
  return low.map((start, axis) => [start, high[axis]]);
}

// As inference/io/image_warnings.py: a brain without its skull is smaller, and leaves background around it.
const MOST_ML = 2200;
const LEAST_BACKGROUND = 0.25;

export function isWholeHead(tissueVoxels, shape, spacing) {
  const volume = (sizes) => sizes.reduce((product, size) => product * size, 1);
  const tooLarge = (tissueVoxels * volume(spacing)) / 1000 > MOST_ML;
  return tooLarge || tissueVoxels > (1 - LEAST_BACKGROUND) * volume(shape);
}

export function sizesOf(box) {
  return box.map(([start, stop]) => stop - start);
}

export function cropped(voxels, [nx, ny], box) {
  const [[left, right], [back, front], [bottom, top]] = box;
  const [width, height, depth] = sizesOf(box);
  const part = new Float32Array(width * height * depth);
  let target = 0;
  for (let z = bottom; z < top; z++) {
    for (let y = back; y < front; y++) {
      const row = (z * ny + y) * nx;
      part.set(voxels.subarray(row + left, row + right), target);
      target += width;
    }
  }
  return part;
}
