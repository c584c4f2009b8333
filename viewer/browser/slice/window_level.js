// Window and level: which greys of those that were sent become black and white.
//
// The bytes of a modality are 0 for background and 1 to 255 for the tissue, evenly from the low
// to the high end of the intensities that were sent.

import { clamp } from "../controls/dom.js";
import { pixelOf } from "./colour_maps.js";

export const WHOLE_WINDOW = [0, 255];
const LEAST_WIDTH = 4;
const FIRST_GREY = 1;
const LAST_GREY = 255;

export function greyTable([low, high]) {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const share = clamp((byte - low) / (high - low), 0, 1);
    const grey = byte === 0 ? 0 : Math.round(255 * share);
    return pixelOf([grey, grey, grey]);
  });
}

// The window of this width around this level, both in bytes; to half a byte, as it is written
// into the address.
export function windowOf(level, width) {
  const wide = Math.round(clamp(width, LEAST_WIDTH, 2 * LAST_GREY));
  const middle = Math.round(clamp(level, 0, LAST_GREY));
  return [middle - wide / 2, middle + wide / 2];
}

export function levelOf([low, high]) {
  return (low + high) / 2;
}

export function widthOf([low, high]) {
  return high - low;
}

// The intensity that a byte stands for; `sent` are the intensities at the ends.
export function intensityOf(byte, [lowest, highest]) {
  const steps = LAST_GREY - FIRST_GREY;
  return lowest + ((byte - FIRST_GREY) * (highest - lowest)) / steps;
}

// As text, to the precision that was sent. The ends also stand for all beyond them.
export function intensityText(byte, sent) {
  if (byte === 0) return "0";
  const step = (sent[1] - sent[0]) / (LAST_GREY - FIRST_GREY);
  const decimals = clamp(-Math.floor(Math.log10(step)), 0, 6);
  const beyond = byte === FIRST_GREY ? "≤ " : byte === LAST_GREY ? "≥ " : "";
  return beyond + intensityOf(byte, sent).toFixed(decimals);
}
