// Background exactly 0 and tissue brighter, as inference/io/brightness.py has it; the limits are
// explained there. In place; what was done is returned.

const CORNER_SHARE = 1 / 16;
const CONSTANT_SHARE = 0.9;
const LEAST_AROUND = 0.05;
const NEARLY_ALL = 0.95;
const COMMON_BLACK = 0.1;
const FAR_BRIGHTER = 8;
const BRIGHT_RANK = 0.9;
const BRIGHTNESS_SAMPLE = 200_000;
const FEW_NEIGHBOURS = 6;
const MOST_STRAY = 0.05;
const SMALL_VALUES = 1e-2;

export function settleBrightness(voxels, shape) {
  const level = backgroundLevel(voxels, shape);
  if (level) for (let i = 0; i < voxels.length; i++) voxels[i] -= level;
  const inverted = isInverted(voxels);
  if (inverted) for (let i = 0; i < voxels.length; i++) voxels[i] = -voxels[i] || 0;
  const stray = strayVoxels(voxels, shape);
  for (const place of stray) voxels[place] = 0;
  enlargeSmall(voxels);
  return { level, inverted, stray: stray.length };
}

// The one value that surrounds a head, 0 where there is none.
function backgroundLevel(voxels, shape) {
  const counts = new Map();
  const corners = valuesInCorners(voxels, shape);
  for (const value of corners) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [level, count] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most));
  if (level === 0 || count < CONSTANT_SHARE * corners.length) return 0;
  if (howMany(voxels, (value) => value === level) < LEAST_AROUND * voxels.length) return 0;
  const [darkest, brightest] = lowestAndHighest(voxels);
  const black = howMany(voxels, (value) => value === darkest);
  const isFrame = level === brightest && black > COMMON_BLACK * voxels.length;
  return isFrame ? 0 : level;
}

function valuesInCorners(voxels, [nx, ny, nz]) {
  const [xs, ys, zs] = [nx, ny, nz].map((side) => {
    const n = Math.max(1, Math.round(side * CORNER_SHARE));
    return Array.from({ length: 2 * n }, (_, at) => (at < n ? at : side - 2 * n + at));
  });
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x) => voxels[(z * ny + y) * nx + x])));
}

function isInverted(voxels) {
  const negative = howMany(voxels, (value) => value < 0);
  return negative > 0 && negative >= NEARLY_ALL * howMany(voxels, (value) => value !== 0);
}

// Voxels far brighter or darker than any tissue, with background around them.
function strayVoxels(voxels, shape) {
  const sample = [];
  const step = Math.max(1, Math.floor(voxels.length / BRIGHTNESS_SAMPLE));
  for (let i = 0; i < voxels.length; i += step) if (voxels[i] !== 0) sample.push(Math.abs(voxels[i]));
  if (!sample.length) return [];
  sample.sort((a, b) => a - b);
  const limit = FAR_BRIGHTER * sample[Math.floor(BRIGHT_RANK * (sample.length - 1))];
  const far = [];
  for (let i = 0; i < voxels.length; i++) if (Math.abs(voxels[i]) > limit) far.push(i);
  if (far.length > MOST_STRAY * howMany(voxels, (value) => value !== 0)) return [];
  return far.filter((place) => tissueAround(voxels, shape, place, limit) <= FEW_NEIGHBOURS);
}

function tissueAround(voxels, [nx, ny, nz], place, limit) {
  const [x, y, z] = [place % nx, Math.floor(place / nx) % ny, Math.floor(place / (nx * ny))];
  let found = 0;
  for (let k = Math.max(z - 1, 0); k <= Math.min(z + 1, nz - 1); k++) {
    for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, ny - 1); j++) {
      for (let i = Math.max(x - 1, 0); i <= Math.min(x + 1, nx - 1); i++) {
        const value = voxels[(k * ny + j) * nx + i];
        if (value !== 0 && Math.abs(value) <= limit) found++;
      }
    }
  }
  return found;
}

// By a power of two, which changes no ratio of the values.
function enlargeSmall(voxels) {
  const most = Math.max(...lowestAndHighest(voxels).map(Math.abs));
  if (!(most > 0 && most < SMALL_VALUES)) return;
  const factor = 2 ** -(Math.floor(Math.log2(most)) + 1);
  for (let i = 0; i < voxels.length; i++) voxels[i] *= factor;
}

function lowestAndHighest(voxels) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < voxels.length; i++) {
    if (voxels[i] < low) low = voxels[i];
    if (voxels[i] > high) high = voxels[i];
  }
  return [low, high];
}

function howMany(voxels, holds) {
  let count = 0;
  for (let i = 0; i < voxels.length; i++) if (holds(voxels[i])) count++;
  return count;
}
