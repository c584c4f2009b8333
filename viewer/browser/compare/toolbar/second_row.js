// The second row of the toolbar: which panels, window and level, zoom, sides, and presenting.

import {
  allow, button, group, iconButton, press, setLabel, setSlider, slider, withWord,
} from "../../controls/buttons.js";
import { Chooser } from "./panel_chooser.js";
import { element, setAttribute, setText } from "../../controls/dom.js";
import { icon, setIcon } from "../../controls/icons.js";
import { intensityOf, levelOf, widthOf } from "../../slice/window_level.js";

const SAVE = "Save the picture (D)";

export class Tools {
  constructor(actions) {
    this.chooser = new Chooser(actions);
    this.width = slider("Window width", { min: 4, max: 510 }, (width) => actions.setWidth(width));
    this.level = slider("Window level", { min: 0, max: 255 }, (level) => actions.setLevel(level));
    this.resetWindow = iconButton("reset", "Window and level as at first (W)", () =>
      actions.resetWindow(),
    );
    this.zoomOut = iconButton("minus", "Zoom out (−)", () => actions.zoomOut());
    this.zoom = button("", () => actions.resetZoom());
    this.zoomIn = iconButton("plus", "Zoom in (+)", () => actions.zoomIn());
    this.cross = iconButton("cross", "Cross-hair (X)", () => actions.toggleCross());
    this.brain = iconButton("brain", "Outline of the brain mask (B)", () => actions.toggleBrain());
    this.sides = button("", () => actions.toggleSides());
    this.sidesText = element("span");
    this.sides.append(icon("swap"), this.sidesText);
    this.single = iconButton("single", "One panel at a time (P)", () => actions.toggleSingle());
    this.names = iconButton("mask", "Hide the models' names (H)", () => actions.toggleNames());
    this.save = iconButton("save", SAVE, () => actions.savePicture());
    this.help = button("?", () => actions.toggleHelp());
    setLabel(this.help, "Keys and mouse (?)");
    this.fullscreen = iconButton("expand", "Full screen (F)", () => actions.toggleFullscreen());
    this.fullscreen.hidden = !document.fullscreenEnabled;
    this.node = this.build();
  }

  build() {
    return element(
      "div",
      { class: "row folded" },
      this.chooser.node,
      element(
        "div",
        { class: "tools" },
        group(
          "Window",
          "loose",
          withWord("Window", this.width),
          withWord("Level", this.level),
          this.resetWindow,
        ),
        group("Zoom", "loose", this.zoomOut, this.zoom, this.zoomIn),
        group("Left and right", "loose", this.sides),
        group(
          "Show",
          "loose",
          this.cross,
          this.brain,
          this.single,
          this.names,
          this.save,
          this.help,
          this.fullscreen,
        ),
      ),
    );
  }

  render(scene) {
    this.chooser.render(scene);
    this.renderWindow(scene);
    setText(this.zoom, `${Math.round(scene.zoom * 100)} %`);
    setLabel(this.zoom, `Zoom ${Math.round(scene.zoom * 100)} %: whole picture (0)`);
    press(this.cross, scene.cross);
    this.brain.hidden = !scene.hasBrain;
    press(this.brain, scene.brain);
    press(this.single, scene.single);
    setIcon(this.single.firstChild, scene.single ? "grid" : "single");
    press(this.names, scene.blind !== null);
    setLabel(this.names, `${scene.blind === null ? "Hide" : "Reveal"} the models' names (H)`);
    this.renderSides(scene.radiological);
    allow(this.save, scene.ready ? null : "The scan is on its way", SAVE);
    setIcon(this.fullscreen.firstChild, scene.fullscreen ? "shrink" : "expand");
    setLabel(this.fullscreen, `${scene.fullscreen ? "Leave full" : "Full"} screen (F)`);
  }

  renderWindow({ window: shown, modality }) {
    setSlider(this.width, widthOf(shown));
    setSlider(this.level, levelOf(shown));
    allow(this.width, modality ? null : "No image");
    allow(this.level, modality ? null : "No image");
    if (!modality) return;
    const [low, high] = shown.map((byte) => intensityOf(byte, modality.window));
    const figures = (value) => String(Number(value.toPrecision(3)));
    setAttribute(this.width, "aria-valuetext", figures(high - low));
    setAttribute(this.level, "aria-valuetext", figures((high + low) / 2));
    setAttribute(this.width, "title", `Window ${figures(high - low)}`);
    setAttribute(this.level, "title", `Level ${figures((high + low) / 2)}`);
  }

  renderSides(radiological) {
    setText(this.sidesText, radiological ? "Radiological" : "Neurological");
    const side = radiological ? "left" : "right";
    const other = radiological ? "neurological" : "radiological";
    const title = `The patient's right is on the ${side}. Click for the ${other} convention.`;
    setAttribute(this.sides, "title", title);
  }
}
