import csv
import io
import json
from dataclasses import replace

import pytest

from common.vocabulary import REGIONS
from model_zoo.weights.folder import GRAPH, INTEGERS
from report import DISCLAIMER
from report.record import file_stem
from report.tables import AGREEMENT, SECONDS, to_csv, to_json


def rows(record):
    return list(csv.DictReader(io.StringIO(to_csv(record).decode("utf-8-sig"))))


def test_the_csv_reads_back_to_the_figures(record):
    found = {(row["model"], row["region"]): row for row in rows(record)}
    assert len(found) == len(record.findings) * len(REGIONS)
    for finding in record.findings:
        for region in REGIONS:
            row, measures = found[finding.name, region], finding.measures
            assert float(row["volume_ml"]) == measures.volume_ml[region]
            assert int(row["voxels"]) == measures.voxels[region]
            assert float(row["longest_diameter_mm"]) == measures.diameters[region].longest_mm
            if finding.name == "truth":
                assert row["dice"] == row["hd95_mm"] == ""
            else:
                assert float(row["dice"]) == measures.dice[region]
                assert float(row["hd95_mm"]) == measures.hd95_mm[region]
            assert row["case"] == "Łukasz 李明 (first scan)"
            assert row["disclaimer"] == DISCLAIMER


def test_spreadsheets_find_the_letters_and_no_formula(record):
    assert to_csv(record).startswith(b"\xef\xbb\xbf")
    wicked = replace(record, case=replace(record.case, name='=HYPERLINK("x")'))
    assert {row["case"] for row in rows(wicked)} == {'\'=HYPERLINK("x")'}


def test_the_json_is_the_command_lines_with_more(record):
    told = json.loads(to_json(record))
    assert told["disclaimer"] == DISCLAIMER
    assert told["case"] == record.case.name
    assert set(told["models"]) == {"unet", "resnet_unet", "transunet", "consensus"}
    unet, finding = told["models"]["unet"], record.findings[1]
    assert unet["volume_ml"] == finding.measures.volume_ml
    assert unet["dice"] == finding.measures.dice
    assert unet["weights"]["sha256"] == finding.segmentation.weights.sha256
    assert unet["diameters"]["wt"]["longest_mm"] == finding.measures.diameters["wt"].longest_mm
    assert unet["difference"] == record.differences["unet"]
    assert told["truth"]["volume_ml"] == record.findings[0].measures.volume_ml
    assert told["scan"]["Orientation"] == record.case.grid.axis_codes


def test_without_a_size_there_are_pixels_and_no_millilitres(one_slice):
    told = json.loads(to_json(one_slice))
    assert told["models"]["unet"]["volume_ml"] is None
    assert told["models"]["unet"]["voxels"] == one_slice.findings[1].measures.voxels
    assert {row["volume_ml"] for row in rows(one_slice)} == {""}
    assert "NaN" not in to_json(one_slice)


def test_what_ran_is_named_and_not_only_what_it_was_made_of(record):
    [unet, *_] = (row for row in rows(record) if row["model"] == "unet")
    [resnet, *_] = (row for row in rows(record) if row["model"] == "resnet_unet")
    [consensus, *_] = (row for row in rows(record) if row["model"] == "consensus")
    assert (unet["weights_source"], unet["weights_revision"]) == ("embedded", "2026-11-01")
    assert (unet["weights_sha256"], unet["precision"]) == ("a" * 64, "int8")
    assert unet["int8_graph_sha256"] == "b" * 64
    assert unet["int8_integers_sha256"] == "c" * 64
    assert (resnet["precision"], resnet["int8_graph_sha256"]) == ("float", "")
    assert consensus["weights_sha256"] == consensus["precision"] == ""
    told = json.loads(to_json(record))["models"]
    assert told["unet"]["weights"]["int8_sha256"] == {GRAPH: "b" * 64, INTEGERS: "c" * 64}
    assert told["resnet_unet"]["weights"]["int8_sha256"] is None


def test_weights_from_elsewhere_are_told_of(fallen_back):
    note = "The embedded weights are used instead of the pinned ones: no network."
    told = json.loads(to_json(fallen_back))["models"]
    assert told["unet"]["weights"]["note"] == note
    notes = {row["model"]: row["weights_note"] for row in rows(fallen_back)}
    assert notes == {"truth": "", "unet": note} | dict.fromkeys(
        ("resnet_unet", "transunet", "consensus"), ""
    )


def test_seconds_stand_by_part(record):
    [unet, *_] = (row for row in rows(record) if row["model"] == "unet")
    parts = [float(unet[f"seconds_{part}"]) for part in SECONDS]
    assert parts == [*record.findings[1].seconds.values()]
    assert parts[-1] == pytest.approx(sum(parts[:-1]))


def test_how_far_the_readings_agree_is_told_where_it_was_asked_for(record, agreed):
    assert json.loads(to_json(record))[AGREEMENT] is None
    assert AGREEMENT not in {row["model"] for row in rows(record)}
    found = {row["region"]: row for row in rows(agreed) if row["model"] == AGREEMENT}
    told = json.loads(to_json(agreed))[AGREEMENT]
    assert told["sentences"] == list(agreed.agreed.sentences)
    assert told["readings"]["unet"] == "U-Net"
    for region in REGIONS:
        expected, row, figures = (
            agreed.agreed.regions[region],
            found[region],
            told["regions"][region],
        )
        disputed_ml = expected.disputed * agreed.case.voxel_volume_ml
        for each in (row, figures):
            assert int(each["drawn_by_all_voxels"]) == expected.by_all
            assert int(each["drawn_by_some_voxels"]) == expected.disputed > 0
            assert float(each["drawn_by_some_ml"]) == pytest.approx(disputed_ml)
            assert float(each["lowest_dice_of_two"]) == expected.least_dice
            assert float(each["mean_dice_of_two"]) == expected.mean_dice
        assert figures["drawn_voxels"] == expected.voxels
        assert row["disclaimer"] == DISCLAIMER


def test_of_what_one_mask_says_nothing_there_is_no_figure(of_one_mask):
    found = {(row["model"], row["region"]): row for row in rows(of_one_mask)}
    told = json.loads(to_json(of_one_mask))
    for region in ("tc", "et"):
        truth, unet = found["truth", region], found["unet", region]
        sizes = {"voxels", "volume_ml", "longest_diameter_mm", "perpendicular_mm"}
        assert {truth[name] for name in sizes} == {""}
        assert unet["dice"] == unet["hd95_mm"] == ""
        assert float(unet["volume_ml"]) > 0
        for name in ("voxels", "volume_ml", "diameters"):
            assert told["truth"][name][region] is None
        assert told["models"]["unet"]["dice"][region] is None
        assert told["models"]["unet"]["hd95_mm"][region] is None
    assert float(found["truth", "wt"]["volume_ml"]) == told["truth"]["volume_ml"]["wt"] > 0
    assert 0 < float(found["unet", "wt"]["dice"]) < 1
    assert "nan" not in to_csv(of_one_mask).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Łukasz 李明", "Łukasz_李明"),
        ("../../etc/passwd", "etc_passwd"),
        ("a b\tc:d*?", "a_b_c_d"),
        ("-rf", "rf"),
        ("...", "case"),
        ("", "case"),
    ],
)
def test_names_are_safe_in_every_file_system(name, stem):
    assert file_stem(name) == stem


@pytest.mark.parametrize("letter", ["a", "李"])
def test_long_names_fit(letter):
    stem = file_stem(letter * 400)
    assert 140 < len(stem.encode()) <= 150
