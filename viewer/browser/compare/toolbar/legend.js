// The controls of the chosen layer, which are its legend too: labels to show or hide, the region
// that is meant, and what the colours say.

import { button, group, press } from "../../controls/buttons.js";
import { ChoiceButtons } from "../../controls/choice_buttons.js";
import { ColourScale } from "../../controls/colour_scale.js";
import { element } from "../../controls/dom.js";
import { ERRORS, LAYERS, REGION_CHOICES } from "../../slice/layers.js";
import { mapStops } from "../../slice/colour_maps.js";

const DRAWN_AS = [{ key: "fill", name: "Fill" }, { key: "outline", name: "Outline" }];

export class Legend {
  constructor(actions, labels) {
    this.labels = labels.map((label) => ({ ...label, button: labelButton(label, actions) }));
    this.drawnAs = new ChoiceButtons("Drawn as", DRAWN_AS, (way) =>
      actions.chooseOutline(way === "outline"),
    );
    this.regions = new ChoiceButtons("Region", REGION_CHOICES, (key) => actions.chooseRegion(key));
    this.scale = new ColourScale();
    this.parts = {
      labels: [
        group("Labels", "loose", ...this.labels.map((label) => label.button)),
        this.drawnAs.node,
      ],
      regions: [this.regions.node],
      scale: [this.scale.node],
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
    this.drawnAs.render(scene.outline ? "outline" : "fill");
    this.regions.render(scene.region, ({ key }) => scene.regionReason(key));
    for (const { key, node } of this.regions.options) node.hidden = !layer.regions.includes(key);
    if (layer.map) this.scale.render(layer.map, endsOf(layer, scene));
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
