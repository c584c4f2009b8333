// What inference/network/preprocess.py does to a modality, and viewer/scan.py for the screen; both leave
// the background, which is exactly 0, at 0.

const CLIP_PERCENTILES = [0.5, 99.9];
const WINDOW_PERCENTILES = [0.5, 99.8];
const LEAST_DEVIATION = 1e-6; // of the largest value

// The tissue's values in rising order.
export function sortedTissue(voxels) {
  const tissue = new Float32Array(voxels.length);
  let count = 0;
  for (let i = 0; i < voxels.length; i++) if (voxels[i] !== 0) tissue[count++] = voxels[i];
  return tissue.subarray(0, count).sort();
}

// Clipped z-scores over the tissue.
export function normalised(voxels, sorted) {
  const [low, high] = CLIP_PERCENTILES.map((percent) => Math.fround(percentile(sorted, percent)));
  const { mean, deviation } = momentsOf(clipped(sorted, low, high));
  const scores = clipped(voxels, low, high);
  for (let i = 0; i < scores.length; i++) {
    scores[i] = voxels[i] === 0 ? 0 : (scores[i] - mean) / deviation;
  }
  return scores;
}

function clipped(values, low, high) {
  const inside = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    inside[i] = values[i] < low ? low : values[i] > high ? high : values[i];
  }
  return inside;
}

function momentsOf(values) {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  const largest = Math.max(Math.abs(values[0]), Math.abs(values.at(-1))); // they rise
  const least = LEAST_DEVIATION * largest;
  return { mean, deviation: Math.max(Math.sqrt(squares / values.length), least) || 1 };
}

// Bytes: 0 is background, 1 to 255 the tissue inside a window; and that window.
export function greys(voxels, sorted) {
  const [low, top] = WINDOW_PERCENTILES.map((percent) => percentile(sorted, percent));
  const high = top > low ? top : low + 1;
  const inside = clipped(voxels, low, high);
  const bytes = new Uint8Array(voxels.length);
  for (let i = 0; i < bytes.length; i++) {
    if (voxels[i] !== 0) bytes[i] = ((inside[i] - low) * 254) / (high - low) + 1.5;
  }
  return { bytes, window: [low, high] };
}

// As numpy interpolates, in a straight line between two neighbours.
function percentile(sorted, percent) {
  const at = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const [a, b] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
  const [share, step] = [at - below, Math.fround(b - a)];
  return share < 0.5 ? a + step * share : b - step * (1 - share);
}
