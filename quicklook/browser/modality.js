// Which modality a file holds, from the names that the BraTS releases give. The server knows many
// more; here a name is one of these or nothing.

import { ON_THE_SERVER, Refused } from "./refused.js";

export const ORDER = ["t1", "t1c", "t2", "flair"];

const ENDINGS = {
  t1: ["t1", "t1n"],
  t1c: ["t1ce", "t1c", "t1gd"],
  t2: ["t2", "t2w"],
  flair: ["flair", "t2f"],
};
const OF_THE_SERVER =
  /\.(png|jpe?g|tiff?|npy|zip|tar|tgz|tar\.\w+|mha|mhd|nrrd|nhdr|mgz|mgh|hdr|img|dcm)$/i;
const TRUTH = ["seg", "truth", "mask", "label", "labels"];

// The files of a scan by modality. A truth among them is passed over: nothing is scored here.
export function byModality(files) {
  const found = new Map();
  for (const file of files) {
    if (OF_THE_SERVER.test(file.name)) {
      throw new Refused(
        `${file.name} is no NIfTI file; “On the server” reads other formats, pictures and zip files.`,
      );
    }
    const ending = endingOf(file.name);
    if (TRUTH.includes(ending)) continue;
    const modality = ORDER.find((name) => ENDINGS[name].includes(ending));
    if (!modality) {
      throw new Refused(
        `${file.name} does not state its modality; its name must end in t1, t1c, t2 or flair and .nii or .nii.gz.`,
      );
    }
    if (found.has(modality)) {
      throw new Refused(`${file.name} and ${found.get(modality).name} are the same modality; choose one.`);
    }
    found.set(modality, file);
  }
  if (!found.size) throw new Refused(`There is no image among these files; ${ON_THE_SERVER}`);
  return found;
}

function endingOf(name) {
  const [, ending] = /(?:^|[\W_])([a-z0-9]+)\.nii(?:\.gz)?$/i.exec(name) ?? [];
  return ending?.toLowerCase();
}
