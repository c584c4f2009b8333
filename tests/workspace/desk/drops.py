"""What a visitor could drop, made from a case on disk or drawn."""

import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from PIL import Image

from workspace.desk.arrival.uploads import take_in
from workspace.desk.desk import Desk


@dataclass
class Upload:
    name: str
    content: bytes

    def getvalue(self):
        return self.content


def uploads(folder, pattern="*"):
    return [Upload(file.name, file.read_bytes()) for file in sorted(folder.glob(pattern))]


def laid(*dropped):
    on = Desk()
    take_in(on, list(dropped))
    return on


def roles(on):
    return [row.role for row in on.rows]


def picture(pixels, kind="PNG"):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind)
    return stream.getvalue()


def disc(bright=200, side=64):
    """A grey disc before black: a head, as far as a guard can tell."""
    y, x = np.mgrid[:side, :side] - side / 2
    return np.where(x**2 + y**2 < (side / 3) ** 2, bright + x / 2, 0).astype(np.uint8)


def four_volumes(folder):
    images = [nib.load(next(folder.glob(f"*_{end}.*"))) for end in ("t2", "flair", "t1", "t1ce")]
    data = np.stack([np.asarray(image.dataobj) for image in images], -1)
    return nib.Nifti1Image(data, images[0].affine).to_bytes()


def zipped(folder, tmp_path, name="scan"):
    archive = Path(shutil.make_archive(str(tmp_path / name), "zip", folder))
    return Upload(archive.name, archive.read_bytes())


def coarse(folder, ending):
    image = nib.load(next(folder.glob(f"*_{ending}.*")))
    data = np.asarray(image.dataobj)[::2, ::2]
    halved = nib.Nifti1Image(data, image.affine @ np.diag([2, 2, 1, 1]))
    return Upload(f"coarse_{ending}.nii", halved.to_bytes())
