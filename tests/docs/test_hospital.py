"""The files that start the listener beside a PACS fit its options, and each other."""

import json
import re
import shlex

import pytest
import yaml

from inference.cli.listen_options import make_listen_parser
from tests.conftest import ROOT

FOLDER = ROOT / "docs" / "hospital"
COMMAND = ["-m", "inference", "listen"]


def unit():
    text = (FOLDER / "gliolens-listen.service").read_text()
    words = shlex.split(re.search(r"^ExecStart=(.+)$", text, re.MULTILINE)[1])
    assert words[1:4] == COMMAND
    return words[4:]


def service():
    found = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]["listener"]
    assert found["entrypoint"] == ["python", *COMMAND]
    return found["command"]


@pytest.mark.parametrize("arguments", [unit(), service()])
def test_the_listener_takes_the_options_and_lets_in_whom_it_sends_to(arguments):
    options = make_listen_parser().parse_args(arguments)
    assert options.accept == (options.send_to.partition("@")[0],)


def test_orthanc_knows_the_listener_that_compose_starts():
    orthanc = json.loads((FOLDER / "orthanc.json").read_text())
    options = make_listen_parser().parse_args(service())
    assert orthanc["DicomModalities"] == {options.aet: [options.aet, "listener", options.port]}
    assert options.send_to == f"{orthanc['DicomAet']}@orthanc:{orthanc['DicomPort']}"


def test_the_unit_keeps_its_data_where_systemd_makes_a_folder_for_it():
    text = (FOLDER / "gliolens-listen.service").read_text()
    state = re.search(r"^StateDirectory=(.+)$", text, re.MULTILINE)[1]
    options = make_listen_parser().parse_args(unit())
    assert str(options.output) == f"/var/lib/{state}"
