// The compare view: what arrives from Python, what the person chose, and one frame from both.

import { choicesOf, shownModality } from "./choices.js";
import { clamp, element, setAttribute } from "./dom.js";
import { listenToKeys, listenToTouch, listenToWheel } from "./gestures.js";
import { Panels } from "./panels.js";
import { areaProfile, frameOf, PLANES } from "./plane.js";
import { Player } from "./player.js";
import { decodedParcel } from "./store.js";
import { Strip } from "./strip.js";
import { Toolbar } from "./toolbar.js";
import { decodeLabels, decodeScan } from "./volume.js";

const NARROW = 480; // CSS pixels: below, one panel at a time
const LEAST_HEIGHT = 160;
const WINDOW_SHARE = 0.58; // of the window's height, for the pictures
const CAPTION_HEIGHT = 60; // under each row of panels
const FULLSCREEN_PADDING = 24; // above and below, together, as in compare.css

// Stands in until the scan is here: a head's proportions, so that the page does not jump.
const EMPTY_SCAN = {
  shape: [240, 240, 155],
  spacing: [1, 1, 1],
  box: [[48, 192], [32, 208], [0, 155]],
  modalities: new Map(),
};

// Without panels there is still a scan to look at.
const PLAIN_PANEL = {
  key: "", name: "Scan", colour: "transparent", labels: null, volume_ml: null, dice: null,
  seconds: null, status: "done", progress: 0, message: "", reference: false,
};

export class Compare {
  constructor(parent, key, css) {
    this.choices = choicesOf(key);
    this.scan = null;
    this.grids = new Map(); // hash -> label map
    this.player = new Player(() => this.advance());
    this.root = element("div", { class: "compare" });
    this.style = element("style", {}, css);
    parent.append(this.style, this.root);
    this.resizes = new ResizeObserver(() => this.schedule());
    this.resizes.observe(this.root);
    this.redraw = () => this.schedule();
    window.addEventListener("resize", this.redraw);
    this.root.addEventListener("fullscreenchange", this.redraw);
  }

  close() {
    this.closed = true;
    this.player.stop();
    this.resizes.disconnect();
    window.removeEventListener("resize", this.redraw);
    this.style.remove();
    this.root.remove();
  }

  // ---- what arrives -------------------------------------------------------------------------

  update(data) {
    this.data = data;
    if (!this.toolbar) this.build(data);
    if (this.choices.scan !== data.scan) {
      this.choices.scan = data.scan;
      this.choices.slices = {};
    }
    this.fetchScan(data.scan);
    const hashes = new Set(data.panels.map(({ labels }) => labels).filter(Boolean));
    for (const hash of this.grids.keys()) if (!hashes.has(hash)) this.grids.delete(hash);
    for (const hash of hashes) this.fetchLabels(hash);
    this.schedule();
  }

  build(data) {
    this.toolbar = new Toolbar(this, data);
    this.panels = new Panels(this);
    this.strip = new Strip(this);
    this.root.append(this.toolbar.node, this.panels.node, this.strip.node);
    listenToKeys(this.root, this);
    listenToWheel(this.panels.grid, this);
    listenToWheel(this.strip.node, this);
    listenToTouch(this.panels.grid, this);
    this.panels.grid.addEventListener("pointerdown", () => {
      this.panels.grid.focus({ preventScroll: true });
    });
  }

  async fetchScan(hash) {
    if (this.scanHash === hash) return;
    this.scanHash = hash;
    this.scan = null;
    await this.fetch(hash, decodeScan, (scan) => {
      if (this.scanHash === hash) this.scan = scan;
    });
  }

  async fetchLabels(hash) {
    if (this.grids.has(hash)) return;
    this.grids.set(hash, null);
    await this.fetch(hash, decodeLabels, (grid) => {
      if (this.grids.has(hash)) this.grids.set(hash, grid);
    });
  }

  async fetch(hash, decode, accept) {
    try {
      accept(await decodedParcel(hash, decode));
    } catch (error) {
      console.error(error);
      this.problem = "This browser could not unpack the scan. A newer one will.";
    }
    this.schedule();
  }

  // ---- what the person does -----------------------------------------------------------------
  // Actions that a key can start return true: the key has been used up.

  choose(changes) {
    Object.assign(this.choices, changes);
    this.schedule();
    return true;
  }

  chooseSlice(index) {
    const { slices, plane } = this.choices;
    return this.choose({ slices: { ...slices, [plane]: clamp(index, 0, this.sliceCount() - 1) } });
  }

  goTo(index) {
    this.player.stop();
    return this.chooseSlice(index);
  }

  step(steps) {
    return this.goTo(this.scene().index + steps);
  }

  // Round and round through the slices that hold something.
  advance() {
    const { index, plane } = this.scene();
    const [first, last] = (this.scan ?? EMPTY_SCAN).box[plane.normal];
    const next = index + 1;
    this.chooseSlice(next >= last || next < first ? first : next);
  }

