"""How many bytes a page receives, as they come over the wire."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page


@contextmanager
def bytes_received(page: Page) -> Iterator[Callable[[], int]]:
    """Count what a page receives while the block runs, of files and through WebSockets.

    Counted by Chromium's own tools, a file with its headers and once it has come whole.
    """
    total = 0
    tools = page.context.new_cdp_session(page)

    def of_file(event: dict[str, Any]) -> None:
        nonlocal total
        total += round(event["encodedDataLength"])

    def of_socket(event: dict[str, Any]) -> None:
        nonlocal total
        frame = event["response"]
        is_text = frame["opcode"] == 1
        payload = frame["payloadData"]
        total += len(payload.encode() if is_text else base64.b64decode(payload))

    tools.on("Network.loadingFinished", of_file)
    tools.on("Network.webSocketFrameReceived", of_socket)
    tools.send("Network.enable")
    try:
        yield lambda: total
    finally:
        tools.detach()
