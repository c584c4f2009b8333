// The connected pieces of a mask; voxels that touch at a corner are of one piece.

// The mask without pieces that are below a share of its largest one.
export function largePieces(mask, sizes, share) {
  const { pieces, counts } = label(mask, sizes);
  const least = share * counts.reduce((a, b) => Math.max(a, b), 0);
  const kept = counts.map((count, piece) => piece > 0 && count >= least);
  return mask.map((_, at) => (kept[pieces[at]] ? 1 : 0));
}

// The number of the piece of every voxel, from 1, and how many voxels each has.
function label(mask, sizes) {
  const pieces = new Uint32Array(mask.length);
  const queue = new Uint32Array(mask.length);
  const counts = [0];
  for (let seed = 0; seed < mask.length; seed++) {
    if (!mask[seed] || pieces[seed]) continue;
    counts.push(flood(mask, pieces, sizes, queue, seed, counts.length));
  }
  return { pieces, counts };
}

function flood(mask, pieces, [width, height, depth], queue, seed, piece) {
  let end = 1;
  queue[0] = seed;
  pieces[seed] = piece;
  for (let next = 0; next < end; next++) {
    const at = queue[next];
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const z = Math.floor(at / (width * height));
    for (let k = Math.max(z - 1, 0); k <= Math.min(z + 1, depth - 1); k++) {
      for (let j = Math.max(y - 1, 0); j <= Math.min(y + 1, height - 1); j++) {
        for (let i = Math.max(x - 1, 0); i <= Math.min(x + 1, width - 1); i++) {
          const other = (k * height + j) * width + i;
          if (!mask[other] || pieces[other]) continue;
          pieces[other] = piece;
          queue[end++] = other;
        }
      }
    }
  }
  return end;
}
