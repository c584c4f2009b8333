// Hidden names: the models become Model A, Model B, … in an order drawn from a seed, so that
// neither name, place, colour nor number says which model drew what.

const HIDDEN_COLOUR = "#8FA3B5";

export function disguise(panels, seed) {
  if (seed === null) return panels;
  const isModel = ({ reference, derived, plain }) => !reference && !derived && !plain;
  const models = shuffled(panels.filter(isModel), seed);
  const hidden = models.map((panel, i) => ({
    ...panel,
    name: `Model ${String.fromCharCode(65 + i)}`,
    colour: HIDDEN_COLOUR,
    dice: null,
    volume_ml: null,
    seconds: null,
    message: "", // why it failed names the model
    quickLook: panel.quickLook && { ...panel.quickLook, name: null },
    hidden: true,
  }));
  const first = panels.findIndex(isModel);
  const others = panels.filter((panel) => !isModel(panel));
  const before = panels.slice(0, Math.max(first, 0)).length;
  return [...others.slice(0, before), ...hidden, ...others.slice(before)];
}

// Tells the page around the view whether it may name the models too: an attribute of the root,
// on which the page's style shows or hides what it says of them. There is none before a view has
// spoken, so that a page opened with hidden names never shows them first.
export function tellPage(viewKey, seed) {
  document.documentElement.setAttribute(attributeOf(viewKey), seed === null ? "shown" : "hidden");
}

export function tellPageNothing(viewKey) {
  document.documentElement.removeAttribute(attributeOf(viewKey));
}

function attributeOf(viewKey) {
  return `data-names-${viewKey}`;
}

const VEIL = "_"; // no panel's own key begins so

// The key of a panel as the address shows it while names are hidden: it says nothing, but the
// same seed makes the same of it. One that waits for its panel stays as it is.
export function veil(key, seed) {
  if (key.startsWith(VEIL)) return key;
  let hash = seed ^ 0x811c9dc5; // FNV-1a
  for (const character of key) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  return VEIL + (hash >>> 0).toString(36);
}

// The panels' keys again, in choices read from an address.
export function unveil(choices, keys) {
  if (choices.blind === null) return;
  const known = new Map(keys.map((key) => [veil(key, choices.blind), key]));
  const reveal = (key) => known.get(key) ?? key;
  choices.panels = choices.panels?.map(reveal) ?? null;
  choices.panel = reveal(choices.panel);
}

export function newSeed() {
  return Math.floor(Math.random() * 1e6);
}

// Fisher and Yates, driven by a small generator (mulberry32) that a seed repeats.
function shuffled(items, seed) {
  const order = [...items];
  let state = seed;
  for (let i = order.length - 1; i > 0; i--) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    const j = ((t ^ (t >>> 14)) >>> 0) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
