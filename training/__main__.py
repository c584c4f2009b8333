"""``python -m training train CONFIG --data DIR [--resume]``, and its sisters."""

import argparse
import sys
from pathlib import Path

from inference.command_line import OneLineParser, run_command
from model_zoo.registry import ALL_MODELS, registry


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    options = _parser().parse_args(arguments)
    return run_command(lambda: options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True)
    train = commands.add_parser("train", help="train a model to the end of its schedule")
    train.add_argument("config", type=Path, help="such as training/configs/unet.toml")
    train.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    train.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    train.set_defaults(run=_train)
    evaluate = commands.add_parser("evaluate", help="score models on every patient of a split")
    evaluate.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    evaluate.add_argument("--split", required=True, help="train, val or test")
    evaluate.add_argument("--model", choices=[*registry(), "all"], default="all")
    evaluate.add_argument("--json", type=Path, help="file for the scores")
    evaluate.set_defaults(run=_evaluate)
    card = commands.add_parser("card", help="write the model card of trained weights anew")
    card.add_argument("--model", choices=[*registry(), "all"], default="all")
    card.set_defaults(run=_card)
    return parser


def _train(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.train import train

    train(read_config(options.config), options.data, resume=options.resume)


def _evaluate(options: argparse.Namespace) -> None:
    from training.evaluate import evaluate, format_results, write_json

    results = evaluate(options.data, options.split, _names(options.model))
    print(format_results(results))
    if options.json:
        write_json(results, options.json)


def _card(options: argparse.Namespace) -> None:
    from model_zoo.provenance import EMBEDDED
    from training.card import write_card

    for name in _names(options.model):
        print(write_card(EMBEDDED / name, name))


def _names(model: str) -> tuple[str, ...]:
    return ALL_MODELS if model == "all" else (model,)


if __name__ == "__main__":
    sys.exit(main())
