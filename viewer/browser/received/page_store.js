// What the components of one browser page share. Each of them is a module of its own, so the
// store hangs on the window; it outlives reruns and page changes, and a new tab starts afresh.

const STORE = Symbol.for("gliolens.viewer");

export function pageStore() {
  window[STORE] ??= {
    parcels: new Map(), // hash -> entry, see entryOf
    choices: new Map(), // key of a view -> what the person chose in it
    open: new WeakMap(), // element -> the view standing in it, see components/open_views.js
    progress: new Map(), // key of a view -> how far the work of its panels is, see progressOf
    tenures: new WeakMap(), // element -> the newest call for it
  };
  return window[STORE];
}

// Streamlit may start a second call for an element before the first has ended, and ends each
// superseded one by its own cleanup. Only the newest call may take anything down.
export function takeTenure(element) {
  const { tenures } = pageStore();
  const token = {};
  tenures.set(element, token);
  return { holds: () => tenures.get(element) === token };
}

// Parks `content` under its hash for as long as `element` stands; returns the release.
export function park(hash, content, element) {
  const entry = entryOf(hash);
  const tenure = takeTenure(element);
  entry.holders.add(element);
  entry.arrive(content);
  return () => {
    if (!tenure.holds()) return;
    entry.holders.delete(element);
    const { parcels } = pageStore();
    if (entry.holders.size === 0 && parcels.get(hash) === entry) parcels.delete(hash);
  };
}

// The same for what was made on this page and never travelled: it needs no decoding.
export function parkDecoded(hash, decoded) {
  entryOf(hash).decoded = Promise.resolve(decoded);
  return park(hash, null, {});
}

// A promise of what is, or will be, parked under the hash.
export function parcelOf(hash) {
  return entryOf(hash).content;
}

// The same, decoded once for all views that show it.
export function decodedParcel(hash, decode) {
  const entry = entryOf(hash);
  entry.decoded ??= entry.content.then(decode);
  return entry.decoded;
}

function entryOf(hash) {
  const { parcels } = pageStore();
  if (!parcels.has(hash)) {
    const entry = { holders: new Set() };
    entry.content = new Promise((resolve) => (entry.arrive = resolve));
    parcels.set(hash, entry);
  }
  return parcels.get(hash);
}

// How far the work of each panel of a view is, and who wants to hear of it.
export function progressOf(key) {
  const { progress } = pageStore();
  if (!progress.has(key)) progress.set(key, { panels: {}, listener: null });
  return progress.get(key);
}
