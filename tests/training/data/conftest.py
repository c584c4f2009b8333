from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def picture_folder(tmp_path) -> Path:
    """Two patients in the layout of the public set of lower-grade gliomas."""
    random = np.random.default_rng(0)
    for name in ("TCGA_A", "TCGA_B"):
        (tmp_path / name).mkdir()
        for number in range(1, 12):  # 10 and 11 come after 9, not after 1
            pixels = np.zeros((64, 64, 3), np.uint8)
            pixels[8:56, 8:56] = random.integers(40, 200, (48, 48, 3))
            mask = np.zeros((64, 64), np.uint8)
            mask[20 : 20 + number, 20:30] = 255 * (number > 3)
            Image.fromarray(pixels).save(tmp_path / name / f"{name}_{number}.tif")
            Image.fromarray(mask).save(tmp_path / name / f"{name}_{number}_mask.tif")
    rows = ["patient,split,slices", "TCGA_A,train,11", "TCGA_B,val,11"]
    (tmp_path / "patients.csv").write_text("\n".join(rows) + "\n")
    return tmp_path
