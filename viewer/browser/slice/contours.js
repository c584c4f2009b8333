// The outlines of a label as closed loops, for lines that have to run through: traced edge by
// edge, as in painter.js, every edge would begin its dashes anew.

// Adds the loops to the path, inside the label by the insets, so that of two labels that touch
// both lines are seen.
export function traceLoops(context, area, label, insets) {
  for (const loop of loopsOf(area, label)) {
    loop.forEach((corner, i) => {
      const [x, y] = insideOf(loop.at(i - 1), corner, loop[(i + 1) % loop.length], insets);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.closePath();
  }
}

// Corners of voxels, [x, y] each, clockwise around the label and the other way around its holes.
function loopsOf(area, label) {
  const ways = waysOf(area, label);
  const loops = [];
  for (const [start, ends] of ways) {
    while (ends.length) {
      const loop = [];
      let at = start;
      // As many ways lead to a corner as from it: only the start can be without one.
      do {
        loop.push(cornerOf(at, area));
        at = ways.get(at).pop();
      } while (at !== start);
      loops.push(loop);
    }
  }
  return loops;
}

// Corner -> the corners that its edges lead to, with the label on the right hand of each edge.
function waysOf({ slice, width, columns: [left, right], rows: [top, bottom] }, label) {
  const inside = (x, y) =>
    x >= left && y >= top && x < right && y < bottom && slice[y * width + x] === label;
  const ways = new Map();
  const add = (from, to) => ways.set(from, [...(ways.get(from) ?? []), to]);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (!inside(x, y)) continue;
      const corner = y * (width + 1) + x;
      const below = corner + width + 1;
      if (!inside(x, y - 1)) add(corner, corner + 1);
      if (!inside(x + 1, y)) add(corner + 1, below + 1);
      if (!inside(x, y + 1)) add(below + 1, below);
      if (!inside(x - 1, y)) add(below, corner);
    }
  }
  return ways;
}

function cornerOf(at, { width }) {
  return [at % (width + 1), Math.floor(at / (width + 1))];
}

// A corner moved to the right hand of the way from the one before it to the one after it.
function insideOf(before, [x, y], after, [insetX, insetY]) {
  const right = Math.sign(before[1] - after[1]);
  const down = Math.sign(after[0] - before[0]);
  return [x + right * insetX, y + down * insetY];
}
