// Saves a picture as a file; the browser asks where, or puts it among the downloads.

import { element, setText } from "../controls/dom.js";

const RELEASE_MS = 60_000; // a browser may ask where to save first
// A canvas that a phone has no room for is none, or gives no file; neither is an error.
const NO_ROOM =
  "The picture was not saved: this device has too little memory left for it. " +
  "Close other tabs or apps, then save it again.";

export class Saving {
  constructor() {
    this.node = element("p", { class: "unsaved", role: "alert" });
    this.node.hidden = true;
  }

  // `canvas` is null where there was no room for it.
  save(canvas, name) {
    if (!canvas) this.finish(null, name);
    else canvas.toBlob((blob) => this.finish(blob, name), "image/png");
  }

  finish(blob, name) {
    this.node.hidden = Boolean(blob);
    setText(this.node, blob ? "" : NO_ROOM);
    if (blob) download(blob, name);
  }
}

function download(blob, name) {
  const href = URL.createObjectURL(blob);
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), RELEASE_MS);
}
