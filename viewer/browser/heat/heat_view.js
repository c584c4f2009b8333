// A heat map: a slice as it was drawn on, the same slice with the map over it, and one slider.

import { element, setAttribute, setText } from "../controls/dom.js";
import { Frames } from "../controls/frames.js";
import { SlicePicture } from "../controls/slice_picture.js";
import { SliceSlider, sliceText } from "../controls/slice_slider.js";
import { drawPicture, figureOf } from "../export/picture.js";
import { Saving } from "../export/save_picture.js";
import { Content } from "../received/content.js";
import { mapStops } from "../slice/colour_maps.js";
import { REGION_NAMES } from "../slice/layers.js";
import { Painter } from "../slice/painter.js";
import { aspectOf, sumProfile } from "../slice/planes.js";
import { heatChoices } from "./heat_choices.js";
import { MAP_COLOURS, makeHeatScene } from "./heat_scene.js";
import { HeatToolbar } from "./heat_toolbar.js";

const PHONE_WIDTH = 480; // CSS pixels: below, the map alone
const TALLEST = 0.56; // of the window's height

export class HeatView {
  constructor(parent, data) {
    this.painter = new Painter();
    this.content = new Content(() => this.frames.schedule());
    this.choices = heatChoices(data);
    this.build(data);
    parent.append(this.root);
    this.frames = new Frames(this.root, () => this.render());
  }

  close() {
    this.frames.close();
    this.root.remove();
  }

  // What each rerun brings; nothing is fetched twice.
  update(data) {
    this.data = data;
    const maps = data.maps.map(({ parcel }) => ({ probability: parcel }));
    this.content.follow({ scan: data.scan, panels: [{ labels: data.outlined }, ...maps] });
    this.frames.schedule();
  }

  build(data) {
    this.toolbar = new HeatToolbar(data, {
      choose: (choice) => this.choose(choice),
      save: () => this.savePicture(),
    });
    this.saving = new Saving();
    this.figures = [heatFigure("beside"), heatFigure("")];
    const grid = element("div", { class: "grid" }, ...this.figures.map(({ node }) => node));
    const panels = element("div", { class: "panels" }, grid);
    this.slider = new SliceSlider((index) => this.choose({ index }));
    this.readout = element("output", { class: "readout" });
    const strip = element("div", { class: "strip" }, this.slider.node, this.readout);
    const parts = [this.toolbar.node, this.saving.node, panels, strip];
    this.root = element("div", { class: "compare heat" }, ...parts);
  }

  choose(choice) {
    Object.assign(this.choices, choice);
    this.frames.schedule();
  }

  render() {
    const { data, choices } = this;
    const scene = makeHeatScene(choices, data, this.content);
    const [plain, mapped] = this.figures;
    setAttribute(this.root, "data-narrow", this.root.clientWidth <= PHONE_WIDTH);
    this.toolbar.render(choices, data.present, scene !== null);
    setText(plain.caption, data.outlinedName);
    setText(mapped.caption, `${REGION_NAMES[choices.region]}: ${this.chosenMap().about}`);
    if (scene) this.renderSlice(scene);
    else setText(this.readout, this.content.problem ?? "");
  }

  chosenMap() {
    return this.data.maps.find(({ key }) => key === this.choices.map);
  }

  renderSlice(scene) {
    const text = sliceText(scene);
    setText(this.readout, text);
    this.slider.render(scene, text);
    this.painter.prepare(scene);
    const [plain, mapped] = this.figures;
    for (const { picture, caption } of this.figures) {
      fit(picture, scene.frame);
      setAttribute(picture.canvas, "aria-label", `${caption.textContent}, ${text}`);
      picture.renderMarks(scene);
    }
    const outlines = { ...scene, layer: "labels", opacity: 1 };
    this.painter.paint(plain.picture.canvas, { grid: scene.outlined }, outlines);
    this.painter.paint(mapped.picture.canvas, { regions: scene.regions }, scene);
    this.slider.renderBars(amountsOf(scene), scene.count, this.slider.bars.clientWidth);
  }

  savePicture() {
    this.render(); // what was chosen last may still wait for its frame
    const { map, region, modality } = this.choices;
    const scene = makeHeatScene(this.choices, this.data, this.content);
    const { name, low, high } = this.chosenMap();
    const image = this.data.modalities.find(({ key }) => key === modality).name;
    const shown = this.figures.filter(({ node }) => node.clientWidth > 0);
    const picture = drawPicture({
      heading: `Axial ${sliceText(scene)} · ${image} · ${name}: ${REGION_NAMES[region]}`,
      legend: [{ low, stops: mapStops(MAP_COLOURS), high }],
      figures: shown.map(({ picture: { canvas, marks }, caption }) =>
        figureOf({ canvas, marks, name: caption }),
      ),
      columns: shown.length,
      root: this.root,
    });
    const place = `${scene.plane.name}-slice-${scene.index + 1}`;
    this.saving.save(picture, `gliolens-${place}-${map}-${region}.png`);
  }
}

function heatFigure(look) {
  const picture = new SlicePicture();
  const caption = element("figcaption");
  const node = element("figure", { class: `panel ${look}` }, picture.node, caption);
  return { picture, caption, node };
}

function fit(picture, frame) {
  const width = picture.node.clientWidth;
  const height = Math.min(width * aspectOf(frame), window.innerHeight * TALLEST);
  picture.resize(width, Math.round(height));
}

// How much of the map each slice holds; null until it is here.
function amountsOf({ regions, region, plane, count }) {
  const grid = regions?.get(region);
  if (!grid) return null;
  return (grid.sums ??= sumProfile(grid, plane, count));
}
