// Everything one frame of a heat map needs, from what has arrived and what was chosen.

import { clamp } from "../controls/dom.js";
import { frameOf, PLANES } from "../slice/planes.js";
import { WHOLE_WINDOW } from "../slice/window_level.js";

export const MAP_COLOURS = "cividis";

// Null until the scan and what was drawn on it are here.
export function makeHeatScene(choices, data, { scan, labels, probabilities }) {
  const outlined = labels.get(data.outlined);
  if (!scan || !outlined) return null;
  const { parcel } = data.maps.find(({ key }) => key === choices.map);
  const regions = probabilities.get(parcel) ?? null;
  const plane = PLANES.axial;
  const count = scan.shape[plane.normal];
  return {
    outlined,
    regions,
    plane,
    count,
    frame: frameOf(plane, scan, [outlined, ...(regions?.values() ?? [])], true),
    index: clamp(choices.index, 0, count - 1),
    modality: scan.modalities.get(choices.modality) ?? null,
    window: WHOLE_WINDOW,
    layer: "probability",
    region: choices.region,
    opacity: choices.opacity,
    zoom: 1,
    centre: null,
    cross: false,
    outline: true,
    visibleLabels: data.labels,
  };
}
