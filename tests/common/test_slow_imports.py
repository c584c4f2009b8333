import subprocess
import sys

from tests.conftest import ROOT

SCRIPT = """
import sys
from common.slow_imports import import_nibabel
import_nibabel()
assert "nibabel" in sys.modules
assert not [name for name in sys.modules if name.split(".")[0] == "pydicom"]
import pydicom
import_nibabel()
assert sys.modules["pydicom"] is pydicom
"""


def test_nibabel_comes_without_pydicom_which_may_come_later():
    subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=True)
