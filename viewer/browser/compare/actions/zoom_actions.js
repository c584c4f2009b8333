// What a person can do with the place that is seen: its plane, the zoom, and the cross-hair.

import { clamp } from "../../controls/dom.js";
import { PLANES } from "../../slice/planes.js";
import {
  centreAfterDrag, centreAfterZoom, centreToShow, MAX_ZOOM, middleOfCross, placeOf, pointOf,
  positionAt, shownZoom,
} from "../../slice/zoom.js";
import { SliceActions } from "./slice_actions.js";

const ZOOM_STEP = 1.5;
// So that zooming in and out again ends at exactly 1. A slow pinch comes in steps of a thousandth,
// which must add up.
const FINEST_ZOOM = 1 / 4096;
const LEAST_ZOOM = 1.03; // below, a pinch has ended at the whole picture
const PAN_SHARE = 1 / 8; // of the picture, for one key

export class ZoomActions extends SliceActions {
  choosePlane(plane) {
    // The key is used up all the same: the page around has other uses for some.
    if (this.view.scene().planeReasons[plane]) return true;
    this.view.player.stop();
    this.choose({ plane });
    return this.followCross();
  }

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
}
