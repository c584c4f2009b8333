"""A real PACS on this machine: Orthanc, with its DICOMweb plugin, on free ports of the loopback."""

import json
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from benchmarks.browser import free_port

PLUGINS = Path("/usr/share/orthanc/plugins")
TITLE = "ORTHANC"
LISTENER = "GLIOLENS"
_PATIENCE_SECONDS = 30


def why_not() -> str | None:
    """Why there is no Orthanc to test with; None where there is."""
    if shutil.which("Orthanc") is None:
        return "Orthanc is not installed (make orthanc installs it where apt is allowed)"
    if not (PLUGINS / "libOrthancDicomWeb.so").exists():
        return "Orthanc's DICOMweb plugin is not installed (Debian: orthanc-dicomweb)"
    return None


@dataclass(frozen=True)
class Orthanc:
    """A running server.

    Args:
        port: Its DICOM port.
        url: Of its own API.
        login: Name and password, if it asks for them.
    """

    port: int
    url: str
    login: tuple[str, str] | None = None

    @property
    def dicomweb(self) -> str:
        return f"{self.url}/dicom-web"

    @property
    def node(self) -> str:
        """As ``--send-to`` takes it."""
        return f"{TITLE}@127.0.0.1:{self.port}"

    def get(self, path: str) -> Any:
        return self._asked("GET", path)

    def post(self, path: str, body: Any) -> Any:
        data = body if isinstance(body, bytes) else json.dumps(body)
        return self._asked("POST", path, data=data)

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        answer = requests.request(method, f"{self.url}{path}", timeout=60, auth=self.login, **more)
        answer.raise_for_status()
        return answer.json()

    def upload(self, files: list[Path]) -> None:
        for file in files:
            self.post("/instances", file.read_bytes())

    def send_studies(self) -> dict:
        """Send all it has to the listener by C-STORE, as a radiographer's click does."""
        return self.post(f"/modalities/{LISTENER}/store", {"Resources": self.get("/studies")})

    def objects(self, modality: str) -> dict[str, str]:
        """Orthanc's own identifier of every object of a modality, by its SOPInstanceUID."""
        query = {"Level": "Instance", "Query": {"Modality": modality}, "Expand": True}
        found = self.post("/tools/find", query)
        return {each["MainDicomTags"]["SOPInstanceUID"]: each["ID"] for each in found}

    def times_received(self) -> Counter[str]:
        """How often each object came; one that came again has overwritten itself."""
        found: Counter[str] = Counter()
        since, done = 0, False
        while not done:
            page = self.get(f"/changes?since={since}&limit=500")
            found.update(c["ID"] for c in page["Changes"] if c["ChangeType"] == "NewInstance")
            since, done = page["Last"], page["Done"]
        return found


@contextmanager
def run_orthanc(
    folder: Path,
    listener_port: int,
    *,
    dicom_port: int | None = None,
    login: tuple[str, str] | None = None,
) -> Iterator[Orthanc]:
    """A server, which at the end is killed.

    Args:
        folder: For its data; what an earlier one left there is served again.
        listener_port: Where it finds our listener.
        dicom_port: Its own DICOM port; a free one unless it is given.
        login: Name and password that its API asks for.
    """
    dicom_port, http_port = dicom_port or free_port(), free_port()
    file = _configured(folder, dicom_port, http_port, listener_port, login)
    log = (folder / "orthanc.log").open("ab")
    process = subprocess.Popen(["Orthanc", str(file)], stdout=log, stderr=log, cwd=folder)
    server = Orthanc(dicom_port, f"http://127.0.0.1:{http_port}", login)
    try:
        _wait_until_it_answers(server, process)
        yield server
    finally:
        process.kill()  # an orderly end takes seconds; its data are a test's own
        process.wait(_PATIENCE_SECONDS)
        log.close()


def _configured(
    folder: Path,
    dicom_port: int,
    http_port: int,
    listener_port: int,
    login: tuple[str, str] | None,
) -> Path:
    settings = {
        "Name": "test",
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "Plugins": [str(PLUGINS / "libOrthancDicomWeb.so")],
        "DicomAet": TITLE,
        "DicomPort": dicom_port,
        "HttpPort": http_port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": login is not None,
        "RegisteredUsers": dict([login] if login else []),
        "OverwriteInstances": True,
        "DicomCheckCalledAet": False,
        "UnknownSopClassAccepted": True,
        "DicomModalities": {LISTENER: [LISTENER, "127.0.0.1", listener_port]},
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "orthanc.json"
    file.write_text(json.dumps(settings))
    return file


def _wait_until_it_answers(server: Orthanc, process: subprocess.Popen) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"Orthanc ended with {process.returncode}")
        try:
            server.get("/system")
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise TimeoutError("Orthanc does not answer")
