// Colour maps that are perceptually even and read the same with any common colour vision:
// cividis (Nuñez, Anderton, Renslow 2018) and magma (Smith, van der Walt 2015), at ten even steps
// with straight lines between them.

const STOPS = {
  cividis: [
    "#00224e", "#123570", "#3b496c", "#575d6d", "#707173",
    "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838",
  ],
  magma: [
    "#000004", "#180f3d", "#440f76", "#721f81", "#9e2f7f",
    "#cd4071", "#f1605d", "#fd9668", "#feca8d", "#fcfdbf",
  ],
};

// Pixels as they lie in memory on every platform browsers run on: ABGR, little endian.
export function pixelOf([red, green, blue]) {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

export function channelsOf(colour) {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
}

// The colour at 0 to 1.
export function mapColour(name, value) {
  const stops = STOPS[name];
  const at = value * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const [from, to] = [channelsOf(stops[low]), channelsOf(stops[low + 1])];
  return from.map((channel, i) => Math.round(channel + (to[i] - channel) * (at - low)));
}

// One pixel for each byte; bytes below `least` are left transparent.
export function mapTable(name, least) {
  const table = new Uint32Array(256);
  for (let i = least; i < 256; i++) table[i] = pixelOf(mapColour(name, i / 255));
  return table;
}

// At even steps, from the low end.
export function mapStops(name) {
  return STOPS[name];
}

export function mapGradient(name) {
  return `linear-gradient(to right, ${mapStops(name).join(", ")})`;
}
