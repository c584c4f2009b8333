import subprocess
import sys

from tests.conftest import ROOT


def test_overlap_and_volumes_do_not_wait_for_scipy():
    """The first page of the app imports these, and has 4 seconds in all."""
    code = "import sys, inference.metrics; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
