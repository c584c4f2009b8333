"""A package that is missing is told in one sentence."""

import sys

import pytest

from common.errors import InputError
from inference.pacs.optional import optional_package
from inference.pacs.sending.destination import destination


@pytest.mark.parametrize(
    ("package", "given"), [("pynetdicom", "PACS@host:104"), ("dicomweb_client", "https://x/y")]
)
def test_what_is_missing_is_named_with_the_command_that_installs_it(monkeypatch, package, given):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError) as told:
        destination(given, title="GLIOLENS")
    assert package.replace("_", "-") in str(told.value)
    assert "pip install -r requirements-hospital.txt -c constraints.txt" in str(told.value)


def test_another_package_that_is_missing_is_no_excuse(monkeypatch, tmp_path):
    (tmp_path / "half_there.py").write_text("import something_that_nobody_has")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="something_that_nobody_has"):
        optional_package("half_there", wanted_by="x")
