"""The options of ``python -m inference``."""

import argparse
from pathlib import Path

from common.vocabulary import MODALITIES
from inference.cli.one_line import OneLineParser, writable_file, writable_folder
from inference.io.format_names import FORMATS
from inference.io.truths.conventions import CONVENTIONS
from inference.preparation.modes import PREPARE
from model_zoo.registry import registry
from model_zoo.weights.folder import AUTO, PRECISION_HELP, PRECISIONS

ALL = "all"


def make_parser(description: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = OneLineParser(prog="python -m inference", description=description)
    parser.add_argument(
        "case",
        nargs="*",
        type=Path,
        help="folder in any BraTS naming or of a public data set, loose files (NIfTI, MetaImage, "
        "NRRD, FreeSurfer), one 4D file, the pictures (PNG, JPEG, TIFF) or the .npy of one slice, "
        "numbered pictures of all slices, a DICOM study, or a zip or tar of these",
    )
    add_networks(parser)
    parser.add_argument("--output", type=writable_folder, help="folder for the results")
    parser.add_argument("--json", type=writable_file, help="file for the numbers")
    _add_reading(parser)
    add_preparation(parser)
    _add_decisions(parser)
    add_formats(parser)
    _add_pseudonym(parser)
    _add_archive(parser)
    parser.add_argument(
        "--ray",
        metavar="local|HOST:PORT",
        help="spread several cases over a cluster of Ray, or over the cores of this machine",
    )
    return parser


def add_networks(parser: argparse.ArgumentParser) -> None:
    """Which models answer, and how exactly."""
    parser.add_argument("--model", choices=[*registry(), ALL], default=ALL)
    parser.add_argument("--precision", choices=PRECISIONS, default=AUTO, help=PRECISION_HELP)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--channels",
        type=_channels,
        metavar="ORDER",
        help="order of the volumes of a 4D NIfTI or .npy, such as flair,t1,t1c,t2 (default: "
        "t1,t1c,t2,flair), or of the colours of pictures (default: t1,flair,t1c); of slices in "
        "grey the one modality",
    )
    parser.add_argument(
        "--resample",
        action="store_true",
        help="resample files on other grids onto the truth's, else the T1c's, else the first's, "
        "by their headers alone",
    )
    parser.add_argument(
        "--register",
        action="store_true",
        help="resample, and align the images by what they show (a shift and a turn) to the T1c, "
        "else the first, of those on the grid of the truth if there is one",
    )
    parser.add_argument(
        "--truth-labels",
        choices=list(CONVENTIONS),
        help="what the numbers of the truth mean, where they are ambiguous",
    )


def add_preparation(parser: argparse.ArgumentParser) -> None:
    """Whether a scan is prepared, and what of that is written."""
    parser.add_argument(
        "--prepare",
        choices=PREPARE,
        default="auto",
        help="whether a scan is aligned, masked to the brain and resampled to 1 mm first; auto: "
        "where the skull is on or the images lie on grids of their own (default)",
    )
    parser.add_argument(
        "--onto",
        choices=[*MODALITIES, ALL],
        help="the image whose grid the answer lies on, where a scan was prepared (default: t1c)",
    )
    parser.add_argument(
        "--save-prepared",
        action="store_true",
        help="also write the aligned, masked images of 1 mm, named as BraTS names them",
    )


def _add_decisions(parser: argparse.ArgumentParser) -> None:
    """What cannot be told of a study."""
    parser.add_argument(
        "--study", metavar="UID|DATE", help="which exam, where a folder of DICOM holds several"
    )
    parser.add_argument(
        "--series",
        action="append",
        default=[],
        metavar="MODALITY=NUMBER|DESCRIPTION",
        help="which series of a DICOM study, or NIfTI file with JSON, is which, such as t1c=12; "
        "may be given several times",
    )
    parser.add_argument(
        "--brain-mask", type=Path, metavar="FILE", help="a brain mask in place of the one found"
    )


def add_formats(parser: argparse.ArgumentParser, *, default: str | None = None) -> None:
    """What is written of an answer."""
    usual = default or "nifti, and seg where the input was DICOM"
    parser.add_argument(
        "--formats",
        type=_formats,
        default=default,
        metavar="FORMAT,…",
        help=f"what is written, some of {','.join(FORMATS)}: label maps as NIfTI; DICOM "
        "segmentations of the parts of a tumour, and of its nested regions; contours for planning "
        "systems; measurements as a structured report; the report as PDF, in DICOM too where the "
        f"input was DICOM (default: {usual})",
    )


def _add_pseudonym(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-identifiers",
        action="store_true",
        help="DICOM objects name a pseudonym and have UIDs of their own; the image that they lie "
        "on is written beside",
    )


def _add_archive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="source_url",
        metavar="URL",
        help="fetch the study that --study names from a DICOMweb service, in place of a case",
    )
    parser.add_argument(
        "--send-to",
        metavar="AET@HOST:PORT|URL",
        help="send the DICOM files written to a DICOM node or a DICOMweb service",
    )


def _formats(text: str) -> tuple[str, ...]:
    asked = text.lower().split(",")
    if unknown := [each for each in asked if each not in FORMATS]:
        raise argparse.ArgumentTypeError(
            f"there is no format {unknown[0]!r}; write some of {','.join(FORMATS)}"
        )
    return tuple(each for each in FORMATS if each in asked)


def _channels(text: str) -> tuple[str, ...]:
    channels = tuple(text.lower().split(","))
    if not set(channels) <= set(MODALITIES) or len(set(channels)) != len(channels):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no order of volumes; write some of {','.join(MODALITIES)}, each once"
        )
    return channels
