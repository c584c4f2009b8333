// The visible component: a person chooses files, and sees what the small model makes of them.
// The files go to a worker in this browser and nowhere else. Those of the sample come from the
// server, when the button of the page is pressed.

import { closeView, viewIn } from "../../viewer/browser/components/open_views.js";
import { element, setText } from "../../viewer/browser/controls/dom.js";
import { pageStore, parcelOf, takeTenure } from "../../viewer/browser/received/page_store.js";
import { unpack } from "../../viewer/browser/received/envelope.js";
import { LocalView } from "./local.js";
import { COULD_NOT_RUN } from "./refused.js";

const LEARNED_MM = [0.8, 1.25]; // as inference/network/preprocess.py

export default function quick({ data, parentElement }) {
  const tenure = takeTenure(parentElement);
  viewIn(parentElement, data.key, () => openLook(parentElement, data)).trySample(data);
  return () => {
    if (tenure.holds()) closeView(parentElement);
  };
}

function openLook(parent, data) {
  const look = new QuickLook(parent, data);
  look.showLast();
  return look;
}

class QuickLook {
  constructor(parent, data) {
    this.data = data;
    this.last = lastLook(data.key);
    this.input = element("input", { type: "file", multiple: true, accept: ".nii,.gz" });
    this.input.onchange = () => {
      this.look([...this.input.files]);
      this.input.value = ""; // the same files may be chosen again
    };
    this.status = element("span", { role: "status" });
    this.share = element("span", { "aria-hidden": "true" }); // the panel's bar says it aloud
    this.line = element("p", { class: "status" }, this.status, this.share);
    this.place = element("div");
    const words = element("span", {}, "Choose the files of one patient");
    const limits = element("small", {}, "T1, T1c, T2 and FLAIR as NIfTI, named as in BraTS");
    this.zone = element("label", { class: "zone" }, words, limits, this.input);
    this.listenToDrops();
    this.root = element("div", { class: "quick-page" }, this.zone, this.line, this.place);
    this.style = element("style", {}, data.css);
    parent.append(this.style, this.root);
  }

  listenToDrops() {
    this.zone.ondragover = (event) => event.preventDefault();
    this.zone.ondrop = (event) => {
      event.preventDefault();
      this.look([...event.dataTransfer.files]);
    };
  }

  close() {
    this.turn = null;
    this.stop();
    this.closeView();
    this.style.remove();
    this.root.remove();
  }

  // What was found stays in this browser when the page is left, until another scan is read; what
  // was still being read is read anew.
  async showLast() {
    const { given, found } = this.last;
    if (given) this.look(given);
    else if (found && (await this.restore(found))) this.conclude(found.answer);
  }

  async restore({ number, scan, answer }) {
    const turn = (this.turn = {});
    const code = await parcelOf(this.data.code);
    if (this.turn !== turn) return false;
    this.view = new LocalView(this.place, code, this.data, number);
    this.describe(scan);
    this.view.showScan(scan);
    this.view.showLabels(answer.labels, answer.volume_ml, answer.seconds.total);
    return true;
  }

  // Once for every press: the server may draw the page again in between.
  trySample({ sample, presses }) {
    if (!sample || presses === this.presses) return;
    this.presses = presses;
    this.look(parcelOf(sample).then(filesIn));
  }

  // Those who choose again before it is done want the new ones.
  async look(given) {
    if (given.length === 0) return;
    const turn = (this.turn = {});
    this.last.given = null;
    this.stop();
    this.closeView();
    this.tell("Reading the files …");
    const [engine, code, files] = await Promise.all([
      parcelOf(this.data.engine),
      parcelOf(this.data.code),
      given,
    ]);
    if (this.turn !== turn) return;
    this.last.given = files;
    this.view = new LocalView(this.place, code, this.data);
    this.worker = startWorker(engine);
    this.worker.onmessage = ({ data }) => this[data.kind](data);
    this.worker.onerror = () => this.refused({ sentence: COULD_NOT_RUN });
    this.worker.postMessage({ files });
  }

  // ---- what the worker answers, each by its kind ----------------------------------------------

  scan({ scan }) {
    this.tell("Looking for a tumour …");
    this.seen = scan;
    this.describe(scan);
    this.view.showScan(scan);
    // The picture is larger than what is left of the window; it stands after the next frame.
    requestAnimationFrame(() => requestAnimationFrame(() => this.line.scrollIntoView()));
  }

  progress({ share }) {
    this.view.showProgress(share);
    setText(this.share, ` ${Math.round(100 * share)} %`);
  }

  done(answer) {
    const { labels, volume_ml, seconds } = answer;
    const found = { number: this.view.number, scan: this.seen, answer };
    Object.assign(this.last, { given: null, found });
    this.view.showLabels(labels, volume_ml, seconds.total);
    this.conclude(answer);
    this.stop();
  }

