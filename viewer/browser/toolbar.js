// The controls above the panels: modality, labels, how they are drawn, left and right.

import { element, setAttribute, setText } from "./dom.js";
import { icon, setIcon } from "./icons.js";

export class Toolbar {
  constructor(actions, { modalities, labels }) {
    this.modalities = modalities.map((modality) => ({
      ...modality,
      button: button(modality.name, () => actions.chooseModality(modality.key)),
    }));
    this.labels = labels.map((label) => ({ ...label, button: labelButton(label, actions) }));
    this.fill = button("Fill", () => actions.chooseOutline(false));
    this.outline = button("Outline", () => actions.chooseOutline(true));
    this.opacity = opacitySlider(actions);
    this.sides = button("", () => actions.toggleSides());
    this.sidesText = element("span");
    this.sides.append(icon("swap"), this.sidesText);
    this.fold = button("", () => actions.toggleToolbar());
    this.fold.append(icon("sliders"), "View");
    this.fullscreen = button("", () => actions.toggleFullscreen());
    this.fullscreenIcon = icon("expand");
    this.fullscreen.append(this.fullscreenIcon);
    this.fullscreen.hidden = !document.fullscreenEnabled;
    this.node = this.build();
  }

  build() {
    this.folded = element(
      "div",
      { class: "folded", id: "view-options" },
      group("Labels", "loose", ...this.labels.map(({ button }) => button)),
      group("Drawn as", "segments", this.fill, this.outline),
      element(
        "label",
        { class: "opacity" },
        element("span", { class: "word" }, "Opacity"),
        this.opacity,
      ),
      group("Left and right", "loose", this.sides),
    );
    this.fold.classList.add("fold");
    setAttribute(this.fold, "aria-controls", "view-options");
    const modalities = this.modalities.map(({ button }) => button);
    return element(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "View" },
      group("Modality", "segments", ...modalities),
      this.fold,
      this.folded,
      this.fullscreen,
    );
  }

  render(scene) {
    for (const { key, name, button } of this.modalities) {
      const given = scene.present.includes(key);
      button.disabled = !given;
      setAttribute(button, "title", given ? null : `${name} was not given`);
      press(button, key === scene.modalityName);
    }
    for (const { value, button } of this.labels) press(button, !scene.hiddenLabels.has(value));
    press(this.fill, !scene.outline);
    press(this.outline, scene.outline);
    const percent = String(Math.round(scene.opacity * 100));
    if (this.opacity.value !== percent) this.opacity.value = percent;
    this.opacity.style.setProperty("--filled", `${percent}%`);
    this.renderSides(scene.radiological);
    setAttribute(this.fold, "aria-expanded", String(scene.toolbarOpen));
    setAttribute(this.node, "data-open", scene.toolbarOpen);
    setIcon(this.fullscreenIcon, scene.fullscreen ? "shrink" : "expand");
    const label = scene.fullscreen ? "Leave full screen" : "Full screen";
    setAttribute(this.fullscreen, "aria-label", label);
    setAttribute(this.fullscreen, "title", label);
  }

  renderSides(radiological) {
    setText(this.sidesText, radiological ? "Radiological" : "Neurological");
    const side = radiological ? "left" : "right";
    const other = radiological ? "neurological" : "radiological";
    const title = `The patient's right is on the ${side}. Click for the ${other} convention.`;
    setAttribute(this.sides, "title", title);
  }
}

function labelButton({ value, short, name, colour }, actions) {
  const node = button(short, () => actions.toggleLabel(value));
  node.prepend(element("span", { class: "swatch", style: `--swatch: ${colour}` }));
  setAttribute(node, "title", name);
  return node;
}

function opacitySlider(actions) {
  const slider = element("input", {
    type: "range",
    class: "range",
    min: "0",
    max: "100",
    "data-own-keys": true,
    "aria-label": "Opacity of the labels",
  });
  slider.oninput = () => actions.chooseOpacity(slider.valueAsNumber / 100);
  return slider;
}

export function button(text, onclick) {
  return element("button", { type: "button", onclick }, text);
}

function group(label, look, ...children) {
  const attributes = { class: `group ${look}`, role: "group", "aria-label": label };
  return element("div", attributes, ...children);
}

function press(node, pressed) {
  setAttribute(node, "aria-pressed", String(pressed));
}
