"""README and docs report the figures that the commands of the repository print."""

import json
import re

import numpy as np
import pytest

from benchmarks.processors import format_processors
from tests.conftest import ROOT
from tests.docs.pages import results_of, text_of, words_of
from training.brain_mask.evaluate import format_results as format_mask_results
from training.experiments.appearance import HELD_BACK, format_appearance
from training.experiments.leak import format_leak
from training.experiments.paired_recipes import format_judged, interval_cell
from training.hospital.evaluate import format_hospital
from training.hospital.lgg import format_lgg
from training.scoring.evaluate import format_details, format_pixels, format_results
from training.scoring.protocols import format_protocols
from training.scoring.summary import bootstrap_interval
from training.scoring.verdict import format_verdicts
from workspace.benchmark.learners import judged_learners
from workspace.benchmark.widths import judged_widths

TITLES = {"unet": "U-Net", "resnet_unet": "ResNet34 U-Net", "transunet": "TransUNet"}


@pytest.mark.parametrize("split", ["test", "val"])
def test_tables_are_those_of_the_results(split):
    results = results_of(split)
    assert results["split"] == split
    assert format_results(results) in text_of("docs/results")


def test_the_table_of_the_readme_is_that_of_all_test_patients():
    heading, line, *rows = format_results(results_of("test")).splitlines()
    together = [row for row in rows if " all |" in row]
    assert len(together) == 4
    assert "\n".join([heading, line, *together]) + "\n\n" in text_of("README")


def test_other_measures_are_those_of_the_test_patients():
    assert format_details(results_of("test")) in text_of("docs/results")


@pytest.mark.parametrize("split", ["test", "val"])
def test_the_results_are_those_of_the_weights(split):
    models = results_of(split)["models"]
    for name in ("unet", "resnet_unet", "transunet"):
        assert models[name]["weights"] == _checksum(name)


@pytest.mark.parametrize("name", ["edge_unet", "flair_unet", "vgg16_unet"])
def test_further_models_are_reported_as_they_were_scored(name):
    for split in ("test", "val"):
        results = results_of(f"{name}_{split}")
        assert results["models"][name]["weights"] == _checksum(name)
        assert results["arithmetic"] in words_of("docs/results", "Further models")
        if split == "test":
            assert format_results(results) in text_of("docs/results")
            assert format_pixels(results) in text_of("docs/results")


def test_vgg16_unet_is_told_beside_what_others_claim():
    before_and_after = words_of("docs/results", "Further models")
    found = results_of("vgg16_unet_test")["models"]["vgg16_unet"]
    scores, slices = found["summary"]["all"], found["pixels"]["over_tumour_slices"]["wt"]
    patient, (low, high) = scores["dice"]["wt"]["mean"], scores["dice"]["wt"]["interval"]
    false = 100 * scores["false_positive_rate"]["mean"]
    assert (
        f"reaches {patient:.3f} [{low:.3f}, {high:.3f}] a patient, {slices['slice_dice']:.3f} and "
        f"{slices['slice_iou']:.3f} on tumour slices, and draws tumour on {false:.1f} % of"
    ) in before_and_after
    assert f"has {patient:.3f} [{low:.3f}, {high:.3f}] on its own ten test" in words_of("README")
    validation = results_of("vgg16_unet_val")["models"]["vgg16_unet"]["summary"]["all"]
    assert f"where these have {validation['dice']['wt']['mean']:.3f}" in before_and_after


def test_how_narrow_the_interval_of_few_patients_is_reported_as_simulated():
    """How often the interval of normal scores contains their true mean."""
    percents = re.search(
        r"(\d+) times in 100 with 6 patients, (\d+) with 4 and (\d+) with 3",
        words_of("docs/results"),
    ).groups()
    random = np.random.default_rng(1)
    for patients, percent in zip((6, 4, 3), percents, strict=True):
        intervals = [bootstrap_interval(random.normal(size=patients)) for _ in range(400)]
        held = np.mean([low <= 0 <= high for low, high in intervals])
        assert 100 * held == pytest.approx(int(percent), abs=4)


