// One scan from its files to a label map, all of it in this browser.

import { brainBox, cropped, isWholeHead, sizesOf } from "./brain.js";
import { settleBrightness } from "./brightness.js";
import { leaveOutCopies } from "./copies.js";
import { byModality, ORDER } from "./modality.js";
import { readNifti } from "./nifti.js";
import { greys, normalised, sortedTissue } from "./normalise.js";
import { checkSameGrid, toRas } from "./orientation.js";
import { drawLabels, volumesOf } from "./postprocess.js";

// Calls onScan once the image can be shown, onProgress with the share of slices done.
// network: a promise; reading does not wait for it.
export async function segment(files, network, { onScan, onProgress }) {
  const clock = new Clock();
  const images = await readAll(files);
  clock.lap("read");
  const scan = prepare(images);
  onScan(scan.shown);
  clock.lap("prepare");
  const ready = await network;
  clock.lap("wait");
  const { probabilities, slices } = await predict(ready, scan, onProgress);
  clock.lap("predict");
  const drawn = drawLabels(probabilities, scan.sizes);
  const labels = { data: turnPlanes(drawn, scan.sizes), box: scan.box };
  clock.lap("draw");
  const volume_ml = volumesOf(drawn, scan.shown.spacing);
  return { labels, volume_ml, slices, seconds: clock.seconds };
}

// One after the other: four scans unpacked at once would take twice the memory.
async function readAll(files) {
  const images = new Map();
  for (const [modality, file] of byModality(files)) {
    const { unnumbered, ...read } = await readNifti(file);
    const image = toRas(read);
    const settled = settleBrightness(image.voxels, image.shape);
    images.set(modality, { ...image, settled, unnumbered });
  }
  checkSameGrid([...images.values()]);
  return images;
}

function prepare(images) {
  const copies = leaveOutCopies(images);
  const [{ shape, affine, spacing }] = images.values();
  const box = brainBox([...images.values()].map(({ voxels }) => voxels), shape);
  const sizes = sizesOf(box);
  const blank = new Float32Array(sizes.reduce((product, size) => product * size, 1));
  const modalities = [];
  const channels = ORDER.map((name) => {
    if (!images.has(name)) return blank;
    const voxels = cropped(images.get(name).voxels, shape, box);
    const sorted = sortedTissue(voxels);
    const wholeHead = isWholeHead(sorted.length, shape, spacing);
    const { settled, unnumbered } = images.get(name);
    modalities.push({ name, wholeHead, settled, unnumbered, ...greys(voxels, sorted) });
    return turnPlanes(normalised(voxels, sorted), sizes);
  });
  return { channels, box, sizes, shown: { shape, affine, spacing, box, modalities, copies } };
}

async function predict(network, { channels, sizes: [width, height, depth] }, onProgress) {
  const area = width * height;
  const probabilities = [0, 1, 2].map(() => new Float32Array(area * depth));
  let slices = 0;
  for (let z = 0; z < depth; z++) {
    const planes = channels.map((channel) => channel.subarray(z * area, (z + 1) * area));
    // Nothing is there to be found in a slice without tissue.
    if (planes.some((plane) => plane.some((value) => value !== 0))) {
      const answers = await network.probabilities(planes, width, height);
      answers.forEach((answer, region) => probabilities[region].set(answer, z * area));
      slices++;
    }
    onProgress((z + 1) / depth);
  }
  return { probabilities, slices };
}

// Between RAS+ and slices as they are looked at: each plane turned by half a turn.
function turnPlanes(values, [width, height]) {
  const area = width * height;
  for (let start = 0; start < values.length; start += area) {
    values.subarray(start, start + area).reverse();
  }
  return values;
}

class Clock {
  constructor() {
    this.seconds = {};
    this.start = this.last = performance.now();
  }

  lap(part) {
    const now = performance.now();
    this.seconds[part] = (now - this.last) / 1000;
    this.seconds.total = (now - this.start) / 1000;
    this.last = now;
  }
}
