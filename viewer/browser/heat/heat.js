// The visible component of a heat map: a slice as it was drawn on, the same slice with the map
// over it, and one slider. It shares the scan with the compare view, and its painter.

import {
  allow, button, group, iconButton, press, setSlider, slider, withWord,
} from "../controls/buttons.js";
import { clamp, element, setAttribute, setStyle, setText } from "../controls/dom.js";
import { REGION_NAMES } from "../slice/layers.js";
import { mapGradient, mapStops } from "../slice/colour_maps.js";
import { Painter } from "../slice/painter.js";
import { drawPicture, figureOf } from "../export/picture.js";
import { frameOf, PLANES, sidesOf } from "../slice/planes.js";
import { Saving } from "../export/save_picture.js";
import { decodedParcel, pageStore, takeTenure } from "../received/page_store.js";
import { decodeLabels, decodeProbability, decodeScan } from "../received/volumes.js";
import { WHOLE_WINDOW } from "../slice/window_level.js";

const PHONE_WIDTH = 480; // CSS pixels: below, the map alone
const TALLEST = 0.56; // of the window's height
const PROFILE_COLOUR = "#5f7183";
const GRIP_WIDTH = 12; // of the slider's thumb, as in styles/slice_strip.css

export default function heat({ data, parentElement }) {
  const tenure = takeTenure(parentElement);
  const { open } = pageStore();
  const standing = open.get(parentElement);
  if (standing?.key !== data.key) {
    standing?.view.close();
    open.set(parentElement, { key: data.key, view: new HeatView(parentElement, data) });
  }
  open.get(parentElement).view.update(data);
  return () => {
    if (!tenure.holds()) return;
    open.get(parentElement)?.view.close();
    open.delete(parentElement);
  };
}

class HeatView {
  constructor(parent, data) {
    this.plane = PLANES.axial;
    this.painter = new Painter();
    this.choices = heatChoices(data);
    this.build(data);
    parent.append(this.root);
    this.resizes = new ResizeObserver(() => this.schedule());
    this.resizes.observe(this.root);
  }

  close() {
    this.closed = true;
    this.resizes.disconnect();
    this.root.remove();
  }

  // What each rerun brings; nothing is fetched twice.
  update(data) {
    const same = this.data && this.data.hash === data.hash;
    this.data = data;
    if (!same) this.fetch(data);
  }

  async fetch({ scan, drawn, maps }) {
    try {
      [this.scan, this.drawn] = await Promise.all([
        decodedParcel(scan, decodeScan),
        decodedParcel(drawn, decodeLabels),
      ]);
      this.schedule();
      const regions = await Promise.all(
        maps.map(({ parcel }) => decodedParcel(parcel, decodeProbability)),
      );
      this.regions = new Map(maps.map(({ key }, i) => [key, regions[i]]));
    } catch (error) {
      console.error(error);
      setText(this.readout, "This browser could not unpack the scan. A newer one will.");
    }
    this.schedule();
  }

  build({ maps, modalities, present }) {
    this.maps = this.buttonsFor(maps, "map");
    this.areas = this.buttonsFor(
      ["wt", "tc", "et"].map((key) => ({ key, name: key.toUpperCase(), title: REGION_NAMES[key] })),
      "region",
    );
    this.modalities = this.buttonsFor(modalities, "modality");
    for (const { key, name, node } of this.modalities) {
      allow(node, present.includes(key) ? null : `${name} was not given`);
    }
    this.opacity = slider("Opacity of the map", { min: 0, max: 100 }, (percent) =>
      this.choose({ opacity: percent / 100 }),
    );
    [this.low, this.high] = [element("span"), element("span")];
    const bar = element("span", { class: "gradient" });
    setStyle(bar, "background", mapGradient("cividis"));
    this.save = iconButton("save", "Save the picture", () => this.savePicture());
    const nodes = (controls) => controls.map(({ node }) => node);
    const toolbar = element(
      "div",
      { class: "toolbar", role: "toolbar", "aria-label": "View" },
      element(
        "div",
        { class: "row" },
        group("Modality", "segments", ...nodes(this.modalities)),
        group("Map", "segments", ...nodes(this.maps)),
        group("Region", "segments", ...nodes(this.areas)),
        element("div", { class: "scale" }, this.low, bar, this.high),
        withWord("Opacity", this.opacity),
        this.save,
      ),
    );
    this.figures = [heatFigure("beside"), heatFigure("")];
    const grid = element("div", { class: "grid" }, ...this.figures.map(({ node }) => node));
    const panels = element("div", { class: "panels" }, grid);
    this.saving = new Saving();
    const parts = [toolbar, this.saving.node, panels, this.buildStrip()];
    this.root = element("div", { class: "compare heat" }, ...parts);
  }

