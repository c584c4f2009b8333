"""``python -m synthetic [case|study] --output FOLDER [--seed N]``: write something made up."""

import argparse
from pathlib import Path

from synthetic.case import make_case
from synthetic.study import VARIANTS, write_study
from synthetic.write import NAMINGS, write_case


def main(arguments: list[str] | None = None) -> None:
    """Draw a head with a glioma: a case as BraTS prepares it, or a hospital's study of it."""
    parser = argparse.ArgumentParser(prog="python -m synthetic", description=main.__doc__)
    parser.add_argument("what", nargs="?", choices=("case", "study"), default="case")
    parser.add_argument("--output", type=Path, required=True, help="folder, named as the case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--naming", choices=NAMINGS, default="brats2021", help="of a case")
    parser.add_argument("--variant", choices=VARIANTS, default="plain", help="of a study")
    chosen = parser.parse_args(arguments)
    if chosen.what == "study":
        files = write_study(chosen.output, variant=chosen.variant, seed=chosen.seed)
        size = sum(path.stat().st_size for path in files) / 1e6
        print(f"{chosen.output}  {len(files)} files with the truth, {size:.2f} MB")
        return
    for path in write_case(
        make_case(seed=chosen.seed), chosen.output, naming=chosen.naming
    ).values():
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
