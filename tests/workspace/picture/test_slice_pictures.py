import numpy as np

from report.drawing.images import Images
from report.drawing.planes import PLANES
from workspace.picture.slice_pictures import CIVIDIS, CORRECT, EXTRA, MISSED, SlicePictures
from workspace.picture.slice_scores import areas


def test_pictures_lie_on_one_another(case, opened):
    images = Images(opened.case, opened.prepared)
    index = int(np.argmax(areas(case.truth, "wt")))
    width = images.greys("flair", PLANES["axial"], index).shape[1]
    pictures = SlicePictures(images, "flair", index, width=width, letters=False)
    drawn, true = np.roll(case.truth, 2, axis=0) > 0, case.truth > 0
    probability = drawn[opened.prepared.box].astype(np.float16)
    mask, errors = np.array(pictures.mask(drawn)), np.array(pictures.errors(drawn, true))
    heat = np.array(pictures.probability(probability))
    assert mask.shape == errors.shape == heat.shape == np.array(pictures.image).shape
    hottest = np.array(tuple(bytes.fromhex(CIVIDIS[-1][1:])))
    in_head = heat.any(axis=2)
    np.testing.assert_array_equal((heat == hottest).all(axis=2), mask.all(axis=2) & in_head)
    flat = [images.labels(each, PLANES["axial"], index) for each in (drawn, true)]
    grey = np.array(pictures.image).astype(float)
    wanted = {CORRECT: flat[0] & flat[1], EXTRA: flat[0] & ~flat[1], MISSED: flat[1] & ~flat[0]}
    for colour, where in wanted.items():
        assert where.any()
        mixed = 0.75 * np.array(tuple(bytes.fromhex(colour[1:]))) + 0.25 * grey[where]
        np.testing.assert_allclose(errors[where], mixed, atol=2)


def test_the_image_and_what_lies_over_it_say_which_side_is_which(case, opened):
    images = Images(opened.case, opened.prepared)
    true = case.truth > 0
    for letters in (True, False):
        pictures = SlicePictures(images, "flair", 0, letters=letters)
        for picture in (pictures.image, pictures.overlay(case.truth), pictures.errors(true, true)):
            middle = np.array(picture)[picture.height // 2 - 12 : picture.height // 2 + 12]
            edges = middle[:, :24], middle[:, -24:]
            assert [bool((edge > 200).all(axis=2).any()) for edge in edges] == [letters] * 2
        assert not np.array(pictures.mask(true & False)).any(), "a mask is the mask"