  buttonsFor(options, choice) {
    return options.map((option) => {
      const node = button(option.name, () => this.choose({ [choice]: option.key }));
      if (option.title) setAttribute(node, "title", option.title);
      return { ...option, node };
    });
  }

  buildStrip() {
    this.bars = element("canvas", { class: "bars", "aria-hidden": "true" });
    this.slider = element("input", { type: "range", min: "1", "aria-label": "Slice" });
    this.slider.oninput = () => this.choose({ index: this.slider.valueAsNumber - 1 });
    this.readout = element("output", { class: "readout" });
    const track = element("div", { class: "track" }, this.bars, this.slider);
    return element("div", { class: "strip" }, track, this.readout);
  }

  choose(choice) {
    Object.assign(this.choices, choice);
    this.schedule();
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.closed) this.render();
    });
  }

  render() {
    const { map, region, modality, opacity } = this.choices;
    const chosen = this.maps.find(({ key }) => key === map);
    setAttribute(this.root, "data-narrow", this.root.clientWidth <= PHONE_WIDTH);
    for (const [controls, value] of [
      [this.maps, map], [this.areas, region], [this.modalities, modality],
    ]) {
      for (const { key, node } of controls) press(node, key === value);
    }
    setText(this.low, chosen.low);
    setText(this.high, chosen.high);
    setSlider(this.opacity, opacity * 100);
    setText(this.figures[0].caption, this.data.drawnName);
    setText(this.figures[1].caption, `${REGION_NAMES[region]}: ${chosen.about}`);
    allow(this.save, this.scan ? null : "The scan is on its way", "Save the picture");
    if (this.scan) this.renderSlice(this.heatScene());
  }

  savePicture() {
    this.render(); // what was chosen last may still wait for its frame
    const { map, region, modality } = this.choices;
    const { plane, index, count } = this.heatScene();
    const { name, low, high } = this.maps.find(({ key }) => key === map);
    const image = this.data.modalities.find(({ key }) => key === modality).name;
    const shown = this.figures.filter(({ node }) => node.clientWidth > 0);
    const picture = drawPicture({
      heading: `Axial slice ${index + 1} of ${count} · ${image} · ${name}: ${REGION_NAMES[region]}`,
      legend: [{ low, stops: mapStops("cividis"), high }],
      figures: shown.map(({ caption, ...figure }) => figureOf({ ...figure, name: caption })),
      columns: shown.length,
      root: this.root,
    });
    this.saving.save(picture, `gliolens-${plane.name}-slice-${index + 1}-${map}-${region}.png`);
  }

  heatScene() {
    const { index, region, modality, opacity } = this.choices;
    const count = this.scan.shape[this.plane.normal];
    const grids = [this.drawn, ...(this.chosenMap()?.values() ?? [])];
    return {
      plane: this.plane,
      frame: frameOf(this.plane, this.scan, grids, true),
      index: clamp(index, 0, count - 1),
      count,
      modality: this.scan.modalities.get(modality) ?? null,
      window: WHOLE_WINDOW,
      layer: "probability",
      region,
      opacity,
      zoom: 1,
      centre: null,
      cross: false,
      outline: true,
      visibleLabels: this.data.labels,
    };
  }

  chosenMap() {
    return this.regions?.get(this.choices.map) ?? null;
  }

  renderSlice(scene) {
    const { plane, frame, index, count } = scene;
    const text = `slice ${index + 1} of ${count}`;
    setText(this.readout, text);
    setAttribute(this.slider, "max", count);
    if (this.slider.valueAsNumber !== index + 1) this.slider.value = String(index + 1);
    setAttribute(this.slider, "aria-valuetext", text);
    this.painter.prepare(scene);
    const [plain, mapped] = this.figures;
    for (const figure of this.figures) {
      sizeFigure(figure, frame);
      setAttribute(figure.canvas, "aria-label", `${figure.caption.textContent}, ${text}`);
      for (const [side, mark] of Object.entries(figure.marks)) {
        setText(mark, sidesOf(plane, frame)[side]);
      }
    }
    this.painter.paint(plain.canvas, { grid: this.drawn }, { ...scene, layer: "labels", opacity: 1 });
    this.painter.paint(mapped.canvas, { regions: this.chosenMap() }, scene);
    drawProfile(this.bars, this.chosenMap()?.get(scene.region), count);
  }
}

