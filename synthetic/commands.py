"""What ``python -m synthetic`` is asked to write."""

import argparse
from pathlib import Path

from synthetic.case import make_case
from synthetic.study import VARIANTS, write_study
from synthetic.write import NAMINGS, write_case


def write_what_is_asked(arguments: list[str] | None = None) -> None:
    """Draw a head with a glioma: a case as BraTS prepares it, or a hospital's study of it."""
    parser = argparse.ArgumentParser(
        prog="python -m synthetic", description=write_what_is_asked.__doc__
    )
    parser.add_argument("what", nargs="?", choices=("case", "study"), default="case")
    parser.add_argument("--output", type=Path, required=True, help="folder, named as the case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--naming", choices=NAMINGS, default="brats2021", help="of a case")
    parser.add_argument("--variant", choices=VARIANTS, default="plain", help="of a study")
    _write(parser.parse_args(arguments))


def _write(options: argparse.Namespace) -> None:
    if options.what == "study":
        files = write_study(options.output, variant=options.variant, seed=options.seed)
        size = sum(path.stat().st_size for path in files) / 1e6
        print(f"{options.output}  {len(files)} files with the truth, {size:.2f} MB")
        return
    case = make_case(seed=options.seed)
    for path in write_case(case, options.output, naming=options.naming).values():
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")
