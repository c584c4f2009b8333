// Round and round through what there is to choose.

export function after(items, item) {
  return items[(items.indexOf(item) + 1) % items.length];
}
