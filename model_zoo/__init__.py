"""The architectures, one readable file each, and the registry of what each reads and answers.

Importing this package does not import torch: the app lists the models before it needs one.
"""

from model_zoo.registry import ModelContract, contract, registry

__all__ = ["ModelContract", "contract", "registry"]
