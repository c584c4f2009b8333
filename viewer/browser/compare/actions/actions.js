// What a person can do in the view: each action changes the choices, and a new frame follows.
// Actions that a key can start return true: the key has been used up. Here are those on the panels
// and for presenting; those on slices, place and looks are inherited, a file each.

import { newSeed } from "../blind_names.js";
import { MOST_PANELS } from "../toolbar/panel_chooser.js";
import { DisplayActions } from "./display_actions.js";
import { after } from "./next_choice.js";

export class Actions extends DisplayActions {
  togglePanel(key) {
    const { available, panels } = this.view.scene();
    const shown = panels.map((panel) => panel.key);
    const next = shown.includes(key) ? shown.filter((one) => one !== key) : [...shown, key];
    if (next.length < 1 || next.length > MOST_PANELS) return false;
    const order = available.map((panel) => panel.key);
    return this.choose({ panels: order.filter((one) => next.includes(one)) });
  }

  choosePanel(panel) {
    return this.choose({ panel });
  }

  stepPanel(steps) {
    const { panels, shownPanel, alone } = this.view.scene();
    if (!alone) return false;
    const at = panels.findIndex(({ key }) => key === shownPanel);
    return this.choosePanel(panels[clamp(at + steps, 0, panels.length - 1)].key);
  }

  toggleSingle() {
    return this.choose({ single: !this.view.choices.single });
  }

  nextModel() {
    const { panels, shownPanel, alone } = this.view.scene();
    const models = panels.filter(({ reference, plain }) => !reference && !plain);
    if (!models.length) return false;
    const keys = models.map(({ key }) => key);
    return this.choose({ single: true, panel: alone ? after(keys, shownPanel) : keys[0] });
  }

  // Among several panels the truth comes and goes; alone on screen it changes places.
  toggleTruth() {
    const { available, panels, shownPanel, alone } = this.view.scene();
    const truth = available.find(({ reference }) => reference);
    if (!truth) return false;
    const shown = panels.some(({ key }) => key === truth.key);
    if (!alone || !shown) return this.showTruth(truth.key, shown, panels);
    const back = this.beforeTruth ?? panels.find(({ key }) => key !== truth.key)?.key;
    const next = shownPanel === truth.key ? back : truth.key;
    this.beforeTruth = shownPanel === truth.key ? null : shownPanel;
    return next ? this.choosePanel(next) : false;
  }

  showTruth(key, shown, panels) {
    if (!shown && panels.length === MOST_PANELS) {
      const kept = panels.slice(0, MOST_PANELS - 1).map((panel) => panel.key);
      return this.choose({ panels: [key, ...kept] });
    }
    return this.togglePanel(key);
  }

  toggleNames() {
    return this.choose({ blind: this.view.choices.blind === null ? newSeed() : null });
  }

  toggleToolbar() {
    return this.choose({ toolbarOpen: !this.view.choices.toolbarOpen });
  }

  savePicture() {
    this.view.savePicture();
    return true;
  }

  toggleFullscreen() {
    this.view.toggleFullscreen();
    return true;
  }

  toggleHelp() {
    this.view.help.toggle();
    return true;
  }
}