def test_what_the_other_planes_give_is_reported_as_it_was_scored():
    section = words_of("docs/experiments", "Three planes")
    axial, planes = (results_of(name) for name in ("drawing", "planes"))
    assert axial["steps"] == planes["steps"]
    assert axial["patients"].keys() == planes["patients"].keys()
    for group, counted in (("HGG", "25 of high grade"), ("LGG", "7 of low grade")):
        before, after = (_drawn(results, group) for results in (axial, planes))
        assert f"{counted} {before} from axial slices and {after} from all planes" in section


def _drawn(results, group):
    [row] = [row for row in results["rows"] if (row["name"], row["group"]) == ("drawn", group)]
    return _three(row["dice"])


def test_ways_of_drawing_are_reported_as_they_were_scored():
    results = results_of("drawing")
    rows = {(row["name"], row["group"]): row for row in results["rows"]}
    section = words_of("docs/experiments", "Drawing rule")
    for group, counted in (("LGG", "7 of low grade"), ("HGG", "25 of high grade")):
        plain, drawn = (_three(rows[name, group]["dice"]) for name in ("no_specks", "drawn"))
        assert str(rows["drawn", group]["patients"]) == counted.split()[0]
        assert f"{counted} {plain} at one half and {drawn} as drawn" in section
    drawn, smaller = (_three(rows[name, "all"]["lesion_dice"]) for name in ("drawn", "speck_0.03"))
    assert f"all 32 have {drawn} as drawn, and {smaller} where specks are pieces below 3 %" in (
        section
    )
    case = results["patients"]["BraTS2021_01485"]["dice"]
    plain, drawn = (f"{case[name]['tc']:.2f}".lstrip("0") for name in ("no_specks", "drawn"))
    assert f"its core's Dice falls from {plain} to {drawn}" in section


def _three(dice):
    return "/".join(f"{dice[region]:.3f}".lstrip("0") for region in ("wt", "tc", "et"))


@pytest.mark.parametrize(
    ("page", "name", "table"),
    [
        ("docs/experiments", "cross_validation", format_results),
        ("docs/experiments", "protocols", format_protocols),
        ("docs/experiments", "leak", format_leak),
        ("docs/single-images", "verdict", format_verdicts),
    ],
)
def test_tables_of_experiments_are_those_that_were_measured(page, name, table):
    assert table(results_of(name)) in text_of(page)


def test_what_is_worth_learning_from_is_told_as_folds_judged_it():
    page = text_of("docs/experiments")
    judged = judged_learners()
    assert {results["scored"] for results in judged} > {"as they are", "slices of 5 mm"}
    assert format_judged(judged) in page
    for base in ("whole", "whole_thick", "whole_weak"):
        assert format_results(results_of(f"learners/{base}")) in page
    keys = ("folds", "steps", "batch", "arithmetic")
    one = {(*map(each.get, keys), each["machine"].split(" of ")[1]) for each in judged}
    assert len(one) == 1, "the Benchmark page says it once for all"


def test_how_wide_a_network_has_to_be_is_told_as_folds_judged_it():
    page = text_of("docs/experiments")
    judged = judged_widths()
    assert {next(iter(each["models"])) for each in judged} == {"unet", "resnet_unet"}
    assert format_judged(judged) in page
    for base in ("unet", "unet_long", "resnet_unet"):
        assert format_results(results_of(f"widths/{base}")) in page
    keys = ("folds", "batch", "arithmetic", "machine")
    assert len({tuple(map(each.get, keys)) for each in judged}) == 1, "the page says it once"


def test_what_helped_is_reported_as_it_was_scored():
    rows = results_of("ablation")["rows"]
    core = {(row["name"], row["drawing"], row["group"]): row["dice"]["tc"] for row in rows}
    half = "at one half"
    found = [
        core["recipe", half, "all"],
        core["recipe", "drawn", "all"],
        core["recipe", half, "LGG"],
        core["recipe", "drawn", "LGG"],
        core["recipe", "drawn", "all"],
        core["small_window", "drawn", "all"],
        core["strong", "drawn", "LGG"],
        core["no_enhancement", "drawn", "LGG"],
        core["one_slice", "drawn", "all"],
    ]
    section = words_of("docs/experiments", "Ablation")
    assert re.findall(r"\.\d{3}", section) == [f"{dice:.3f}".lstrip("0") for dice in found]


