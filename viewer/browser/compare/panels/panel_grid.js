// The grid of panels, and on a narrow screen the one of them that is shown, with its dots.

import { element, setAttribute, setStyle, setText } from "../../controls/dom.js";
import { Painter } from "../../slice/painter.js";
import { aspectOf } from "../../slice/planes.js";
import { Panel } from "./panel.js";

const MIN_PANEL_WIDTH = 210;
const GAP = 14; // as in styles/panels.css

export class Panels {
  constructor(actions) {
    this.actions = actions;
    this.painter = new Painter();
    this.panels = new Map();
    this.notice = element("div", { class: "notice", role: "status" });
    this.grid = element("div", {
      class: "grid",
      role: "group",
      tabindex: "0",
      "aria-label": "Panels. The arrow keys change the slice, the question mark lists all keys.",
    });
    this.dots = element("div", { class: "dots", role: "group", "aria-label": "Panel" });
    this.node = element("div", { class: "panels" }, this.grid, this.dots, this.notice);
  }

  render(scene) {
    this.match(scene.panels);
    this.renderNotice(scene);
    if (scene.ready) this.painter.prepare(scene);
    const layout = layoutOf(scene);
    this.columns = layout.columns;
    this.room = { width: layout.width, height: layout.highest };
    setStyle(this.grid, "grid-template-columns", `repeat(${layout.columns}, minmax(0, 1fr))`);
    for (const described of scene.panels) {
      const panel = this.panels.get(described.key);
      const shown = !scene.alone || described.key === scene.shownPanel;
      panel.node.hidden = !shown;
      panel.render(described, scene);
      if (!shown) continue;
      panel.picture.resize(layout.width, layout.height);
      if (scene.ready) this.painter.paint(panel.picture.canvas, described, scene);
    }
    this.renderDots(scene);
  }

  // What is on screen, for a picture to save.
  figures() {
    const shown = [...this.panels.values()].filter(({ node }) => !node.hidden);
    return { figures: shown.map((panel) => panel.figure()), columns: this.columns };
  }

  // Shows how far the running ones are, without a frame; false if one of them has only begun.
  step(described) {
    const running = [...this.panels].filter(([key]) => described.get(key)?.status === "running");
    if (running.some(([, panel]) => panel.shown?.status !== "running")) return false;
    for (const [key, panel] of running) panel.renderStep(described.get(key));
    return true;
  }

  // Keeps the elements of panels that stay, so that nothing flickers when one is added.
  match(described) {
    const keys = described.map(({ key }) => key);
    if (this.order === keys.join("\n")) return;
    this.order = keys.join("\n");
    const kept = new Map(keys.map((key) => [key, this.panels.get(key) ?? new Panel()]));
    this.panels = kept;
    this.grid.replaceChildren(...[...kept.values()].map(({ node }) => node));
    this.dots.replaceChildren(...described.map((panel) => this.buildDot(panel)));
  }

  buildDot({ key }) {
    return element("button", { type: "button", onclick: () => this.actions.choosePanel(key) });
  }

  renderDots(scene) {
    this.dots.hidden = !scene.alone || scene.panels.length < 2;
    scene.panels.forEach(({ key, name }, i) => {
      const dot = this.dots.children[i];
      setAttribute(dot, "aria-label", `Show ${name}`);
      setAttribute(dot, "aria-pressed", String(key === scene.shownPanel));
    });
  }

  renderNotice({ problem, ready, modality }) {
    let text = "";
    if (problem) text = problem;
    else if (!ready) text = "Loading the scan…";
    else if (!modality) text = "This scan holds no image.";
    setText(this.notice, text);
    this.notice.hidden = !text;
  }
}

// As many columns as leave each panel its least width, in rows of equal length.
function layoutOf({ panels, width, maxHeight, alone, frame }) {
  const shown = alone ? 1 : panels.length;
  let rows = 1;
  const columnsIn = (n) => Math.ceil(shown / n);
  const widthOf = (columns) => (width - GAP * (columns - 1)) / columns;
  while (rows < shown && widthOf(columnsIn(rows)) < MIN_PANEL_WIDTH) rows++;
  const columns = Math.max(columnsIn(rows), 1);
  const panelWidth = widthOf(columns);
  const highest = maxHeight(rows);
  const height = Math.round(Math.min(panelWidth * aspectOf(frame), highest));
  return { columns, width: panelWidth, height, highest };
}
