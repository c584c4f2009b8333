// Volumes as the browser holds them. A grid is the part of a volume inside a box, x fastest.

import { inflate, unpack } from "./envelope.js";

export async function decodeScan(bytes) {
  const { header, blobs } = unpack(bytes);
  const volumes = await Promise.all(blobs.map(inflate));
  const modalities = new Map();
  header.modalities.forEach(({ name, window }, i) => {
    const grid = makeGrid(volumes[i], header.box);
    addSliceBelow(grid);
    modalities.set(name, { ...grid, window });
  });
  return { shape: header.shape, spacing: header.spacing, box: header.box, modalities };
}

export async function decodeLabels(bytes) {
  const { header, blobs } = unpack(bytes);
  return makeGrid(await inflate(blobs[0]), header.box);
}

// One grid a region, by its name.
export async function decodeProbability(bytes) {
  const { header, blobs } = unpack(bytes);
  const volumes = await Promise.all(blobs.map(inflate));
  return new Map(header.regions.map((name, i) => [name, makeGrid(volumes[i], header.box)]));
}

function makeGrid(data, box) {
  const [nx, ny] = box.map(([start, stop]) => stop - start);
  return { data, box, strides: [1, nx, nx * ny] };
}

// Undoes what _deflate in viewer/scan.py does; the bytes wrap around by themselves.
function addSliceBelow({ data, strides: [, , slice] }) {
  for (let i = slice; i < data.length; i++) data[i] += data[i - slice];
}
