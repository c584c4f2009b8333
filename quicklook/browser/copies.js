// One image given as two modalities, as inference/io/duplicate_images.py has it.

// Which of the two an image is.
const LIKELIEST = ["flair", "t1c", "t2", "t1"];

// Takes every image out of the map that is that of another modality, voxel by voxel, and says which.
export function leaveOutCopies(images) {
  const copies = [];
  for (const kept of LIKELIEST) {
    for (const copy of LIKELIEST.slice(LIKELIEST.indexOf(kept) + 1)) {
      if (images.has(kept) && images.has(copy) && isSame(images.get(kept), images.get(copy))) {
        images.delete(copy);
        copies.push({ copy, kept });
      }
    }
  }
  return copies;
}

function isSame({ voxels: one }, { voxels: other }) {
  return one.every((value, index) => value === other[index]);
}
