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
    hidden: true,
  }));
  const first = panels.findIndex(isModel);
  const others = panels.filter((panel) => !isModel(panel));
  const before = panels.slice(0, Math.max(first, 0)).length;
  return [...others.slice(0, before), ...hidden, ...others.slice(before)];
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
