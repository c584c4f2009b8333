import subprocess
import sys

import viewer
from report import DISCLAIMER
from report.colours import LABEL_COLOURS
from tests.conftest import ROOT
from workspace.display import page_frame


def test_it_needs_no_streamlit():
    imports = "import sys, report.bundle, scene.bodies, scene.figure"
    code = f"{imports}; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_colours_and_words_are_those_of_the_screen():
    assert viewer.LABEL_COLOURS == LABEL_COLOURS
    assert page_frame.DISCLAIMER == DISCLAIMER