  togglePlay() {
    if (this.player.playing) this.player.stop();
    else this.player.start();
    this.schedule();
    return true;
  }

  chooseModality(name) {
    if (!this.data.present.includes(name)) return false;
    return this.choose({ modality: name });
  }

  chooseNthModality(n) {
    return this.chooseModality(this.data.modalities[n]?.key);
  }

  toggleLabel(value) {
    const hiddenLabels = new Set(this.choices.hiddenLabels);
    if (!hiddenLabels.delete(value)) hiddenLabels.add(value);
    this.choose({ hiddenLabels });
  }

  chooseOutline(outline) {
    this.choose({ outline });
  }

  chooseOpacity(value) {
    const way = this.choices.outline ? "outline" : "fill";
    this.choose({ opacity: { ...this.choices.opacity, [way]: value } });
  }

  toggleSides() {
    this.choose({ radiological: !this.choices.radiological });
  }

  toggleToolbar() {
    this.choose({ toolbarOpen: !this.choices.toolbarOpen });
  }

  choosePanel(key) {
    this.choose({ panel: key });
  }

  stepPanel(steps) {
    const { panels, shownPanel } = this.scene();
    const at = panels.findIndex(({ key }) => key === shownPanel);
    this.choosePanel(panels[clamp(at + steps, 0, panels.length - 1)].key);
  }

  toggleFullscreen() {
    if (this.isFullscreen()) document.exitFullscreen();
    else this.root.requestFullscreen();
  }

  isFullscreen() {
    return this.root.getRootNode().fullscreenElement === this.root;
  }

  sliceCount() {
    return (this.scan ?? EMPTY_SCAN).shape[PLANES[this.choices.plane].normal];
  }

  // ---- one frame ----------------------------------------------------------------------------

  // However much has changed, the screen shows it once.
  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.closed && this.toolbar) this.render();
    });
  }

  render() {
    this.placeSlice();
    const scene = this.scene();
    setAttribute(this.root, "data-narrow", scene.narrow);
    this.toolbar.render(scene);
    this.panels.render(scene);
    this.strip.render(scene);
  }

  // Everything a frame needs, from what has arrived and what was chosen.
  scene() {
    const { choices, data } = this;
    const scan = this.scan ?? EMPTY_SCAN;
    const plane = PLANES[choices.plane];
    const panels = this.describedPanels();
    const grids = [...this.grids.values()].filter(Boolean);
    const modalityName = shownModality(choices.modality, data.present);
    const count = this.sliceCount();
    const [first, last] = scan.box[plane.normal];
    const width = this.panels.grid.clientWidth;
    return {
      ...choices,
      plane,
      panels,
      modalityName,
      count,
      width,
      ready: this.scan !== null,
      problem: this.problem,
      present: data.present,
      modality: scan.modalities.get(modalityName) ?? null,
      index: choices.slices[plane.name] ?? Math.floor((first + last) / 2),
      areas: this.profileOf(panels, plane, count),
      frame: frameOf(plane, scan, grids, choices.radiological),
      visibleLabels: data.labels.filter(({ value }) => !choices.hiddenLabels.has(value)),
      opacity: choices.opacity[choices.outline ? "outline" : "fill"],
      narrow: width <= NARROW,
      shownPanel: (panels.find(({ key }) => key === choices.panel) ?? panels[0]).key,
      playing: this.player.playing,
      fullscreen: this.isFullscreen(),
      maxHeight: (rows) => this.maxHeight(rows),
    };
  }

  describedPanels() {
    const panels = this.data.panels.length ? this.data.panels : [PLAIN_PANEL];
    return panels.map((panel) => ({ ...panel, grid: this.grids.get(panel.labels) ?? null }));
  }

  // The slices' areas come from the truth if there is one, else from the first label map.
  profileOf(panels, plane, count) {
    const labelled = panels.filter(({ labels }) => labels);
    const source = labelled.find(({ reference }) => reference) ?? labelled[0];
    if (!source?.grid || !this.scan) return null;
    source.grid.areas ??= {};
    source.grid.areas[plane.name] ??= areaProfile(source.grid, plane, count);
    return source.grid.areas[plane.name];
  }

  // Once, for a new scan: the slice with the most tumour. Later the slice is the person's.
  placeSlice() {
    const { plane, slices } = this.choices;
    if (plane in slices) return;
    const { areas } = this.scene();
    const most = areas?.reduce((a, b) => Math.max(a, b), 0);
    if (most) this.choices.slices = { ...slices, [plane]: areas.indexOf(most) };
  }

  maxHeight(rows) {
    const height = this.isFullscreen()
      ? (window.innerHeight - this.fixedHeight()) / rows - CAPTION_HEIGHT
      : (this.data.height ?? window.innerHeight * WINDOW_SHARE);
    return Math.max(height, LEAST_HEIGHT);
  }

  fixedHeight() {
    const parts = [this.toolbar.node, this.panels.dots, this.strip.node];
    return parts.reduce((sum, { offsetHeight }) => sum + offsetHeight, FULLSCREEN_PADDING);
  }
}
