"""A made-up study as scanners write it: sequences on their own grids, the head moved between."""

from synthetic.study.write import VARIANTS, write_study

__all__ = ["VARIANTS", "write_study"]