def test_what_int8_costs_is_reported_as_it_was_scored():
    for split, words in (("test", "on the test patients"), ("val", "on those of validation")):
        float_, int8 = (results_of(name)["models"] for name in (f"float_{split}", split))
        moved = [
            int8[name]["summary"]["all"]["dice"][region]["mean"]
            - float_[name]["summary"]["all"]["dice"][region]["mean"]
            for name in int8
            for region in ("wt", "tc", "et")
        ]
        low, high = (
            f"{each:+.3f}".replace("0.", ".").replace("-", "−") for each in (min(moved), max(moved))
        )
        assert f"by {low} to {high} {words}" in words_of("docs/speed", "What int8 costs")


@pytest.mark.parametrize("name", ["unet", "resnet_unet"])
def test_what_int8_costs_in_folds_is_reported_as_it_was_scored(name):
    results = results_of(f"int8_folds/{name}")
    assert results["arithmetic"] == "int8"
    gained = results["difference"]["all"]
    assert gained["patients"] == 35
    cells = [interval_cell(gained["dice"][region]) for region in ("wt", "tc", "et")]
    assert f"| {' | '.join([TITLES[name], *cells])} |" in text_of("docs/speed")


def test_speed_is_reported_as_it_was_measured():
    models = results_of("speed")["models"]
    for name, title in TITLES.items():
        found = models[name]
        seconds = found["seconds"]["total"]["median"]
        measured = f"{title} {seconds:.1f} s against {found['plain_seconds']:.1f} s"
        ratio = f"({found['ratio_to_plain']:.1f} times"
        assert f"{measured} {ratio}" in words_of("docs/speed", "One case")
        limit, parts = found["arithmetic_limit"], found["seconds"]
        row = [f"{limit['multiply_adds'] / 1e9:.0f}", f"{limit['seconds']:.2f}"]
        row += [f"{parts['predict']['median']:.2f}", f"{limit['share']:.0%}".replace("%", " %")]
        row += [f"{parts['read']['median']:.2f}"]
        assert f"| {title} | {' | '.join(row)} |" in text_of("docs/speed")


def test_speed_without_avx_512_is_reported_as_it_was_measured():
    section = words_of("docs/speed", "A processor without AVX-512")
    forms = [results_of("speed_avx2"), results_of("speed_avx2_float")]
    assert [found["arithmetic"] for found in forms] == ["int8", "float32"]
    assert all(found["features"] == ["AVX2"] for found in forms)
    assert f"on {forms[0]['machine']}, which has AVX2 and nothing beyond" in section
    for name, title in TITLES.items():
        cells = []
        for found in (results["models"][name] for results in forms):
            seconds = found["seconds"]
            cells += [seconds["total"]["median"], found["ratio_to_plain"]]
            cells += [seconds["predict"]["median"]]
        assert f"| {title} | {' | '.join(f'{each:.1f}' for each in cells)} |" in section
    shares = [found["arithmetic_limit"]["share"] for found in forms[1]["models"].values()]
    assert min(shares) > 1  # predicting takes no longer than its multiply-adds


def test_answers_without_avx_512_are_reported_as_they_were_scored():
    here, there = results_of("test")["models"], results_of("test_avx2")["models"]
    apart = [
        [
            there[name]["patients"][patient]["dice"][region] - found["dice"][region]
            for patient, found in here[name]["patients"].items()
        ]
        for name in here
        for region in ("wt", "tc", "et")
    ]
    means = max(abs(np.mean(each)) for each in apart)
    most = max(abs(each) for some in apart for each in some)
    section = words_of("docs/speed", "A processor without AVX-512")
    assert f"further than {means:.4f} from".replace(" 0.", " .") in section
    assert f"no patient's further than {most:.4f}.".replace(" 0.", " .") in section


def test_what_a_visitor_waits_for_without_avx_512_is_reported_as_it_was_measured():
    measured = results_of("app_avx2")
    start, first, every, again = (found["median"] for found in measured["seconds"].values())
    memory = [measured["rss_mb"][when]["median"] for when in ("warm", "case", "peak")]
    section = words_of("docs/speed", "A processor without AVX-512")
    assert f"medians of {measured['repeats']}" in section
    assert f"{start:.1f} s from the command to a page that can be used" in section
    assert f"{first:.1f} s to the first overlay, {every:.1f} s to those of all three" in section
    assert f"{again:.1f} s for another visitor with the same case" in section
    warm, case, peak = memory
    assert (
        f"{warm:.0f} MB with the models loaded, {case:.0f} MB with a case, at most {peak:.0f} MB"
    ) in section


