import json
from dataclasses import replace

from report.tables import to_json
from tests.report.test_pdf import read


def names_of(record, label_maps):
    return [each.name for each in record.findings if any(each.labels is one for one in label_maps)]


def test_the_slice_of_the_truth_is_shown_as_on_the_compare_page(record):
    assert names_of(record, record.leading) == ["truth"]


def test_without_a_truth_the_models_are_asked_and_not_their_mean_besides(record):
    untold = replace(record, findings=record.segmented)
    assert names_of(untold, untold.leading) == ["unet", "resnet_unet", "transunet"]
    alone = replace(record, findings=record.segmented[-1:])
    assert names_of(alone, alone.leading) == ["consensus"]


def test_a_core_whose_size_is_an_estimate_is_said_to_be_one_wherever_the_record_goes(
    without_enhancement, tmp_path
):
    remark = without_enhancement.remark
    assert remark.startswith("U-Net, ResNet34 U-Net, TransUNet, Consensus: hardly any of this")
    assert remark in json.loads(to_json(without_enhancement))["notes"]
    assert "its size for an estimate" in " ".join(read(without_enhancement, tmp_path))


def test_of_a_tumour_that_enhances_nothing_is_said(record):
    assert record.remark is None
    assert record.notes == record.case.notes
