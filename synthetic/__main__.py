"""``python -m synthetic --output FOLDER [--seed N]``: write a synthetic case."""

import argparse
from pathlib import Path

from synthetic.case import make_case
from synthetic.write import NAMINGS, write_case


def main(arguments: list[str] | None = None) -> None:
    """Draw a case and write it."""
    parser = argparse.ArgumentParser(prog="python -m synthetic", description=main.__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder, named as the case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--naming", choices=NAMINGS, default="brats2021")
    chosen = parser.parse_args(arguments)
    files = write_case(make_case(seed=chosen.seed), chosen.output, naming=chosen.naming)
    for path in files.values():
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
