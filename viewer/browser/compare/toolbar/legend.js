// The controls of the chosen layer, which are its legend too: labels to show or hide, the region
// that is meant, and what the colours say.

import { allow, button, group, press } from "../../controls/buttons.js";
import { element, setStyle, setText } from "../../controls/dom.js";
import { ERRORS, LAYERS, REGION_NAMES } from "../../slice/layers.js";
import { mapGradient, mapStops } from "../../slice/colour_maps.js";

export class Legend {
  constructor(actions, labels) {
    this.labels = labels.map((label) => ({ ...label, button: labelButton(label, actions) }));
    this.fill = button("Fill", () => actions.chooseOutline(false));
    this.outline = button("Outline", () => actions.chooseOutline(true));
    this.regions = Object.entries(REGION_NAMES).map(([key, name]) => ({
      key,
      name,
      button: button(key === "any" ? "Any" : key.toUpperCase(), () => actions.chooseRegion(key)),
    }));
    this.bar = element("span", { class: "gradient" });
    [this.low, this.high] = [element("span"), element("span")];
    this.parts = {
      labels: [
        group("Labels", "loose", ...this.labels.map((label) => label.button)),
        group("Drawn as", "segments", this.fill, this.outline),
      ],
      regions: [group("Region", "segments", ...this.regions.map((region) => region.button))],
      scale: [element("div", { class: "scale" }, this.low, this.bar, this.high)],
      errors: [element("div", { class: "keys" }, ...ERRORS.map(errorKey))],
    };
    this.node = element("div", { class: "legend" }, ...Object.values(this.parts).flat());
  }

  render(scene) {
    const layer = LAYERS.find(({ key }) => key === scene.layer);
    this.show("labels", scene.layer === "labels");
    this.show("regions", layer.regions.length > 0);
    this.show("scale", Boolean(layer.map));
    this.show("errors", scene.layer === "errors");
    for (const { value, button: node } of this.labels) press(node, !scene.hiddenLabels.has(value));
    press(this.fill, !scene.outline);
    press(this.outline, scene.outline);
    for (const { key, name, button: node } of this.regions) {
      node.hidden = !layer.regions.includes(key);
      press(node, key === scene.region);
      allow(node, scene.regionReason(key), key === "any" ? "Any of the labels" : name);
    }
    this.renderScale(layer, scene);
  }

  renderScale(layer, scene) {
    if (!layer.map) return;
    const [low, high] = endsOf(layer, scene);
    setStyle(this.bar, "background", mapGradient(layer.map));
    setText(this.low, low);
    setText(this.high, high);
  }

  show(part, shown) {
    for (const node of this.parts[part]) node.hidden = !shown;
  }
}

// What the colours on screen mean, for a picture, which has no titles to point at.
export function legendOf(scene) {
  const layer = LAYERS.find(({ key }) => key === scene.layer);
  if (layer.map) {
    const [low, high] = endsOf(layer, scene);
    return [{ low, stops: mapStops(layer.map), high }];
  }
  if (scene.layer === "errors") {
    return ERRORS.map(({ name, colour, title }) => ({
      text: `${name}: ${title[0].toLowerCase()}${title.slice(1)}`, colour,
    }));
  }
  return scene.visibleLabels.map(({ short, name, colour }) => ({
    text: `${short} ${name.toLowerCase()}`, colour, outlined: scene.outline,
  }));
}

function endsOf({ key }, { voters }) {
  if (key === "probability") return ["0", "100 %"];
  return ["All agree", `${Math.max(voters.length - 1, 1)} of ${voters.length} differ`];
}

function labelButton({ value, short, name, colour }, actions) {
  const node = button(short, () => actions.toggleLabel(value));
  node.prepend(swatch(colour));
  node.title = name;
  return node;
}

function errorKey({ name, colour, title }) {
  return element("span", { class: "key", title }, swatch(colour, "filled"), name);
}

function swatch(colour, look = "") {
  return element("span", { class: `swatch ${look}`, style: `--swatch: ${colour}` });
}
