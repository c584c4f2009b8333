// The state of the view in the page's address, so that a link opens the same view.
//
// Only what differs from a fresh view stands there, each under a name of its own; what others
// keep in the address (case=sample) is left alone. The address is replaced, never visited: no
// request, no rerun, no step in the browser's history.

import { clamp } from "../controls/dom.js";
import { DEFAULT_OPACITY, LAYERS, opacityKey } from "../slice/layers.js";
import { veil } from "./blind_names.js";
import { shownZoom } from "../slice/zoom.js";
import { PLANES } from "../slice/planes.js";

const QUIET_MS = 400; // browsers refuse more than some hundred changes of the address a minute

// How each parameter is written (null: not at all) and read. In this order, because a region
// belongs to a layer, a window to a modality and an opacity to a way of drawing. A value that
// makes no sense is passed over: an address is typed by people.
const PARAMETERS = {
  plane: {
    write: ({ plane }) => (plane === "axial" ? null : plane),
    read: (text, choices) => text in PLANES && (choices.plane = text),
  },
  axial: sliceParameter("axial"),
  coronal: sliceParameter("coronal"),
  sagittal: sliceParameter("sagittal"),
  modality: {
    write: ({ modality }) => modality,
    read: (text, choices) => (choices.modality = text),
  },
  window: {
    write: ({ windows, modality }) => windows[modality]?.join("_") ?? null,
    read: (text, choices) => {
      const [low, high] = numbersIn(text);
      if (choices.modality && high > low) choices.windows = { [choices.modality]: [low, high] };
    },
  },
  layer: {
    write: ({ layer }) => (layer === "labels" ? null : layer),
    read: (text, choices) => LAYERS.some(({ key }) => key === text) && (choices.layer = text),
  },
  region: {
    write: ({ layer, regions }) => regions[layer] ?? null,
    read: (text, choices) => {
      const layer = LAYERS.find(({ key }) => key === choices.layer);
      if (layer.regions.includes(text)) {
        choices.regions = { ...choices.regions, [layer.key]: text };
      }
    },
  },
  hide: {
    write: ({ hiddenLabels }) => [...hiddenLabels].sort().join("_") || null,
    read: (text, choices) => (choices.hiddenLabels = new Set(numbersIn(text))),
  },
  outline: flagParameter("outline"),
  brain: flagParameter("brain"),
  opacity: {
    write: (choices) => {
      const key = opacityKey(choices);
      const value = choices.opacity[key];
      return value === DEFAULT_OPACITY[key] ? null : String(Math.round(value * 100));
    },
    read: (text, choices) => {
      const [percent = 100] = numbersIn(text);
      const value = clamp(percent, 0, 100) / 100;
      choices.opacity = { ...choices.opacity, [opacityKey(choices)]: value };
    },
  },
  view: {
    write: ({ radiological }) => (radiological ? null : "neurological"),
    read: (text, choices) => (choices.radiological = text !== "neurological"),
  },
  panels: {
    write: ({ panels, blind }) => panels?.map((key) => keyShown(key, blind)).join(".") ?? null,
    read: (text, choices) => (choices.panels = text.split(".")),
  },
  single: flagParameter("single"),
  panel: {
    write: ({ panel, blind }) => panel && keyShown(panel, blind),
    read: (text, choices) => (choices.panel = text),
  },
  zoom: {
    write: ({ zoom }) => (shownZoom(zoom) === 1 ? null : String(Math.round(zoom * 100))),
    read: (text, choices) => {
      const [percent = 100] = numbersIn(text);
      choices.zoom = Math.max(percent / 100, 1);
    },
  },
  centre: {
    write: ({ centre, zoom }) =>
      shownZoom(zoom) === 1 ? null : (centre?.join("_") ?? null),
    read: (text, choices) => {
      const numbers = numbersIn(text);
      if (numbers.length === 3) choices.centre = numbers;
    },
  },
  cross: flagParameter("cross"),
  blind: {
    write: ({ blind }) => (blind === null ? null : String(blind)),
    read: (text, choices) => (choices.blind = numbersIn(text)[0] ?? null),
  },
};

export function readAddress(search, choices) {
  const given = new URLSearchParams(search);
  for (const [name, { read }] of Object.entries(PARAMETERS)) {
    if (given.has(name)) read(given.get(name), choices);
  }
  return choices;
}

// The search part of an address that shows these choices, with what others keep in it.
export function writeAddress(search, choices) {
  const given = new URLSearchParams(search);
  for (const [name, { write }] of Object.entries(PARAMETERS)) {
    const text = write(choices);
    if (text === null) given.delete(name);
    else given.set(name, text);
  }
  const text = given.toString();
  return text ? `?${text}` : "";
}

// Keeps the address up with the choices, a moment after the last of them.
export class Address {
  constructor(choices) {
    this.choices = choices;
    this.path = window.location.pathname;
  }

  follow() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.replace(), QUIET_MS);
  }

  close() {
    clearTimeout(this.timer);
  }

  replace() {
    const { pathname, search, hash } = window.location;
    if (pathname !== this.path) return; // on the way to another page
    const next = writeAddress(search, this.choices);
    if (next === search) return;
    window.history.replaceState(window.history.state, "", pathname + next + hash);
  }
}

// Slices count from 1 for people.
function sliceParameter(plane) {
  return {
    write: ({ slices }) => (plane in slices ? String(slices[plane] + 1) : null),
    read: (text, choices) => {
      const [number] = numbersIn(text);
      if (number >= 1) choices.slices = { ...choices.slices, [plane]: Math.floor(number) - 1 };
    },
  };
}

function keyShown(key, seed) {
  return seed === null ? key : veil(key, seed);
}

function flagParameter(name) {
  return {
    write: (choices) => (choices[name] ? "1" : null),
    read: (text, choices) => (choices[name] = text === "1"),
  };
}

function numbersIn(text) {
  return text.split("_").map(Number).filter(Number.isFinite);
}
