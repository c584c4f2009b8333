// Every key of the view: what it does, and what the list of keys says of it.

const BIG_STEP = 10;

export const KEYS = [
  { names: ["↑", "→", "↓", "←"], text: "Next and previous slice" },
  { names: ["Page Up", "Page Down"], text: "Ten slices on and back" },
  { names: ["Home", "End"], text: "First and last slice" },
  { names: ["Space"], text: "Play" },
  { names: ["M"], text: "Slice with the largest tumour" },
  { names: ["1", "2", "3", "4"], text: "Modality" },
  { names: ["A", "C", "S"], text: "Axial, coronal, sagittal" },
  { names: ["L"], text: "Next layer" },
  { names: ["R"], text: "Next region of the layer" },
  { names: ["O"], text: "Labels filled or outlined" },
  { names: ["B"], text: "Outline of the brain mask, where there is one" },
  { names: ["X"], text: "Cross-hair on or off" },
  { names: ["Shift", "arrows"], text: "Move the cross-hair; without it, a zoomed picture" },
  { names: ["+", "−", "0"], text: "Zoom in, out, whole picture" },
  { names: ["W"], text: "Window and level as at first" },
  { names: ["P"], text: "One panel, or all" },
  { names: ["N"], text: "Next model, one at a time" },
  { names: ["T"], text: "Show or hide the truth" },
  { names: ["H"], text: "Hide or reveal the models' names" },
  { names: ["D"], text: "Save the picture" },
  { names: ["F"], text: "Full screen" },
  { names: ["?"], text: "This list" },
];

export const MOUSE = [
  { names: ["Wheel"], text: "Slice" },
  { names: ["Ctrl", "wheel"], text: "Zoom; on a phone, two fingers" },
  { names: ["Click"], text: "Place the cross-hair" },
  { names: ["Double click"], text: "Whole picture" },
  { names: ["Drag"], text: "Move a zoomed picture" },
  { names: ["Right drag"], text: "Window (across) and level (up and down)" },
];

const ACTIONS = {
  ArrowUp: (actions) => actions.step(1),
  ArrowRight: (actions) => actions.step(1),
  ArrowDown: (actions) => actions.step(-1),
  ArrowLeft: (actions) => actions.step(-1),
  PageUp: (actions) => actions.step(BIG_STEP),
  PageDown: (actions) => actions.step(-BIG_STEP),
  Home: (actions) => actions.goTo(0),
  End: (actions) => actions.goTo(Infinity),
  m: (actions) => actions.goToLargest(),
  1: (actions) => actions.chooseNthModality(0),
  2: (actions) => actions.chooseNthModality(1),
  3: (actions) => actions.chooseNthModality(2),
  4: (actions) => actions.chooseNthModality(3),
  a: (actions) => actions.choosePlane("axial"),
  c: (actions) => actions.choosePlane("coronal"),
  s: (actions) => actions.choosePlane("sagittal"),
  l: (actions) => actions.nextLayer(),
  r: (actions) => actions.nextRegion(),
  o: (actions) => actions.toggleOutline(),
  b: (actions) => actions.toggleBrain(),
  x: (actions) => actions.toggleCross(),
  "+": (actions) => actions.zoomIn(),
  "=": (actions) => actions.zoomIn(), // where + is on the same key
  "-": (actions) => actions.zoomOut(),
  0: (actions) => actions.resetZoom(),
  w: (actions) => actions.resetWindow(),
  p: (actions) => actions.toggleSingle(),
  n: (actions) => actions.nextModel(),
  t: (actions) => actions.toggleTruth(),
  h: (actions) => actions.toggleNames(),
  d: (actions) => actions.savePicture(),
  f: (actions) => actions.toggleFullscreen(),
  "?": (actions) => actions.toggleHelp(),
};

const SLIDER_KEYS = /^(Arrow|Page|Home|End)/;

const MOVES = {
  ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0],
};

// An action returns true where it has used up the key. Gives what ends the listening.
export function listenToKeys(node, actions) {
  const listen = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!handleKey(event, actions)) return;
    event.preventDefault();
    // Streamlit has keys of its own on the page.
    event.stopPropagation();
  };
  // Who points at a picture means it, though nothing in it was clicked yet.
  const listenBelow = (event) => {
    if (node.matches(":hover") && hasNoOtherAim(event, node)) listen(event);
  };
  node.addEventListener("keydown", listen);
  window.addEventListener("keydown", listenBelow, true);
  return () => window.removeEventListener("keydown", listenBelow, true);
}

// A field or a button elsewhere keeps its keys; the page around the view has none to keep.
function hasNoOtherAim(event, node) {
  const around = event.target.contains?.(node.getRootNode().host ?? node);
  return around && !event.composedPath().includes(node);
}

// One picture for one press, however long the key is held.
const ONCE = new Set(["d", "D"]);

function handleKey({ key, shiftKey, target, repeat }, actions) {
  if (repeat && ONCE.has(key)) return true;
  if (target.hasAttribute("data-own-keys") && SLIDER_KEYS.test(key)) return false;
  if (shiftKey && key in MOVES) return actions.move(...MOVES[key]);
  if (key === " ") return target.tagName !== "BUTTON" && actions.togglePlay();
  const action = ACTIONS[key.length === 1 ? key.toLowerCase() : key];
  return Boolean(action?.(actions));
}
