// What a person can do with how a slice looks: modality, layer and region, window and level.

import { opacityKey } from "../../slice/layers.js";
import { levelOf, widthOf, windowOf } from "../../slice/window_level.js";
import { after } from "./next_choice.js";
import { ZoomActions } from "./zoom_actions.js";

const GREYS_A_PIXEL = 0.75; // window and level, as the mouse moves

export class DisplayActions extends ZoomActions {
  chooseModality(modality) {
    if (!this.view.data.present.includes(modality)) return false;
    return this.choose({ modality });
  }

  chooseNthModality(n) {
    return this.chooseModality(this.view.data.modalities[n]?.key);
  }

  chooseLayer(layer) {
    return this.choose({ layer });
  }

  nextLayer() {
    const { layer, layerReasons } = this.view.scene();
    const usable = Object.keys(layerReasons).filter((key) => !layerReasons[key]);
    return this.chooseLayer(after(usable, layer));
  }

  chooseRegion(region) {
    const { layer } = this.view.scene();
    return this.choose({ regions: { ...this.view.choices.regions, [layer]: region } });
  }

  nextRegion() {
    const { regionChoices, regionReason, region } = this.view.scene();
    const usable = regionChoices.filter((key) => !regionReason(key));
    return usable.length > 0 && this.chooseRegion(after(usable, region));
  }

  toggleLabel(value) {
    const hiddenLabels = new Set(this.view.choices.hiddenLabels);
    if (!hiddenLabels.delete(value)) hiddenLabels.add(value);
    return this.choose({ hiddenLabels });
  }

  chooseOutline(outline) {
    return this.choose({ outline });
  }

  toggleBrain() {
    if (!this.view.data.brain) return false;
    return this.choose({ brain: !this.view.choices.brain });
  }

  toggleOutline() {
    return this.chooseOutline(!this.view.choices.outline);
  }

  chooseOpacity(value) {
    const { choices } = this.view;
    const key = opacityKey({ ...choices, layer: this.view.scene().layer });
    return this.choose({ opacity: { ...choices.opacity, [key]: value } });
  }

  toggleSides() {
    return this.choose({ radiological: !this.view.choices.radiological });
  }

  chooseWindow(shown) {
    const { modalityName, modality } = this.view.scene();
    if (!modality) return false;
    const windows = { ...this.view.choices.windows, [modalityName]: shown };
    return this.choose({ windows, modality: modalityName });
  }

  setWidth(width) {
    return this.chooseWindow(windowOf(levelOf(this.view.scene().window), width));
  }

  setLevel(level) {
    return this.chooseWindow(windowOf(level, widthOf(this.view.scene().window)));
  }

  // From the window at the start of a drag, so that parts of a grey add up.
  moveWindow(start, wider, higher) {
    const level = levelOf(start) + higher * GREYS_A_PIXEL;
    return this.chooseWindow(windowOf(level, widthOf(start) + wider * GREYS_A_PIXEL));
  }

  shownWindow() {
    return this.view.scene().window;
  }

  resetWindow() {
    const { [this.view.scene().modalityName]: _, ...windows } = this.view.choices.windows;
    return this.choose({ windows });
  }
}
