// How much tumour each slice of a plane holds, for the strip and for finding the largest slice.

import { areaProfile } from "../slice/planes.js";

// From the truth where it is on screen; else the mean of the models, which gives nothing away.
// Null until it has arrived.
export function tumourProfile(available, shown, plane, count) {
  const truth = shown.find(({ reference, labels }) => reference && labels);
  const sources = truth ? [truth] : opinions(available);
  const profiles = sources.map(({ grid }) => grid && profileOf(grid, plane, count));
  return profiles.includes(null) ? null : meanOf(profiles);
}

// From the quick look, which says where to begin while nobody's answer is on its way.
export function quickProfile(available, shown, plane, count) {
  const others = [...shown, ...available.filter(({ reference }) => !reference)];
  if (others.some(({ labels }) => labels)) return null;
  const found = available.find(({ quickLook }) => quickLook);
  return found ? profileOf(found.quickLook.grid, plane, count) : null;
}

function opinions(available) {
  const answers = available.filter(({ grid, reference }) => grid && !reference);
  const models = answers.filter(({ derived }) => !derived);
  return models.length ? models : answers;
}

// The same array for the same parts: the strip redraws its bars only for another one.
const means = new WeakMap();

function meanOf(profiles) {
  if (profiles.length < 2) return profiles[0] ?? null;
  const known = means.get(profiles[0]);
  const same = known?.parts.length === profiles.length;
  if (same && known.parts.every((part, i) => part === profiles[i])) return known.mean;
  const mean = Float32Array.from(profiles[0], (_, i) =>
    profiles.reduce((sum, areas) => sum + areas[i] / profiles.length, 0),
  );
  means.set(profiles[0], { parts: profiles, mean });
  return mean;
}

function profileOf(grid, plane, count) {
  grid.areas ??= {};
  grid.areas[plane.name] ??= areaProfile(grid, plane, count);
  return grid.areas[plane.name];
}
