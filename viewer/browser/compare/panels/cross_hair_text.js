// What stands at the cross-hair: its place in mm, the image's value, and each panel's label.

import { pointThrough } from "../../slice/affine.js";
import { valueAt } from "../../slice/planes.js";
import { intensityText } from "../../slice/window_level.js";

// The patient's side at the negative and the positive end of the world's x, y and z.
const WORLD_SIDES = [["L", "R"], ["P", "A"], ["I", "S"]];

// For all panels: "12.0 R, 30.5 A, 4.0 S mm · FLAIR 402".
export function crossText({ cross, ready, affine, cursor, modality, modalityTitle }) {
  if (!cross || !ready) return "";
  const place = affine ? placeInMm(pointThrough(affine, cursor)) : `voxel ${cursor.join(", ")}`;
  if (!modality) return place;
  const value = intensityText(valueAt(modality, cursor), modality.window);
  return `${place} · ${modalityTitle} ${value}`;
}

// For one panel: its label at the cross-hair, or why its layer is empty.
export function noteOf(panel, scene) {
  const empty = emptyLayer(panel, scene);
  if (empty || !scene.cross || !panel.grid) return empty;
  if (scene.layer === "probability") return probabilityAt(panel.regions.get(scene.region), scene);
  return scene.labelNames.get(valueAt(panel.grid, scene.cursor)) ?? "No tumour";
}

function emptyLayer({ plain, reference, regions, status }, { layer }) {
  if (layer !== "probability" || plain || regions || status !== "done") return "";
  return reference ? "Drawn by an expert, without probability" : "Probability on its way";
}

// Below two per cent none was sent.
function probabilityAt(grid, { cursor, region }) {
  const value = valueAt(grid, cursor);
  return `${region.toUpperCase()} ${value ? `${Math.round(value / 2.55)} %` : "< 2 %"}`;
}

function placeInMm(position) {
  const parts = position.map((mm, axis) => {
    const side = WORLD_SIDES[axis][mm < 0 ? 0 : 1];
    return `${Math.abs(mm).toFixed(1)} ${side}`;
  });
  return `${parts.join(", ")} mm`;
}
