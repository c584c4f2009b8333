import numpy as np
import pytest
from PIL import Image

from training.brain_mask.data.lgg import patients_of, read_head


@pytest.fixture
def lgg(tmp_path):
    """Two patients of three slices: bright in front, on the left of the picture, and above."""
    for name in ("A", "B"):
        (tmp_path / name).mkdir()
        for number in (1, 2, 3):
            picture = np.zeros((256, 256, 3), np.uint8)
            picture[:60, :40] = 50 * number
            picture[..., 1] += 7
            Image.fromarray(picture).save(tmp_path / name / f"{name}_{number}.tif")
            mask = Image.fromarray(picture[..., 0])
            mask.save(tmp_path / name / f"{name}_{number}_mask.tif")
    rows = "patient,split\nA,train\nB,train\nC,test\n"
    (tmp_path / "patients.csv").write_text(rows)
    (tmp_path / "allowed.csv").write_text("patient,may_train_brats\nA,yes\nB,no\n")
    return tmp_path


def test_who_may_not_train_does_not(lgg):
    assert patients_of(lgg, "train", lgg / "allowed.csv") == ["A"]
    assert patients_of(lgg, "train") == ["A", "B"]
    assert patients_of(lgg, "test") == ["C"]


def test_the_picture_is_turned_to_right_front_and_up(lgg):
    head = read_head(lgg, "A", "train")
    assert head.channels.shape == (3, 256, 256, 3)
    t1 = head.channels[0]
    assert t1[-1, -1].tolist() == [50, 100, 150]  # the left of a picture is the patient's right
    assert not t1[0, 0].any()


def test_a_copy_of_flair_counts_once(lgg):
    """Here T1 and T1c are FLAIR but for 7 grey values, more than noise, so all are real."""
    head = read_head(lgg, "A", "train")
    assert head.real_channels == [0, 1, 2]
    copied = head.channels.copy()
    copied[2] = copied[1]
    assert type(head)("A", "train", copied, head.spacing).real_channels == [0, 1]
