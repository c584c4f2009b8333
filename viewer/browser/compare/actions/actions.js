// What a person can do in the view: each action changes the choices, and a new frame follows.
// Actions that a key can start return true: the key has been used up.

import { MOST_PANELS } from "../toolbar/panel_chooser.js";
import { clamp } from "../../controls/dom.js";
import { opacityKey } from "../../slice/layers.js";
import { newSeed } from "../blind_names.js";
import {
  centreAfterDrag, centreAfterZoom, centreToShow, MAX_ZOOM, middleOfCross, placeOf, pointOf,
  positionAt, shownZoom,
} from "../../slice/zoom.js";
import { PLANES } from "../../slice/planes.js";
import { levelOf, widthOf, windowOf } from "../../slice/window_level.js";

const ZOOM_STEP = 1.5;
// So that zooming in and out again ends at exactly 1. A slow pinch comes in steps of a thousandth,
// which must add up.
const FINEST_ZOOM = 1 / 4096;
const LEAST_ZOOM = 1.03; // below, a pinch has ended at the whole picture
const PAN_SHARE = 1 / 8; // of the picture, for one key
const GREYS_A_PIXEL = 0.75; // window and level, as the mouse moves

export class Actions {
  // `view` gives: choices, data, scene(), changed(), player, largestPicture(), help,
  // savePicture() and toggleFullscreen().
  constructor(view) {
    this.view = view;
  }

  choose(changes) {
    Object.assign(this.view.choices, changes);
    this.view.changed();
    return true;
  }

  // ---- slices -------------------------------------------------------------------------------

  sliceCount() {
    return this.view.scene().count;
  }

  chooseSlice(index) {
    const { slices, plane, count } = this.view.scene();
    return this.choose({ slices: { ...slices, [plane.name]: clamp(index, 0, count - 1) } });
  }

  goTo(index) {
    this.view.player.stop();
    return this.chooseSlice(index);
  }

  step(steps) {
    return this.goTo(this.view.scene().index + steps);
  }

  goToLargest() {
    const { areas } = this.view.scene();
    const most = areas?.reduce((a, b) => Math.max(a, b), 0);
    return most ? this.goTo(areas.indexOf(most)) : false;
  }

  togglePlay() {
    const { player } = this.view;
    if (player.playing) player.stop();
    else player.start();
    return this.choose({});
  }

  // ---- what is seen -------------------------------------------------------------------------

  choosePlane(plane) {
    // The key is used up all the same: the page around has other uses for some.
    if (this.view.scene().planeReasons[plane]) return true;
    this.view.player.stop();
    this.choose({ plane });
    return this.followCross();
  }

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

  // ---- window and level ---------------------------------------------------------------------

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

  // ---- zoom and cross-hair ------------------------------------------------------------------

  isZoomed() {
    return this.view.choices.zoom > 1;
  }

  // About a point, which stays where it is; without one, about the cross-hair or the middle.
  zoomBy(factor, spot = null) {
    const scene = this.view.scene();
    const exact = (this.view.choices.zoom * factor) / FINEST_ZOOM;
    const zoom = clamp(Math.round(exact) * FINEST_ZOOM, 1, MAX_ZOOM);
    const canvas = spot?.canvas ?? this.view.largestPicture();
    const point = spot ?? this.crossOn(canvas) ?? { x: canvas.width / 2, y: canvas.height / 2 };
    return this.choose({ zoom, centre: centreAfterZoom(scene, canvas, point, shownZoom(zoom)) });
  }

  // Fingers do not end a pinch at exactly the size they began with.
  settleZoom() {
    return this.view.choices.zoom < LEAST_ZOOM ? this.resetZoom() : false;
  }

  zoomIn() {
    this.zoomBy(ZOOM_STEP);
    return this.followCross();
  }

  zoomOut() {
    this.zoomBy(1 / ZOOM_STEP);
    return this.followCross();
  }

  resetZoom() {
    return this.choose({ zoom: 1, centre: null });
  }

  drag(from, to) {
    const scene = this.view.scene();
    if (scene.zoom === 1) return false;
    return this.choose({ centre: centreAfterDrag(scene, from.canvas, from, to) });
  }

  // The planes meet at the voxel under the point.
  placeCross(spot) {
    const scene = this.view.scene();
    const place = placeOf(scene, spot.canvas.width, spot.canvas.height);
    const [across, up] = positionAt(place, scene.frame, spot).map(Math.floor);
    return this.setCursor(scene, { [scene.plane.across]: across, [scene.plane.up]: up });
  }

  // Towards the right and the top of the screen: the cross-hair, else what is seen of a picture.
  move(right, up) {
    return this.view.choices.cross ? this.moveCross(right, up) : this.pan(right, up);
  }

  moveCross(right, up) {
    const scene = this.view.scene();
    const { plane, frame, cursor } = scene;
    this.setCursor(scene, {
      [plane.across]: cursor[plane.across] + (frame.mirrored ? -right : right),
      [plane.up]: cursor[plane.up] + up,
    });
    return this.followCross();
  }

  pan(right, up) {
    const canvas = this.view.largestPicture();
    const [x, y] = [canvas.width * PAN_SHARE * right, -canvas.height * PAN_SHARE * up];
    return this.drag({ canvas, x, y }, { x: 0, y: 0 });
  }

  // A zoomed picture moves as far as it must for the cross-hair to be seen.
  followCross() {
    const scene = this.view.scene();
    if (!scene.cross || scene.zoom === 1) return true;
    const canvas = this.view.largestPicture();
    return this.choose({ centre: centreToShow(scene, canvas, middleOfCross(scene)) });
  }

  crossOn(canvas) {
    const scene = this.view.scene();
    if (!scene.cross) return null;
    return pointOf(placeOf(scene, canvas.width, canvas.height), scene.frame, middleOfCross(scene));
  }

  setCursor({ cursor, shape }, moved) {
    this.view.player.stop();
    const slices = {};
    for (const { name, normal } of Object.values(PLANES)) {
      slices[name] = clamp(moved[normal] ?? cursor[normal], 0, shape[normal] - 1);
    }
    return this.choose({ slices, cross: true });
  }

  toggleCross() {
    return this.choose({ cross: !this.view.choices.cross });
  }

  // ---- panels and presenting ----------------------------------------------------------------

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

function after(items, item) {
  return items[(items.indexOf(item) + 1) % items.length];
}
