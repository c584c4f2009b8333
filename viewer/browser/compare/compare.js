// The compare view: joins what arrives from Python to what the person does, and draws a frame
// when either has changed.

import { Actions } from "./actions/actions.js";
import { Address } from "./address.js";
import { choicesOf } from "./choices.js";
import { Content } from "../received/content.js";
import { DISCLAIMER } from "../export/disclaimer.js";
import { element, setAttribute } from "../controls/dom.js";
import { Frames } from "../controls/frames.js";
import { Help } from "./input/key_list.js";
import { listenToKeys } from "./input/keys.js";
import { listenToMouse } from "./input/mouse.js";
import { tellPage, tellPageNothing, unveil } from "./blind_names.js";
import { Panels } from "./panels/panel_grid.js";
import { drawPicture } from "../export/picture.js";
import { PLANES } from "../slice/planes.js";
import { Player } from "./player.js";
import { quickProfile, tumourProfile } from "./tumour_profile.js";
import { Saving } from "../export/save_picture.js";
import { EMPTY_SCAN, makeScene, PLAIN_PANEL } from "./scene.js";
import { followScan } from "./same_place.js";
import { fileNameOf, headingOf, legendShown } from "./picture_texts.js";
import { progressOf } from "../received/page_store.js";
import { Strip } from "./slice_strip.js";
import { Toolbar } from "./toolbar/toolbar.js";
import { listenToTouch } from "./input/touch.js";
import { listenToWheel } from "./input/wheel.js";

const NARROW = 480; // CSS pixels: below, one panel at a time
const LEAST_HEIGHT = 160;
const WINDOW_SHARE = 0.58; // of the window's height, for the pictures
const CAPTION_HEIGHT = 60; // under each row of panels
const FULLSCREEN_CAPTION_HEIGHT = 80;
const FULLSCREEN_PADDING = 24; // above and below, together, as in styles/full_screen.css

export class Compare {
  constructor(parent, key, css) {
    this.key = key;
    this.choices = choicesOf(key);
    this.address = new Address(this.choices);
    this.content = new Content(() => this.frames.schedule());
    this.actions = new Actions(this);
    this.progress = progressOf(key);
    this.listener = () => this.step();
    this.progress.listener = this.listener;
    this.player = new Player(() => this.advance());
    this.root = element("div", { class: "compare" });
    this.style = element("style", {}, css);
    parent.append(this.style, this.root);
    this.frames = new Frames(this.root, () => this.toolbar && this.render());
    this.redraw = () => this.frames.schedule();
    window.addEventListener("resize", this.redraw);
    this.root.addEventListener("fullscreenchange", this.redraw);
  }

  close() {
    this.player.stop();
    this.stopListening?.();
    this.address.close();
    if (this.progress.listener === this.listener) this.progress.listener = null;
    tellPageNothing(this.key);
    this.frames.close();
    window.removeEventListener("resize", this.redraw);
    this.style.remove();
    this.root.remove();
  }

  // What each rerun brings.
  update(data) {
    this.data = data;
    if (!this.toolbar) this.build(data);
    if (followScan(this.choices, data, this.panels.room)) this.address.follow();
    unveil(this.choices, [...data.panels.map(({ key }) => key), PLAIN_PANEL.key]);
    tellPage(this.key, this.choices.blind);
    this.content.follow(data);
    this.frames.schedule();
  }

  // Work went on since the last rerun: only what tells of it changes, unless more work has begun.
  step() {
    if (!this.toolbar) return;
    const described = new Map(this.described().map((panel) => [panel.key, panel]));
    if (!this.panels.step(described)) this.frames.schedule();
  }

  // The panels as the last rerun described them, and how far their work has come since.
  described() {
    return this.data.panels.map((panel) => latest(panel, this.progress.panels[panel.key]));
  }

