// What stays in view when another scan takes the place of the one before: the same anatomy, where
// both are of one head and say where they lie in it; else nothing. A voxel's middle is at its
// index here, as in affines; a centre counts from a voxel's edge, as in slice/zoom.js.

import { clamp } from "../controls/dom.js";
import { cursorOf } from "./scene.js";
import { pointThrough } from "../slice/affine.js";
import { MAX_ZOOM, toHundredths } from "../slice/zoom.js";
import { PLANES } from "../slice/planes.js";

const TO_MIDDLE = 0.5; // of a voxel, from its edge
const UNKNOWN_ROOM = { width: 1, height: 1 };

// Takes the places chosen in one scan over to the next; returns whether any were. `room` is the
// most that a picture may take, which is unknown before one was laid out.
export function followScan(choices, { scan, place = null }, room) {
  // Slices of the address wait for the first scan.
  const isAnother = Boolean(choices.scan) && choices.scan !== scan;
  const isSameHead = place !== null && choices.place?.head === place.head;
  if (isAnother) Object.assign(choices, isSameHead ? samePlaces(choices, place, room) : noPlaces());
  Object.assign(choices, { scan, place });
  return isAnother && isSameHead;
}

function noPlaces() {
  return {
    slices: {}, start: null, point: null, windows: {}, zoom: 1, centre: null, cross: false,
  };
}

// The windows are forgotten: the greys of another scan stand for other intensities.
function samePlaces(choices, to, room) {
  const { place: from, slices } = choices;
  const cursor = cursorOf(from, choices);
  const point = pointIn(from, cursor, choices.point);
  const start = voxelIn(to, point);
  const isChosen = Object.keys(slices).length > 0;
  return {
    slices: isChosen ? slicesThrough(start) : {},
    start,
    point,
    windows: {},
    ...sameZoom(choices, cursor, to, room),
  };
}

// The point that was rounded to this voxel, while nobody has moved from there: there and back
// again ends where it began.
function pointIn(place, voxel, kept) {
  const isThere = kept && voxelIn(place, kept).every((at, axis) => at === voxel[axis]);
  return isThere ? kept : pointThrough(place.toHead, voxel);
}

function voxelIn({ fromHead, shape }, point) {
  const voxel = pointThrough(fromHead, point);
  return voxel.map((at, axis) => clamp(Math.round(at), 0, shape[axis] - 1));
}

function slicesThrough(voxel) {
  return Object.fromEntries(
    Object.values(PLANES).map(({ name, normal }) => [name, voxel[normal]]),
  );
}

// As many pixels a mm as before; a whole picture stays whole.
function sameZoom({ place: from, plane: name, zoom, centre }, cursor, to, room) {
  const plane = PLANES[name];
  const known = room?.width > 0 ? room : UNKNOWN_ROOM;
  const exact = (zoom * fitOf(from, plane, known)) / fitOf(to, plane, known);
  const next = zoom === 1 ? 1 : clamp(exact, 1, MAX_ZOOM);
  if (next === 1) return { zoom: 1, centre: null };
  const shown = centre ?? from.box.map(([start, stop]) => (start + stop) / 2);
  const seen = shown.map((at, axis) => (axis === plane.normal ? cursor[axis] : at - TO_MIDDLE));
  const there = pointThrough(to.fromHead, pointThrough(from.toHead, seen));
  return { zoom: next, centre: there.map((at) => toHundredths(at + TO_MIDDLE)) };
}

// Pixels a mm of the whole picture.
function fitOf({ box, spacing }, { across, up }, { width, height }) {
  const spanOf = (axis) => (box[axis][1] - box[axis][0]) * spacing[axis];
  return Math.min(width / spanOf(across), height / spanOf(up));
}
