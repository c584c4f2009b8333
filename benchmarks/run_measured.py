"""The command line, measured from inside: what is printed last is the memory it took."""

import json
import sys
from collections.abc import Sequence

from benchmarks.peak_memory import peak_megabytes


def main(arguments: Sequence[str]) -> None:
    """Run ``python -m inference``; then print ``{"peak_rss_mb"}`` as a line."""
    from inference.__main__ import main as run

    code = run(list(arguments))
    print(json.dumps({"peak_rss_mb": peak_megabytes()}))
    sys.exit(code)
