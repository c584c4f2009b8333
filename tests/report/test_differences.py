import numpy as np

from report.differences import Scale, difference_sentences

TITLES = {"a": "Alpha", "b": "Beta", "c": "Gamma"}
SHAPE = (60, 60, 30)
# 8 mm³ a voxel; the head's middle is at 29.5, so indices above it are the patient's right.
SCALE = Scale(voxel_ml=0.008, middle=29.5)


def tumour():
    labels = np.zeros(SHAPE, np.uint8)
    labels[35:45, 20:40, 10:20] = 2  # 2000 voxels, 16 ml, on the right
    labels[38:42, 28:32, 13:17] = 3
    return labels


def said(mine, *, others=None, scale=SCALE):
    others = others or (tumour(), tumour())
    maps = {"a": mine} | dict(zip("bc", others, strict=False))
    return difference_sentences(maps, TITLES, scale)["a"]


def test_more_oedema_is_told_with_its_amount_and_place():
    mine = tumour()
    mine[35:45, 20:40, 20:22] = 2  # 400 voxels more, 3.2 ml, at the upper end, on the right
    text = said(mine)
    assert (
        "Alpha draws 19.2 ml of tumour, 3.2 ml (20 %) more than the other two on average." in text
    )
    assert "in the oedema: 3.2 ml (21 %) more, mostly in the upper part" in text
    assert "on the right" in text
    assert "left" not in text


def test_less_on_the_left_at_the_lower_front():
    full = tumour()[::-1]  # mirrored: now on the patient's left
    mine = full.copy()
    mine[:, 35:, :13] = 0
    text = said(mine, others=(full, full))
    assert "less than the other two" in text
    assert "in the lower front part of the tumour, on the left" in text


def test_a_part_that_is_missing_and_a_part_that_only_one_finds():
    mine = tumour()
    mine[mine == 3] = 2
    assert "It finds no enhancing tumour, where they find 0.5 ml" in said(mine)
    mine = tumour()
    mine[36:40, 22:26, 11:16] = 1
    assert "It alone finds necrotic core: 0.6 ml" in said(mine)


def test_alike_is_said_to_be_alike():
    text = said(tumour())
    assert "as much as the other two on average" in text
    assert "Its parts are as large as theirs." in text


def test_alike_in_size_but_elsewhere_is_told():
    text = said(np.roll(tumour(), -25, axis=1))
    assert "as much as" in text
    assert "elsewhere" in text


def test_nothing_found():
    nothing = np.zeros(SHAPE, np.uint8)
    assert said(nothing) == "Alpha finds no tumour; the other two find 16.0 ml on average."
    assert said(nothing, others=(nothing, nothing)) == "Alpha finds no tumour, like the other two."
    assert "where the other two find none" in said(tumour(), others=(nothing, nothing))


def test_two_models_and_pixels_of_unknown_size():
    flat = tumour()[:, :, 14:15]
    mine = flat.copy()
    mine[33:35, 20:40] = 2
    text = said(mine, others=(flat,), scale=Scale(None, 29.5, flat=True))
    assert "Alpha draws 240 pixels of tumour, 40 pixels (20 %) more than the other model." in text
    assert "upper" not in text
    assert "ml" not in text


def test_one_model_differs_from_nothing():
    assert difference_sentences({"a": tumour()}, TITLES, SCALE) == {}
