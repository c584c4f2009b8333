"""A record of a small synthetic case whose models are the truth, moved a little."""

from dataclasses import replace
from datetime import UTC, datetime

import nibabel as nib
import numpy as np
import pytest

from common.colours import PANEL_COLOURS
from common.labels import labels_to_regions
from common.vocabulary import REGIONS
from inference.analysis.uncertainty import agreement
from inference.case_report import total_seconds
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation, consensus, label_map
from model_zoo.weights.folder import GRAPH, INTEGERS
from model_zoo.weights.provenance import Provenance
from report.agreement import Agreed
from report.differences import Scale, difference_sentences
from report.drawing.images import Images
from report.measures import measure
from report.record import Finding, Record
from workspace.jobs.segmentation import PANEL_NAMES

SHIFTS = {"unet": (2, 0, 0), "resnet_unet": (0, 1, 0), "transunet": (0, 0, 1)}
# What ran is this one's int8 form; of the others it is the tensors themselves.
WEIGHTS = {
    "unet": Provenance(
        "embedded",
        "2026-11-01",
        "a" * 64,
        precision="int8",
        int8_sha256={GRAPH: "b" * 64, INTEGERS: "c" * 64},
    )
}
READ_SECONDS = 0.2
NAME = "Łukasz 李明 (first scan)"


def segmentation_of(name, labels, box, shape):
    """What a model would say that draws these labels."""
    inside = labels_to_regions(labels)[(slice(None), *box)]
    probabilities = (0.1 + 0.8 * inside).astype(np.float16)
    weights = WEIGHTS.get(name, Provenance("embedded", "2026-11-01", f"{name:x<12}" + "0" * 52))
    seconds = {"preprocess": 0.1, "predict": 1.0, "postprocess": 0.1}
    drawn = label_map(probabilities, box, shape)
    return Segmentation(name, drawn, probabilities, box, seconds, weights)


def finding_of(name, labels, case, segmentation=None):
    measures = measure(labels, case, against_truth=name != "truth")
    seconds = total_seconds(segmentation, READ_SECONDS) if segmentation else None
    title, colour = PANEL_NAMES[name], PANEL_COLOURS[name]
    return Finding(name, title, colour, labels, measures, segmentation, seconds)


def record_of(case, prepared):
    segmentations = {
        name: segmentation_of(name, np.roll(case.truth, shift, (0, 1, 2)), prepared.box, case.shape)
        for name, shift in SHIFTS.items()
    }
    images = Images(case, prepared)
    scale = Scale(case.voxel_volume_ml, images.middle_x)
    maps = {name: each.labels for name, each in segmentations.items()}
    differences = difference_sentences(maps, PANEL_NAMES, scale)
    segmentations["consensus"] = consensus(list(segmentations.values()))
    findings = [finding_of(name, each.labels, case, each) for name, each in segmentations.items()]
    findings.insert(0, finding_of("truth", case.truth, case))
    made = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    return Record(case.without_voxels(), images, tuple(findings), differences, READ_SECONDS, made)


@pytest.fixture(scope="session")
def read_small_case(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


@pytest.fixture(scope="session")
def record(read_small_case):
    return record_of(replace(read_small_case, name=NAME), prepare(read_small_case))


@pytest.fixture(scope="session")
def fallen_back(record):
    """A record whose weights are not from where they should be."""
    note = "The embedded weights are used instead of the pinned ones: no network."
    weights = replace(WEIGHTS["unet"], note=note)
    return replace(
        record,
        findings=tuple(
            replace(each, segmentation=replace(each.segmentation, weights=weights))
            if each.name == "unet"
            else each
            for each in record.findings
        ),
    )


@pytest.fixture(scope="session")
def agreed(record):
    """A record of which the uncertainty page has compared the readings."""
    maps = {each.name: each.labels for each in record.segmented if each.name in SHIFTS}
    found = Agreed(
        ("All three readings put the whole tumour at 38 ml.", "They draw the same <b>."),
        {name: PANEL_NAMES[name] for name in maps},
        {region: agreement(maps, region) for region in REGIONS},
    )
    return replace(record, agreed=found)


@pytest.fixture(scope="session")
def without_enhancement(read_small_case):
    """A record of a tumour in which nothing enhances; its core is drawn by its usual share."""
    truth = read_small_case.truth
    return record_of(
        replace(read_small_case, truth=np.where(truth == 3, 2, truth)), prepare(read_small_case)
    )


@pytest.fixture(scope="session")
def of_one_mask(read_small_case):
    """A record whose truth is one mask: all of it oedema, and it speaks of the whole tumour."""
    record = record_of(read_small_case, prepare(read_small_case))
    mask = np.where(read_small_case.truth > 0, 2, 0).astype(np.uint8)
    case = replace(record.case, truth=mask, truth_regions=("wt",))
    models = [finding_of(f.name, f.labels, case, f.segmentation) for f in record.segmented]
    return replace(record, case=case, findings=(finding_of("truth", mask, case), *models))


@pytest.fixture(scope="session")
def one_slice(read_small_case):
    """A case of one slice whose voxel size is not known, as a picture is read."""
    case = read_small_case
    cut = slice(15, 16)
    flat = nib.Nifti1Image(np.zeros((*case.shape[:2], 1), np.uint8), np.diag([-1, -1, 1, 1]))
    case = replace(
        case,
        name="one slice",
        volume=case.volume[..., cut],
        truth=case.truth[..., cut],
        grid=type(case.grid).of(flat),
        voxel_size_known=False,
    )
    return record_of(case, prepare(case))
