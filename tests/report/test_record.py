from dataclasses import replace


def names_of(record, label_maps):
    return [each.name for each in record.findings if any(each.labels is one for one in label_maps)]


def test_the_slice_of_the_truth_is_shown_as_on_the_compare_page(record):
    assert names_of(record, record.leading) == ["truth"]


def test_without_a_truth_the_models_are_asked_and_not_their_mean_besides(record):
    untold = replace(record, findings=record.segmented)
    assert names_of(untold, untold.leading) == ["unet", "resnet_unet", "transunet"]
    alone = replace(record, findings=record.segmented[-1:])
    assert names_of(alone, alone.leading) == ["consensus"]
