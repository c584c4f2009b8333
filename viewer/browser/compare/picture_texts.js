// What a saved picture of the compare view says, and what its file is called: never whose scan
// it is, and no name that is hidden.

import { BRAIN_MASK } from "../slice/brain_outline.js";
import { legendOf } from "./toolbar/legend.js";
import { LAYERS, REGION_NAMES } from "../slice/layers.js";
import { sideInWords, titleOf } from "../slice/planes.js";
import { crossText } from "./panels/cross_hair_text.js";

// In one line: which slice of what, and what lies over it.
export function headingOf(scene) {
  const { plane, index, count, frame, zoom } = scene;
  const parts = [
    `${titleOf(plane.name)} slice ${index + 1} of ${count}`,
    scene.modalityTitle ?? "no image",
    layerInWords(scene),
    zoom > 1 && `${Math.round(zoom * 100)} %`,
    crossText(scene),
    sideInWords(plane, frame),
  ];
  // A line breaks between them alone.
  return parts.filter(Boolean).map((part) => part.replaceAll(" ", "\u00a0")).join(" · ");
}

export function fileNameOf({ plane, index, layer, region }) {
  const parts = ["gliolens", plane.name, "slice", index + 1, layer, region];
  return `${parts.filter(Boolean).join("-")}.png`;
}

// No layer lies over the image alone.
export function legendShown(scene) {
  const layer = scene.panels.every(({ plain }) => plain) ? [] : legendOf(scene);
  const { name, colour } = BRAIN_MASK;
  return scene.brainMask ? [...layer, { text: name, colour, outlined: true }] : layer;
}

function layerInWords({ panels, layer, region }) {
  if (panels.every(({ plain }) => plain)) return "";
  const { name } = LAYERS.find(({ key }) => key === layer);
  return region ? `${name}: ${REGION_NAMES[region].toLowerCase()}` : name;
}