// Kept through reruns and page changes; a slice of another scan means nothing here.
function heatChoices({ key, scan, start, maps, modalities, present }) {
  const { choices } = pageStore();
  const first = present.includes("flair") ? "flair" : present[0] ?? modalities[0].key;
  const fresh = { scan, map: maps[0].key, region: "wt", modality: first, index: start, opacity: 0.6 };
  if (choices.get(key)?.scan !== scan) choices.set(key, fresh);
  return choices.get(key);
}

function heatFigure(look) {
  const canvas = element("canvas", { role: "img" });
  const marks = {};
  for (const side of ["left", "right", "top", "bottom"]) {
    marks[side] = element("span", { class: `mark ${side}`, "aria-hidden": "true" });
  }
  const viewport = element("div", { class: "viewport" }, canvas, ...Object.values(marks));
  const caption = element("figcaption");
  const node = element("figure", { class: `panel ${look}` }, viewport, caption);
  return { canvas, marks, viewport, caption, node };
}

function sizeFigure({ canvas, viewport }, frame) {
  const ratio = window.devicePixelRatio;
  const shape = (frame.height * frame.pixelHeight) / (frame.width * frame.pixelWidth);
  const height = Math.min(viewport.clientWidth * shape, window.innerHeight * TALLEST);
  setStyle(viewport, "height", `${Math.round(height)}px`);
  const [wide, high] = [viewport.clientWidth, height].map((side) => Math.round(side * ratio));
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
}

// How much of the map each slice holds, over the slider.
function drawProfile(canvas, grid, count) {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  if (!grid) return;
  const sums = (grid.sums ??= sliceSums(grid));
  const most = sums.reduce((a, b) => Math.max(a, b), 1);
  const context = canvas.getContext("2d");
  context.fillStyle = PROFILE_COLOUR;
  const inset = (GRIP_WIDTH / 2) * ratio;
  const pitch = (canvas.width - 2 * inset) / Math.max(count - 1, 1);
  const width = Math.max(pitch * 0.7, 1);
  sums.forEach((sum, i) => {
    if (sum === 0) return;
    const height = Math.max((sum / most) * canvas.height, ratio);
    const x = inset + (grid.box[2][0] + i) * pitch - width / 2;
    context.fillRect(x, canvas.height - height, width, height);
  });
}

function sliceSums({ data, box, strides }) {
  const sums = new Float64Array(box[2][1] - box[2][0]);
  for (let i = 0; i < data.length; i++) sums[Math.floor(i / strides[2])] += data[i];
  return sums;
}
