// Where a picture lies in a canvas, and which voxel lies under a point of it.
//
// Positions along a voxel axis are real numbers: voxel i covers i to i + 1.

import { clamp } from "../controls/dom.js";

export const MAX_ZOOM = 12;

const EDGE_SHARE = 0.1; // of a canvas, on each side

// What is drawn, and what the address says: whole percents.
export function shownZoom(zoom) {
  return Math.round(zoom * 100) / 100;
}

// As large as fits times the zoom, voxels in their true proportions. A zoomed picture leaves no
// room beside it that it could fill.
export function placeOf({ frame, plane, zoom, centre }, width, height) {
  const [mmWide, mmHigh] = [frame.width * frame.pixelWidth, frame.height * frame.pixelHeight];
  const scale = Math.min(width / mmWide, height / mmHigh) * zoom;
  const size = { width: mmWide * scale, height: mmHigh * scale };
  const [u, v] = centre
    ? fractionsOf(frame, centre[plane.across], centre[plane.up])
    : [0.5, 0.5];
  return { x: startOf(width, size.width, u), y: startOf(height, size.height, v), ...size };
}

// The position (across, up) under a point of the canvas.
export function positionAt(place, frame, { x, y }) {
  const u = ((x - place.x) / place.width) * frame.width;
  const v = ((y - place.y) / place.height) * frame.height;
  return [frame.mirrored ? frame.across[1] - u : frame.across[0] + u, frame.up[1] - v];
}

// The point of the canvas where a position lies.
export function pointOf(place, frame, [across, up]) {
  const [u, v] = fractionsOf(frame, across, up);
  return { x: place.x + u * place.width, y: place.y + v * place.height };
}

// The position where the planes meet: the middle of a voxel.
export function middleOfCross({ cursor, plane }) {
  return [cursor[plane.across] + 0.5, cursor[plane.up] + 0.5];
}

// The centre after zooming about a point, which stays where it is.
export function centreAfterZoom(scene, canvas, point, zoom) {
  return movedCentre(scene, canvas, (centre, place) => {
    const held = positionAt(place, scene.frame, point);
    return centre.map((at, i) => held[i] + ((at - held[i]) * scene.zoom) / zoom);
  });
}

// The centre after the picture has been dragged from one point to another.
export function centreAfterDrag(scene, canvas, from, to) {
  return movedCentre(scene, canvas, (centre, place) => {
    const [start, end] = [from, to].map((point) => positionAt(place, scene.frame, point));
    return centre.map((at, i) => at + start[i] - end[i]);
  });
}

// The centre from which a position is in the picture, and not at its very edge.
export function centreToShow(scene, canvas, position) {
  return movedCentre(scene, canvas, (centre, place) => {
    const point = pointOf(place, scene.frame, position);
    const inside = {
      x: clamp(point.x, canvas.width * EDGE_SHARE, canvas.width * (1 - EDGE_SHARE)),
      y: clamp(point.y, canvas.height * EDGE_SHARE, canvas.height * (1 - EDGE_SHARE)),
    };
    const there = positionAt(place, scene.frame, inside);
    return centre.map((at, i) => at + position[i] - there[i]);
  });
}

function movedCentre(scene, { width, height }, move) {
  const { plane, frame, cursor } = scene;
  const place = placeOf(scene, width, height);
  const shown = positionAt(place, frame, { x: width / 2, y: height / 2 });
  const [across, up] = move(shown, place).map(toHundredths);
  const centre = [...(scene.centre ?? cursor)];
  centre[plane.across] = across;
  centre[plane.up] = up;
  return centre;
}

// Short enough for the address, finer than any screen.
export function toHundredths(value) {
  return Math.round(value * 100) / 100;
}

function fractionsOf(frame, across, up) {
  const u = frame.mirrored ? frame.across[1] - across : across - frame.across[0];
  return [u / frame.width, (frame.up[1] - up) / frame.height];
}

function startOf(room, size, fraction) {
  if (size <= room) return (room - size) / 2;
  return clamp(room / 2 - fraction * size, room - size, 0);
}
