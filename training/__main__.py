"""``python -m training train CONFIG --data DIR [--resume]``, and its sisters."""

import argparse
import sys
from pathlib import Path

from inference.errors import InputError
from model_zoo.weights import WeightsError

EXIT_BAD_INPUT, EXIT_NO_WEIGHTS = 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 2 bad input, 3 weights missing."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except InputError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_INPUT
    except WeightsError as error:
        print(error, file=sys.stderr)
        return EXIT_NO_WEIGHTS
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    train = commands.add_parser("train", help="train a model to the end of its schedule")
    train.add_argument("config", type=Path, help="such as training/configs/unet.toml")
    train.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    train.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    train.set_defaults(run=_train)
    return parser


def _train(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.train import train

    train(read_config(options.config), options.data, resume=options.resume)


if __name__ == "__main__":
    sys.exit(main())
