// One panel: the picture with its sides marked, and under it the name and the numbers.

import { element, setAttribute, setStyle, setText } from "../../controls/dom.js";
import { SlicePicture } from "../../controls/slice_picture.js";
import { formatDice, formatSeconds, formatVolume } from "./number_format.js";
import { figureOf } from "../../export/picture.js";
import { noteOf } from "./cross_hair_text.js";

export class Panel {
  constructor() {
    this.note = element("div", { class: "note" });
    this.quickLines = [element("span"), element("span", { class: "by" }), element("span")];
    const [title, by, state] = this.quickLines;
    this.quickLook = element("div", { class: "quick" }, element("b", {}, title, " ", by), state);
    this.bar = element("div", { class: "bar" });
    this.progress = element("div", { class: "progress", role: "progressbar" }, this.bar);
    this.picture = new SlicePicture(this.note, this.quickLook, this.progress);
    this.node = element("figure", { class: "panel" }, this.picture.node, this.buildCaption());
  }

  buildCaption() {
    this.name = element("span", { class: "name" });
    this.lead = element("span", { class: "lead" });
    this.detail = element("span", { class: "detail" });
    this.seconds = element("span", { class: "seconds" });
    return element("figcaption", {}, this.name, this.lead, this.detail, this.seconds);
  }

  render(panel, scene) {
    const { name, colour, status } = panel;
    this.shown = panel;
    setAttribute(this.node, "data-status", status);
    setStyle(this.node, "--colour", colour);
    setText(this.name, name);
    setAttribute(this.name, "title", name);
    setText(this.lead, leadOf(panel));
    setAttribute(this.lead, "title", volumesOf(panel));
    this.renderDetail(panel);
    setText(this.seconds, status === "done" ? formatSeconds(panel.seconds) : "");
    this.renderProgress(panel);
    this.renderQuickLook(panel, scene);
    this.picture.renderMarks(scene);
    setText(this.note, noteOf(panel, scene));
    const slice = `${scene.plane.name} slice ${scene.index + 1} of ${scene.count}`;
    setAttribute(this.picture.canvas, "aria-label", `${name}, ${scene.ready ? slice : "loading"}`);
  }

  // The same panel a moment later: it is farther, and else as in the last frame.
  renderStep({ progress }) {
    this.shown = { ...this.shown, progress };
    setText(this.lead, leadOf(this.shown));
    this.renderProgress(this.shown);
    if (!this.quickLook.hidden) setText(this.quickLines.at(-1), stateOf(this.shown));
  }

  renderDetail({ status, dice, message }) {
    const scores = status === "done" && dice ? scoresOf(dice) : null;
    const text = scores ? scores.map(([region, score]) => `${region} ${score}`).join(" ") : message;
    // Rebuilt only when it reads differently: most frames change nothing here.
    if (this.detailText === text) return;
    this.detailText = text;
    setAttribute(this.detail, "title", scores ? `Dice against the truth: ${text}` : text || null);
    this.detail.replaceChildren(...(scores ? scoreNodes(scores) : [text]));
  }

  renderProgress({ name, status, progress }) {
    const percent = Math.round(progress * 100);
    this.progress.hidden = status !== "running";
    setAttribute(this.progress, "aria-label", `${name} is running`);
    setAttribute(this.progress, "aria-valuenow", percent);
    setStyle(this.bar, "transform", `scaleX(${percent / 100})`);
  }

  // Whose the lines are, and that they are not those of the panel's own model.
  renderQuickLook(panel, { layer }) {
    const shown = panel.quickLook && !panel.grid && layer === "labels";
    this.quickLook.hidden = !shown;
    // Hidden, it keeps no name that may have to be hidden itself.
    const lines = shown ? quickLookLines(panel) : [];
    this.quickLines.forEach((node, i) => setText(node, lines[i] ?? ""));
  }

  // As it is on screen, for a picture to save.
  figure() {
    const { picture: { canvas, marks }, name, lead, detail } = this;
    const notes = [...(this.quickLook.hidden ? [] : this.quickLines), this.note];
    return figureOf({ canvas, marks, name, lead, detail, notes });
  }
}

function leadOf({ status, progress, volume_ml: volume }) {
  if (status === "running") return `${Math.round(progress * 100)} %`;
  if (status === "waiting") return "Waiting";
  if (status === "failed") return "Failed";
  if (status === "cancelled") return "Cancelled";
  return formatVolume(volume?.wt);
}

function quickLookLines(panel) {
  const { name } = panel.quickLook;
  return ["Quick look", name && `by ${name}`, stateOf(panel)];
}

function stateOf({ name, status, progress }) {
  return `${name} ${status === "running" ? `at ${Math.round(progress * 100)} %` : "waiting"}`;
}

function volumesOf({ status, volume_ml: volume }) {
  if (status !== "done" || !volume) return null;
  const parts = ["wt", "tc", "et"].map((r) => `${r.toUpperCase()} ${formatVolume(volume[r])}`);
  return `Whole tumour ${formatVolume(volume.wt)} (${parts.join(", ")})`;
}

function scoresOf(dice) {
  return ["wt", "tc", "et"].map((region) => [region.toUpperCase(), formatDice(dice[region])]);
}

// The spaces are real ones: the line is also read aloud, and copied.
function scoreNodes(scores) {
  const nodes = scores.map(([region, score]) =>
    element("span", { class: "score" }, " ", element("b", {}, region), ` ${score}`),
  );
  return [element("span", { class: "unit" }, "Dice"), ...nodes];
}
