"""Synthetic cases: a head with a glioma, made from formulas and random fields alone."""

from synthetic.case import SyntheticCase, make_case
from synthetic.write import write_case

__all__ = ["SyntheticCase", "make_case", "write_case"]