  describe(scan) {
    const { modalities } = this.data.words;
    this.notes = [
      brightnessNotes(scan.modalities, modalities),
      skullNote(scan.modalities, modalities),
      copiesNote(scan.copies, modalities),
      missingOf(scan.modalities, modalities),
      sizeNote(scan.spacing),
    ].filter(Boolean).join(" ");
  }

  conclude({ volume_ml, slices, seconds }) {
    const each = (1000 * seconds.predict) / Math.max(slices, 1);
    const { wt, tc, et } = volume_ml;
    const ml = (value) => `${value.toFixed(1)} ml`;
    this.tell(
      `Whole tumour ${ml(wt)}, tumour core ${ml(tc)}, enhancing tumour ${ml(et)}. ` +
        `${slices} slices of ${each.toFixed(0)} ms each, ${seconds.total.toFixed(1)} s in all. ` +
        `Nothing left this computer. ${this.notes}`,
    );
  }

  // The scan before it stays: who took a wrong file has lost nothing.
  refused({ sentence }) {
    const { found } = this.last;
    this.last.given = null;
    this.stop();
    this.closeView();
    this.tell(found ? `${sentence} The scan below is the one before.` : sentence, "bad");
    if (found) this.restore(found);
  }

  tell(sentence, look = "") {
    this.line.className = `status ${look}`;
    setText(this.status, sentence);
    setText(this.share, "");
  }

  closeView() {
    this.view?.close();
    this.view = null;
  }

  // What a worker holds is hundreds of megabytes.
  stop() {
    this.worker?.terminate();
    this.worker = null;
  }
}

// What outlasts a quick look on this page: the files being read, and the last scan with its answer.
function lastLook(key) {
  const looks = (pageStore().lastLooks ??= new Map());
  if (!looks.has(key)) looks.set(key, { given: null, found: null });
  return looks.get(key);
}

// In the words of the server.
function brightnessNotes(present, modalities) {
  const titles = new Map(modalities.map(({ key, name }) => [key, name]));
  const notes = present.flatMap(({ name, settled, unnumbered }) => [
    unnumbered &&
      `${titles.get(name)} has voxels without a value (NaN); they were read as background.`,
    ...settledNotes(titles.get(name), settled),
  ]);
  return notes.filter(Boolean).join(" ");
}

function settledNotes(title, { level, inverted, stray }) {
  return [
    inverted
      ? `${title} has a background that is brighter than the head, so it was read as inverted ` +
        "and turned back; check the picture."
      : level &&
        `${title}: the constant ${Number(level.toPrecision(6))} around the head was read as its ` +
        "background.",
    stray &&
      `${title}: ${stray} voxels outside the head, far brighter than it, were read as background.`,
  ];
}

function missingOf(present, modalities) {
  const given = new Set(present.map(({ name }) => name));
  const names = modalities.filter(({ key }) => !given.has(key)).map(({ name }) => name);
  return names.length ? `Without ${names.join(", ")} it is less reliable.` : "";
}

function copiesNote(copies, modalities) {
  const titles = new Map(modalities.map(({ key, name }) => [key, name]));
  const sentences = copies.map(
    ({ copy, kept }) => `${titles.get(copy)} is the same image as ${titles.get(kept)}, so it was left out.`,
  );
  return sentences.join(" ");
}

function skullNote(present, modalities) {
  const whole = new Set(present.filter((one) => one.wholeHead).map(({ name }) => name));
  const names = modalities.filter(({ key }) => whole.has(key)).map(({ name }) => name);
  if (!names.length) return "";
  return (
    `By the look of it ${names.join(", ")} is not skull-stripped, or has a background other than ` +
    "0: the model can take skull or scalp for tumour."
  );
}

// The server brings slices to 1 mm a pixel for the models; here they are read as they are.
function sizeNote([across, up]) {
  const [least, most] = LEARNED_MM;
  if (Math.min(across, up) >= least && Math.max(across, up) <= most) return "";
  const size = `${across.toPrecision(2)} × ${up.toPrecision(2)} mm`;
  return `Its pixels measure ${size} and not 1 mm: expect less here than on the server.`;
}

function filesIn(parcel) {
  const { header, blobs } = unpack(parcel);
  return header.names.map((name, i) => new File([blobs[i]], name));
}

function startWorker(parcel) {
  const { header, blobs } = unpack(parcel);
  const engine = Object.fromEntries(header.parts.map((part, i) => [part, blobs[i]]));
  const script = URL.createObjectURL(new Blob([engine.worker], { type: "text/javascript" }));
  const worker = new Worker(script, { type: "module" });
  worker.postMessage({ engine: { ...engine, divisor: header.divisor } });
  return worker;
}
