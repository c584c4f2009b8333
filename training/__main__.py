"""``python -m training train CONFIG --data DIR [--resume]``, and its sisters."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from inference.command_line import OneLineParser, run_command
from inference.errors import InputError
from inference.planes import PLANES
from inference.vocabulary import MODALITIES
from model_zoo.registry import ALL_MODELS, registry
from model_zoo.weights_folder import FLOAT, INT8, PRECISION_HELP, PRECISIONS


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
    evaluate.add_argument("--precision", choices=PRECISIONS, default=INT8, help=PRECISION_HELP)
    evaluate.add_argument(
        "--planes",
        nargs="+",
        choices=PLANES,
        default=tuple(PLANES),
        help="those a model is asked in, of those it has learned from (default: all of them)",
    )
    evaluate.add_argument("--json", type=Path, help="file for the scores")
    evaluate.set_defaults(run=_evaluate)
    protocols = commands.add_parser("protocols", help="score the same predictions in other ways")
    protocols.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    protocols.add_argument("--split", default="test", help="train, val or test")
    protocols.add_argument("--model", choices=[*registry(), "all"], default="all")
    protocols.add_argument("--json", type=Path, help="file for the scores")
    protocols.set_defaults(run=_protocols)
    verdict = commands.add_parser("verdict", help="how much drawn tumour tells a lone slice")
    verdict.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    verdict.add_argument("--split", default="val", help="where thresholds are chosen")
    verdict.add_argument("--check", default="test", help="where they are read once")
    verdict.add_argument("--model", choices=[*registry(), "all"], default="all")
    verdict.add_argument("--show", nargs="+", choices=MODALITIES, default=MODALITIES)
    verdict.add_argument("--json", type=Path, help="file; what else it holds stays")
    verdict.set_defaults(run=_verdict)
    leak = commands.add_parser("leak", help="train with and without a leak, measure the inflation")
    leak.add_argument("config", type=Path, help="such as training/configs/leak.toml")
    leak.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    leak.add_argument("--json", type=Path, help="file for the scores")
    leak.set_defaults(run=_leak)
    ablate = commands.add_parser("ablate", help="train with parts of the recipe changed, compare")
    ablate.add_argument("folder", type=Path, help="such as training/ablations")
    ablate.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    ablate.add_argument("--json", type=Path, help="file for the scores")
    ablate.set_defaults(run=_ablate)
    for name, run, what in (
        ("cross-validate", _cross_validate, "score each patient by who never saw it"),
        ("drawing", _drawing, "compare ways of drawing on patients not seen"),
    ):
        folds = commands.add_parser(name, help=what)
        folds.add_argument("config", type=Path, help="such as training/configs/drawing.toml")
        folds.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
        folds.add_argument("--folds", type=int, default=5)
        folds.add_argument("--json", type=Path, help="file for the scores")
        folds.set_defaults(run=run)
    card = commands.add_parser("card", help="write the model card of trained weights anew")
    card.add_argument("--model", choices=[*registry(), "all"], default="all")
    card.set_defaults(run=_card)
    pictures = commands.add_parser("pictures", help="draw the best and worst cases with errors")
    source = pictures.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder with cases.csv")
    source.add_argument("--synthetic", action="store_true", help="synthetic cases, not patients")
    pictures.add_argument("--split", default="test", help="train, val or test")
    pictures.add_argument("--model", choices=[*registry(), "all"], default="all")
    pictures.add_argument("--output", type=Path, required=True, help="folder for the pictures")
    pictures.set_defaults(run=_pictures)
    publish = commands.add_parser("publish", help="upload weights to the Hugging Face Hub")
    publish.add_argument("--model", choices=[*registry(), "all"], required=True)
    publish.add_argument("--namespace", required=True, help="user or organisation on the Hub")
    publish.add_argument("--private", action="store_true", help="show them to nobody else")
    publish.set_defaults(run=_publish)
    export = commands.add_parser("export", help="write a model as ONNX, beside its weights")
    export.add_argument("--model", choices=list(registry()), required=True)
    export.add_argument("--output", type=Path, help="another file than assets/weights/NAME")
    export.add_argument("--measure", action="store_true", help="hold it against PyTorch")
    export.add_argument("--json", type=Path, help="file for what --measure finds")
    export.set_defaults(run=_export)
    quantise = commands.add_parser("quantise", help="write a model in int8, beside its weights")
    quantise.add_argument("--model", choices=[*registry(), "all"], default="all")
    quantise.add_argument("--data", type=Path, required=True, help="folder with cases.csv")
    quantise.set_defaults(run=_quantise)
    return parser


def _train(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.run.train import train

    train(read_config(options.config), options.data, resume=options.resume)


def _evaluate(options: argparse.Namespace) -> None:
    from training.scoring.evaluate import evaluate, format_details, format_pixels, format_results

    names = _names(options.model)
    results = evaluate(
        options.data,
        options.split,
        names,
        precision=options.precision,
        planes=tuple(options.planes),
    )
    _tell(results, options.json, format_results, format_details, format_pixels)


def _protocols(options: argparse.Namespace) -> None:
    from training.scoring.protocols import compare_protocols, format_protocols

    results = compare_protocols(options.data, options.split, _names(options.model))
    _tell(results, options.json, format_protocols)


def _verdict(options: argparse.Namespace) -> None:
    from training.scoring.verdict import format_verdicts, measure_verdicts, with_others

    results = measure_verdicts(
        options.data,
        options.split,
        options.check,
        _names(options.model),
        show=tuple(options.show),
    )
    _tell(with_others(results, options.json), options.json, format_verdicts)


def _leak(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.leak import format_leak, measure_leak

    results = measure_leak(read_config(options.config), options.data)
    _tell(results, options.json, format_leak)


def _ablate(options: argparse.Namespace) -> None:
    from training.experiments.ablation import ablate, format_ablation

    results = ablate(options.folder, options.data)
    _tell(results, options.json, format_ablation)


def _cross_validate(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.cross_validation import cross_validate
    from training.scoring.evaluate import format_details, format_results

    results = cross_validate(read_config(options.config), options.data, folds=options.folds)
    _tell(results, options.json, format_results, format_details)


def _drawing(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.drawing import compare_drawing, format_drawing

    results = compare_drawing(read_config(options.config), options.data, folds=options.folds)
    _tell(results, options.json, format_drawing)


def _tell(results: dict, file: Path | None, *tables: Callable[[dict], str]) -> None:
    from training.results import write_json

    if file:  # first: what took long to compute is kept even if nobody reads the table
        write_json(results, file)
    print("\n\n".join(table(results) for table in tables))


def _pictures(options: argparse.Namespace) -> None:
    from training.cards.pictures import picture_patients, picture_synthetic

    names = _names(options.model)
    if options.synthetic:
        picture_synthetic(options.output, names)
    else:
        picture_patients(options.data, options.split, options.output, names)
    print(options.output)


def _card(options: argparse.Namespace) -> None:
    from model_zoo.provenance import EMBEDDED
    from training.cards.card import write_card

    for name in _names(options.model):
        print(write_card(EMBEDDED / name, name))


def _publish(options: argparse.Namespace) -> None:
    from model_zoo.provenance import EMBEDDED
    from training.release.publish import check_folder, how_to_use, publish

    names = _names(options.model)
    for name in names:  # all are fit to be published, or none is
        check_folder(EMBEDDED / name, name)
    published = []
    for name in names:
        item = publish(EMBEDDED / name, name, namespace=options.namespace, private=options.private)
        print(f"{name}: {item.url} at commit {item.pin.revision}")
        published.append(item)
    print(how_to_use(published))


def _export(options: argparse.Namespace) -> None:
    from model_zoo.provenance import EMBEDDED
    from model_zoo.weights import load_model

    if options.json and not options.measure:
        raise InputError("--json is for what --measure finds; give --measure too.")
    try:
        from training.release.onnx_export import ONNX_FILE, export_onnx
    except ModuleNotFoundError as error:
        raise _uninstalled(error) from error
    model, origin = load_model(options.model, folder=EMBEDDED / options.model, precision=FLOAT)
    file = options.output or EMBEDDED / options.model / ONNX_FILE
    print(f"{file}: {export_onnx(model, origin, file):,} bytes")
    if options.measure:
        from training.release.onnx_measure import format_measured, measure

        measured = measure(options.model, model, file, weights=origin.sha256)
        _tell(measured, options.json, format_measured)


def _quantise(options: argparse.Namespace) -> None:
    from model_zoo.provenance import EMBEDDED

    try:
        from training.release.quantise import quantise
    except ModuleNotFoundError as error:
        raise _uninstalled(error) from error
    for name in _names(options.model):
        print(f"{EMBEDDED / name}: {quantise(name, EMBEDDED / name, options.data):,} bytes")


def _uninstalled(error: ModuleNotFoundError) -> InputError:
    return InputError(f"{error.name} is not installed; `make setup-dev` brings it.")


def _names(model: str) -> tuple[str, ...]:
    return ALL_MODELS if model == "all" else (model,)


if __name__ == "__main__":
    sys.exit(main())