def test_answers_without_vnni_are_as_far_from_those_with_it_as_was_measured():
    results = results_of("processors_avx2")
    section = words_of("docs/speed", "A processor without AVX-512")
    assert format_processors(results) in text_of("docs/speed")
    assert f"the sample and {len(results['cases']) - 1} patients" in section
    forms = [form for model in results["models"].values() for form in model.values()]
    most = max(100 * each["differs"]["max"] for form in forms for each in form.values() if each)
    assert f"At most {most:.3f} % of a head's voxels".replace(" 0.", " .") in section


def test_other_processors_are_reported_as_they_were_measured():
    results, section = results_of("processors"), words_of("docs/speed", "Other processors")
    assert format_processors(results) in text_of("docs/speed")
    assert f"On {results['machine']} (" in section
    assert f"the sample and {len(results['cases']) - 1} patients" in section
    forms = [form for model in results["models"].values() for form in model.values()]
    most = max(100 * each["differs"]["max"] for form in forms for each in form.values() if each)
    assert f"At most {most:.3f} % of a head's voxels".replace(" 0.", " .") in section


def test_what_a_visitor_waits_for_is_reported_as_it_was_measured():
    measured = results_of("app")
    start, first, every, again = (found["median"] for found in measured["seconds"].values())
    warm, peak = (measured["rss_mb"][when]["median"] for when in ("warm", "peak"))
    section = words_of("docs/speed", "The app")
    machine = measured["machine"]
    assert f"Medians of {measured['repeats']} on {machine}:" in section
    assert f"{start:.1f} s from the command to a page that can be used" in section
    assert f"{first:.1f} s from a click on the sample to the first overlay" in section
    assert f"{every:.1f} s to those of all three models" in section
    assert f"another visitor with the same case has them after {again:.1f} s" in section
    sent = measured["sent_mb"]["sent"]["median"]
    assert (
        f"{warm:.0f} MB with the models loaded and at most {peak:.0f} MB, and sends {sent:.1f} MB"
    ) in section


def test_the_exported_model_is_reported_as_it_was_measured():
    section = words_of("docs/quick-look", "The ONNX file")
    measured = results_of("edge_unet_onnx")
    size = (ROOT / "assets" / "weights" / "edge_unet" / "model.onnx").stat().st_size
    assert measured["bytes"] == size
    assert f"({size:,} bytes for this one)" in section
    assert measured["weights"] == _checksum("edge_unet")


def _checksum(name):
    config = ROOT / "assets" / "weights" / name / "config.json"
    return json.loads(config.read_text())["sha256"]


def test_the_tables_of_hospital_scans_are_those_of_their_commands():
    page = text_of("docs/hospital-scans")
    results = results_of("hospital")
    assert format_hospital(results) in page
    errors = [mm for each in results["patients"].values() for mm in each["error_mm"].values()]
    mean, most = sum(errors) / len(errors), max(errors)
    assert f"found to {mean:.1f} mm in the mean and {most:.1f} mm at most" in page
    assert format_mask_results(results_of("brain_mask")) in page


def test_the_tables_of_heads_with_the_skull_on_are_those_of_their_command():
    page = text_of("docs/hospital-scans")
    results, harder = results_of("hospital_lgg"), results_of("hospital_lgg_val")
    assert format_lgg(results) in page
    assert (len(results["patients"]), len(results["left_out"])) == (9, 1)
    assert f"reaches {_of_consensus(harder, 'prepared')} on them" in words_of("docs/hospital-scans")
    assert len(harder["patients"]) == 6
    raw, prepared = (_of_consensus(results, step) for step in ("raw", "prepared"))
    assert f"a WT Dice of {prepared}; on those slices as they are, {raw}." in words_of("README")


def _of_consensus(results, step):
    scored = results["summary"][step]["consensus"]
    low, high = scored["interval"]
    return f"{scored['mean']:.3f} [{low:.3f}, {high:.3f}]"


def test_the_table_of_the_check_by_the_picture_is_that_of_its_command():
    results = results_of("appearance")
    assert format_appearance(results) in text_of("docs/hospital-scans")
    assert results["patients"][HELD_BACK] == 10
