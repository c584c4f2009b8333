"""The lock file is of the versions that stand in the requirements, and names no host."""

import re

from tests.conftest import ROOT
from tests.docs.test_project_files import required

LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", LOCK, re.MULTILINE))


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_of_a_serving_host_is_locked_at_its_version():
    wanted = dict(line.split("==") for line in required("requirements-serve.txt"))
    assert {normalised(name): version for name, version in wanted.items()}.items() <= LOCKED.items()


def test_what_is_locked_is_what_the_tests_ran_with():
    pinned = dict(line.split("==") for line in required("constraints.txt"))
    tested = {normalised(name): version for name, version in pinned.items()}
    assert {name: version for name, version in LOCKED.items() if tested.get(name) != version} == {}


def test_every_package_has_a_checksum_and_none_a_host():
    parts = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)
    assert all("--hash=sha256:" in part for part in parts if "==" in part)
    assert "://" not in LOCK