  build(data) {
    this.toolbar = new Toolbar(this.actions, data);
    this.saving = new Saving();
    this.panels = new Panels(this.actions);
    this.strip = new Strip(this.actions);
    this.help = new Help(this.actions);
    this.disclaimer = element("p", { class: "disclaimer" }, DISCLAIMER);
    const parts = [this.toolbar, this.saving, this.panels, this.strip, this.help];
    this.root.append(...parts.map(({ node }) => node), this.disclaimer);
    const { grid } = this.panels;
    this.stopListening = listenToKeys(this.root, this.actions);
    listenToWheel(grid, this.actions);
    listenToWheel(this.strip.node, this.actions);
    listenToMouse(grid, this.actions);
    listenToTouch(grid, this.actions);
    grid.addEventListener("pointerdown", () => grid.focus({ preventScroll: true }));
  }

  // The person has changed something.
  changed() {
    this.address.follow();
    tellPage(this.key, this.choices.blind);
    this.frames.schedule();
  }

  // Round and round through the slices that hold something.
  advance() {
    const { index, plane } = this.scene();
    const [first, last] = (this.content.scan ?? EMPTY_SCAN).box[plane.normal];
    const next = index + 1;
    this.actions.chooseSlice(next >= last || next < first ? first : next);
  }

  render() {
    this.placeSlices();
    const scene = this.scene();
    setAttribute(this.root, "data-narrow", scene.narrow);
    this.toolbar.render(scene);
    this.panels.render(scene);
    this.strip.render(scene);
  }

  scene() {
    const width = this.panels.grid.clientWidth;
    const narrow = width <= NARROW;
    return {
      ...makeScene(this.choices, { ...this.data, panels: this.described() }, this.content),
      width,
      narrow,
      alone: narrow || this.choices.single,
      playing: this.player.playing,
      fullscreen: this.isFullscreen(),
      maxHeight: (rows) => this.maxHeight(rows),
    };
  }

  // Once, for a new scan: the slices with the most tumour. Later they are the person's.
  placeSlices() {
    const { slices } = this.choices;
    const missing = Object.values(PLANES).filter(({ name }) => !(name in slices));
    if (!missing.length || !this.content.scan) return;
    const { available, panels, shape } = this.scene();
    for (const plane of missing) {
      const count = shape[plane.normal];
      const profile =
        tumourProfile(available, panels, plane, count) ??
        quickProfile(available, panels, plane, count);
      const most = profile?.reduce((a, b) => Math.max(a, b), 0);
      if (most) this.choices.slices[plane.name] = profile.indexOf(most);
    }
  }

  largestPicture() {
    return this.panels.grid.querySelector(".panel:not([hidden]) canvas");
  }

  savePicture() {
    this.render(); // what was chosen last may still wait for its frame
    const scene = this.scene();
    if (!scene.ready) return;
    const seen = { ...scene, panels: scene.panels.filter(({ key }) => isSeen(key, scene)) };
    const picture = drawPicture({
      heading: headingOf(seen),
      legend: legendShown(seen),
      root: this.root,
      ...this.panels.figures(),
    });
    this.saving.save(picture, fileNameOf(seen));
  }

  toggleFullscreen() {
    if (this.isFullscreen()) document.exitFullscreen();
    else this.root.requestFullscreen();
  }

  isFullscreen() {
    return this.root.getRootNode().fullscreenElement === this.root;
  }

  maxHeight(rows) {
    const height = this.isFullscreen()
      ? (window.innerHeight - this.fixedHeight()) / rows - FULLSCREEN_CAPTION_HEIGHT
      : (this.data.height ?? window.innerHeight * WINDOW_SHARE);
    return Math.max(height, LEAST_HEIGHT);
  }

  fixedHeight() {
    const [toolbar, saving, strip] = [this.toolbar, this.saving, this.strip].map((p) => p.node);
    const parts = [toolbar, saving, this.panels.dots, strip, this.disclaimer];
    return parts.reduce((sum, { offsetHeight }) => sum + offsetHeight, FULLSCREEN_PADDING);
  }
}

function isSeen(key, { alone, shownPanel }) {
  return !alone || key === shownPanel;
}

// A rerun may bring a later state than the last step, and every state but these two.
function latest(panel, state) {
  const isUnderWay = panel.status === "waiting" || panel.status === "running";
  if (!isUnderWay || state?.status !== "running" || state.progress < panel.progress) return panel;
  return { ...panel, ...state };
}
