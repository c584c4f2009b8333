from tests.synthetic.study.conftest import datasets


def test_the_report_is_text_without_pixels(plain):
    (data,) = datasets(plain, 99)
    assert data.Modality == "SR"
    assert "PixelData" not in data
    assert "made up" in data.ContentSequence[0].TextValue
