// Line icons on a 16-unit grid, in the colour of the text around them.

const PATHS = {
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
  play: "M5 3v10l8-5z",
  pause: "M5 3v10M11 3v10",
  expand: "M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4",
  shrink: "M6 2v4H2M14 6h-4V2M10 14v-4h4M2 10h4v4",
  peak: "M2 14V11M5 14V8M8 14V3M11 14V7M14 14V11",
  cross: "M8 1v5M8 10v5M1 8h5M10 8h5",
  brain: "M8 2C4 2 2.5 5 2.5 8.5S5 14 8 14s5.5-2 5.5-5.5S12 2 8 2M8 4.5v2M8 9.5v2",
  minus: "M3 8h10",
  plus: "M8 3v10M3 8h10",
  single: "M2 3h12v10H2z",
  grid: "M2 3h5v10H2zM9 3h5v10H9z",
  save: "M8 2v8M5 7l3 3 3-3M2 11v3h12v-3",
  mask: "M1 5q7 3 14 0M1 5q0 7 4 7 2 0 3-2 1 2 3 2 4 0 4-7M4 8h2M10 8h2",
  close: "M3 3l10 10M13 3L3 13",
  reset: "M3 8a5 5 0 1 0 2-4M3 2v3h3",
  swap: "M5 2 2 5l3 3M2 5h12M11 8l3 3-3 3M14 11H2",
  sliders:
    "M2 5h6M12 5h2M8 5a2 2 0 1 0 4 0a2 2 0 1 0-4 0" +
    "M2 11h2M8 11h6M4 11a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  setIcon(svg, name);
  return svg;
}

export function setIcon(svg, name) {
  const path = svg.firstChild;
  if (path.getAttribute("d") !== PATHS[name]) path.setAttribute("d", PATHS[name]);
}
