import subprocess
import sys

from report import DISCLAIMER
from tests.conftest import ROOT
from workspace.display import page_frame


def test_it_needs_no_streamlit():
    imports = "import sys, report.bundle, scene.bodies, scene.figure"
    code = f"{imports}; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_its_words_are_those_of_the_screen():
    assert page_frame.DISCLAIMER == DISCLAIMER
