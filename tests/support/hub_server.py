"""A small server that speaks as much of the Hugging Face Hub as its client asks of it, on loopback.

Uploads over Git LFS, downloads with ``Range``. What it holds, and what goes wrong with it, stands
in ``tests/support/hub_state.py``. Xet is not spoken: the tests turn it off.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from tests.support.hub_state import TOKEN, Hub, Repository, Stalling


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def route(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append((self.command, path, self.headers.get("Range")))
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.hub.tokens.add(self.headers.get("Authorization"))
        self.hub.stopping.wait(self.hub.faults.answer_after)
        if self.hub.faults.nonsense:
            status, kind, text = self.hub.faults.nonsense
            return self.send(status, text, {"Content-Type": kind})
        for method, pattern, answer in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and self.command in method:
                return answer(self, *found.groups())
        return self.refuse(404, "no such address")

    do_GET = do_HEAD = do_POST = do_PUT = route  # noqa: N815 (http.server names them)

    def answer(self, content: object) -> None:
        self.send(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def refuse(self, status: int, message: str, code: str = "", **more: str) -> None:
        content = json.dumps({"error": message, **more}).encode()
        self.send(status, content, {"X-Error-Message": message, "X-Error-Code": code})

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def repository(self, name: str) -> Repository | None:
        found = self.hub.repositories.get(name)
        if found is None:
            self.refuse(404, "Repository not found", "RepoNotFound")
        return found

    def revision(self, name: str, revision: str) -> tuple[str, dict[str, bytes]] | None:
        repository = self.repository(name)
        if repository is None:
            return None
        oid = repository.find(revision)
        if oid is None:
            return self.refuse(404, "Invalid rev id", "RevisionNotFound")
        return oid, repository.commits[oid]

    def create(self) -> None:
        asked = json.loads(self.body)
        name = f"{asked['organization']}/{asked['name']}"
        url = f"{self.hub.address}/{name}"
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse(401, "Invalid credentials in Authorization header")
        if asked["organization"] == "others":
            return self.refuse(403, "You don't have the rights to create a model there")
        if name in self.hub.repositories:
            return self.refuse(409, "You already created this model repo", url=url)
        self.hub.repositories[name] = Repository(private=asked.get("visibility") == "private")
        return self.answer({"url": url})

    def upload_modes(self, name: str, _: str) -> None:
        modes = {True: "lfs", False: "regular"}
        names = [file["path"] for file in json.loads(self.body)["files"]]
        files = [{"path": n, "uploadMode": modes[n.endswith(".safetensors")]} for n in names]
        self.answer({"files": [{**file, "shouldIgnore": False} for file in files]})

    def large_batch(self, _: str) -> None:
        objects = json.loads(self.body)["objects"]
        for entry in objects:
            entry["actions"] = {"upload": {"href": f"{self.hub.address}/large/{entry['oid']}"}}
        self.answer({"transfer": "basic", "objects": objects})

    def upload_large(self, oid: str) -> None:
        if hashlib.sha256(self.body).hexdigest() != oid:
            return self.refuse(400, "other bytes than announced")
        self.hub.large[oid] = self.body
        return self.answer({})

    def commit(self, name: str, _: str) -> None:
        files, gone = {}, set()
        for entry in map(json.loads, self.body.splitlines()):
            value = entry["value"]
            if entry["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif entry["key"] == "lfsFile":
                files[value["path"]] = self.hub.large[value["oid"]]
            elif entry["key"] == "deletedFile":
                gone.add(value["path"])
        oid = self.hub.repositories[name].commit(files, gone)
        self.answer({"commitUrl": f"{self.hub.address}/{name}/commit/{oid}", "commitOid": oid})

    def info(self, name: str, revision: str | None) -> None:
        repository = self.repository(name)
        if repository and not repository.commits:
            return self.answer({"id": name, "private": repository.private, "siblings": []})
        found = repository and self.revision(name, revision or "main")
        if not found:
            return None
        oid, files = found
        siblings = [{"rfilename": file} for file in files]
        told = {"id": name, "sha": oid, "private": repository.private, "siblings": siblings}
        return self.answer(told)

    def tree(self, name: str, revision: str) -> None:
        repository = self.repository(name)
        if repository and not repository.commits:
            return self.answer([])
        found = repository and self.revision(name, revision)
        if not found:
            return None
        oid, files = found
        told = {"type": "file", "oid": oid}
        return self.answer(
            [told | {"path": f, "size": len(content)} for f, content in files.items()]
        )

    def refs(self, name: str) -> None:
        repository = self.repository(name)
        if repository:
            told = {"branches": repository.branches, "tags": repository.tags, "converts": {}}
            self.answer({kind: [_ref(*r) for r in refs.items()] for kind, refs in told.items()})

    def file(self, name: str, revision: str, path: str) -> None:
        found = self.revision(name, revision)
        if found is None:
            return None
        oid, files = found
        if path not in files:
            return self.refuse(404, "Entry not found", "EntryNotFound")
        content = files[path]
        etag = hashlib.sha256(content).hexdigest()
        first = int(re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "bytes=0-"))[1])
        headers = {"ETag": f'"{etag}"', "X-Repo-Commit": oid, "Accept-Ranges": "bytes"}
        if self.hub.faults.redirect and path.endswith(".safetensors"):
            headers["X-Linked-Etag"] = headers["ETag"]
            headers["X-Linked-Size"] = str(len(content))
            headers["Location"] = self.hub.faults.redirect + self.path
            return self.send(302, b"", headers)
        headers["Content-Length"] = str(len(content) - first)
        if first:
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        if self.command == "GET" and path.endswith(".safetensors"):
            content = self.spoilt(content)
        return self.send(206 if first else 200, content[first:], headers)

    def spoilt(self, content: bytes) -> bytes:
        """The tensors as the faults let them through."""
        faults = self.hub.faults
        if faults.damaged:
            return content[:-1] + bytes([content[-1] ^ 1])
        if faults.cut_at:
            content, faults.cut_at = content[: faults.cut_at], None
            self.close_connection = True
        elif faults.stall_at:
            self.wfile = Stalling(self.wfile, faults.stall_at, self.hub.stopping)
        return content

    def log_message(self, *_: object) -> None:
        pass


def _ref(name: str, oid: str) -> dict[str, str]:
    return {"name": name, "ref": name, "targetCommit": oid}


MODEL = r"/api/models/([\w.-]+/[\w.-]+)"
ROUTES = [
    ("POST", "/api/repos/create", Handler.create),
    ("POST", "/api/validate-yaml", lambda handler: handler.answer({})),
    ("POST", rf"{MODEL}/preupload/(.+)", Handler.upload_modes),
    ("POST", r"/([\w.-]+/[\w.-]+)\.git/info/lfs/objects/batch", Handler.large_batch),
    ("PUT", r"/large/(\w+)", Handler.upload_large),
    ("POST", rf"{MODEL}/commit/(.+)", Handler.commit),
    ("GET", rf"{MODEL}/refs", Handler.refs),
    ("GET", rf"{MODEL}/tree/(.+)", Handler.tree),
    ("GET", rf"{MODEL}(?:/revision/(.+))?", Handler.info),
    ("GET HEAD", r"/([\w.-]+/[\w.-]+)/resolve/([^/]+)/(.+)", Handler.file),
]


@contextmanager
def run_hub() -> Iterator[Hub]:
    """A Hub on a free loopback port; stopped at the end, whatever it was told to wait for."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("HubHandler", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    try:
        yield hub
    finally:
        hub.stopping.set()
        server.shutdown()
        server.server_close()
