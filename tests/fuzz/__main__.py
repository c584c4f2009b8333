"""A coverage-guided run: ``python -m tests.fuzz nifti|dicom|picture|archive --seconds N``.

It ends with the first input that raises anything but a refusal, takes ten seconds or two gigabytes,
and leaves that input in the folder of its corpus.
"""

import argparse
import resource
import sys
import tempfile
from pathlib import Path

import atheris

# What is followed beside our own code: the parsers that each target goes through.
PARSERS = {
    "nifti": ["nibabel"],
    "dicom": ["pydicom"],
    "picture": ["PIL"],
    "archive": ["zipfile"],
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=PARSERS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="folder of the inputs, kept for the next run")
    options = parser.parse_args()
    with atheris.instrument_imports(include=["inference", "common", *PARSERS[options.target]]):
        from tests.fuzz.seeds import seeds
        from tests.fuzz.targets import answer
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(options.target)):
        (corpus / f"seed-{number}").write_bytes(seed)
    # The most that whoever started this process has held counts as its own.
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    how = [f"-max_total_time={options.seconds}", "-timeout=10", f"-rss_limit_mb={held + 2048}"]
    how += ["-max_len=20000", "-print_final_stats=1", f"-artifact_prefix={corpus}/fault-"]
    atheris.Setup([sys.argv[0], *how, str(corpus)], lambda data: answer(options.target, data))
    atheris.Fuzz()


main()
