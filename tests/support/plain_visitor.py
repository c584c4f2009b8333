"""A visitor without a browser who opens files of his own: he speaks what Streamlit's pages speak.

A browser each would take more memory than the server: of these, many fit beside it.
"""

import json
import time
import urllib.request
import uuid
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.FileUploader_pb2 import FileUploader
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from viewer.parcel import read_header, unpack

_PATIENCE_S = 240
_XSRF = "_streamlit_xsrf"


class PlainVisitor:
    """One who is connected until he leaves.

    Args:
        server: Its address.
    """

    def __init__(self, server: str) -> None:
        self._host = server.removeprefix("http://")
        with urllib.request.urlopen(f"{server}/_stcore/health", timeout=60) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
        self._token = cookie.removeprefix(f"{_XSRF}=")
        self._headers = {"Cookie": cookie}
        self._line = connect(
            server.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers=self._headers,
            compression=None,
            max_size=None,
            # What comes is read while nobody looks: a server that cannot send gives the line up.
            max_queue=None,
            ping_interval=None,
            legacy=True,
        )
        self.session = self.page = ""
        self._elements: dict[tuple[int, ...], Element] = {}
        self._fresh: dict[tuple[int, ...], Element] = {}
        self._known: dict[str, ForwardMsg] = {}
        self._parcels: dict[str, bytes] = {}
        self._polls: dict[str, float] = {}
        self._fresh_polls: dict[str, float] = {}
        self._next_poll = 0.0
        self._running = False
        self._urls: dict[str, list] = {}

    def leave(self) -> None:
        """Close the page."""
        self._line.close()

    def visit(self, page: str) -> None:
        """Go to a page, by its name in the address; ``""`` is the first."""
        self._take_what_came()
        self.page = ""
        self._ask(page_name=page)
        self._until_drawn()

    def drop(self, files: Iterable[Path]) -> None:
        """Give files to the page's one place for them."""
        [place] = self._of_kind("file_uploader")
        named = {file.name: file.read_bytes() for file in files}
        message = BackMsg()
        message.file_urls_request.request_id = str(uuid.uuid4())
        message.file_urls_request.file_names.extend(named)
        message.file_urls_request.session_id = self.session
        self._line.send(message.SerializeToString())
        asked = message.file_urls_request.request_id
        self.until(lambda: asked in self._urls)
        urls = self._urls.pop(asked)
        for url, (name, content) in zip(urls, named.items(), strict=True):
            self._upload(url.upload_url, name, content)
        self._give(place, urls, named)
        self._until_drawn()
        self.until(lambda: "Open these files" in self.buttons)

    def press(self, label: str) -> None:
        """Press a button that is there."""
        self._ask(pressed=self.buttons[label])
        self._until_drawn()

    def look_again(self) -> None:
        """Have the page that is shown drawn anew."""
        self._ask()
        self._until_drawn()

    @property
    def buttons(self) -> dict[str, str]:
        """The widgets of those that can be pressed, by their label."""
        found = self._of_kind("button")
        return {button.label: button.id for button in found if not button.disabled}

    @property
    def told(self) -> str:
        """What stands in boxes on the page."""
        return " ".join(alert.body for alert in self._of_kind("alert"))

    @property
    def panels(self) -> dict[str, dict]:
        """Of the compare view, by their keys."""
        for component in self._of_kind("bidi_component"):
            if component.WhichOneof("data") == "json":
                data = json.loads(component.json)
                if isinstance(data, dict) and "panels" in data and "scan" in data:
                    return {panel["key"]: panel for panel in data["panels"]}
        return {}

    def has_answers(self, names: Iterable[str]) -> bool:
        """Whether the panels of all of these have a label map."""
        panels = self.panels
        # A view comes before the label maps that it names.
        return all(panels.get(name, {}).get("labels") in self._parcels for name in names)

    def label_map(self, name: str) -> np.ndarray:
        """(X, Y, Z) uint8 in RAS+ order, as the view shows it."""
        header, [blob] = unpack(self._parcels[self.panels[name]["labels"]])
        labels = np.zeros(header["shape"], np.uint8)
        box = tuple(slice(low, high) for low, high in header["box"])
        inner = labels[box]
        inner[...] = np.frombuffer(zlib.decompress(blob), np.uint8).reshape(inner.shape[::-1]).T
        return labels

    def until(self, holds: Callable[[], bool], seconds: float = _PATIENCE_S) -> None:
        """Take what comes, and ask as the page would, until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"it did not come to hold; the page says: {self.told}"
            if self._polls and not self._running and time.monotonic() >= self._next_poll:
                self._poll()
            try:
                content = self._line.recv(timeout=0.1)
            except TimeoutError:
                continue
            self._take(ForwardMsg.FromString(content))

    def _take_what_came(self) -> None:
        """So that the end of an earlier run is not taken for that of the next."""
        with suppress(TimeoutError):
            while True:
                self._take(ForwardMsg.FromString(self._line.recv(timeout=0.1)))

    def _until_drawn(self) -> None:
        self._running = True
        self.until(lambda: not self._running)

    def _ask(self, *, page_name: str = "", pressed: str = "", fragment: str = "") -> None:
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string = ""
        ask.page_name = page_name
        ask.page_script_hash = self.page
        ask.cached_message_hashes.extend(self._known)
        if pressed:
            ask.widget_states.widgets.add(id=pressed, trigger_value=True)
        if fragment:
            ask.fragment_id, ask.is_auto_rerun = fragment, True
        self._line.send(message.SerializeToString())

    def _poll(self) -> None:
        fragment, interval = next(iter(self._polls.items()))
        self._next_poll = time.monotonic() + interval
        self._ask(fragment=fragment)

    def _give(self, place: FileUploader, urls: list, named: dict[str, bytes]) -> None:
        message = BackMsg()
        ask = message.rerun_script
        ask.page_script_hash = self.page
        given = ask.widget_states.widgets.add(id=place.id).file_uploader_state_value
        for url, (name, content) in zip(urls, named.items(), strict=True):
            file = given.uploaded_file_info.add(name=name, size=len(content), file_id=url.file_id)
            file.file_urls.CopyFrom(url)
        self._line.send(message.SerializeToString())

    def _upload(self, url: str, name: str, content: bytes) -> None:
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {
            **self._headers,
            "X-Xsrftoken": self._token,
            "Content-Type": f"multipart/form-data; boundary={edge}",
        }
        line = HTTPConnection(self._host, timeout=_PATIENCE_S)
        line.request("PUT", url, body, headers)
        status = line.getresponse().status
        line.close()
        assert status < 300, f"{name} was not taken: {status}"

    def _of_kind(self, kind: str) -> list:
        there = {**self._elements, **self._fresh}
        return [getattr(each, kind) for each in there.values() if each.WhichOneof("type") == kind]

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            metadata = message.metadata
            message = self._known[message.ref_hash]
            message.metadata.CopyFrom(metadata)
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable:
            self._known[message.hash] = message
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session
            self.page = message.new_session.page_script_hash
            self._fresh, self._fresh_polls, self._running = {}, {}, True
        elif kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(tuple(message.metadata.delta_path), message.delta.new_element)
        elif kind == "auto_rerun":
            self._fresh_polls[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            self._polls.pop(message.stop_auto_rerun.fragment_id, None)
        elif kind == "file_urls_response":
            answer = message.file_urls_response
            self._urls[answer.response_id] = list(answer.file_urls)
        elif kind == "script_finished":
            self._finish(message.script_finished)

    def _see(self, place: tuple[int, ...], element: Element) -> None:
        self._fresh[place] = element
        component = element.bidi_component
        if component.WhichOneof("data") == "bytes":
            self._parcels[read_header(component.bytes)["hash"]] = component.bytes

    def _finish(self, how: int) -> None:
        self._running = how == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if how == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._elements, self._polls = self._fresh, self._fresh_polls
        else:
            self._elements |= self._fresh
            self._polls |= self._fresh_polls
        self._fresh, self._fresh_polls = {}, {}
