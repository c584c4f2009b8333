"""A visitor's own line to a server: it keeps what goes over it, and can be slow, or cut.

It can also leave out cookies, as a browser does that may keep none.

What is sent is asked for as it is, without compression, so that it can be searched.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PART = 64 * 1024
_HOST = "127.0.0.1"
_COMPRESSED_BODY = re.compile(rb"\r\naccept-encoding:[^\r]*", re.IGNORECASE)
_COMPRESSED_FRAMES = re.compile(rb"\r\nsec-websocket-extensions:[^\r]*", re.IGNORECASE)
_COOKIES = re.compile(rb"\r\ncookie:[^\r]*", re.IGNORECASE)


class Line:
    """From a browser to a server and back.

    Args:
        server: The address of the server.
    """

    def __init__(self, server: str) -> None:
        self._server_port = int(server.rsplit(":", 1)[1])
        self.address = ""
        self.sent, self.received = bytearray(), bytearray()
        self.bytes_per_second: float | None = None
        self.without_cookies = False
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()

    @property
    def traffic(self) -> bytes:
        """All that has gone over it, either way."""
        return bytes(self.sent) + bytes(self.received)

    def cut(self) -> None:
        """Break every connection without a word, and let none begin."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._break_all)

    def mend(self) -> None:
        """Let connections begin again."""
        self._is_cut = False

    @contextmanager
    def running(self) -> Iterator["Line"]:
        """The line, as long as the block runs."""
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        begun = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._connect, _HOST, 0), self._loop
        )
        listening = begun.result(timeout=10)
        self.address = f"http://{_HOST}:{listening.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(listening.close)
            self.cut()
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(timeout=10)

    def _break_all(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        answers, asks = await asyncio.open_connection(_HOST, self._server_port)
        ends = {writer, asks}
        self._open |= ends
        ways = [
            asyncio.create_task(self._carry(reader, asks, self.sent, asks_plainly=True)),
            asyncio.create_task(self._carry(answers, writer, self.received)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        self._open -= ends
        for end in ends:
            end.close()
        for way in ways:
            way.cancel()

    async def _carry(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        kept: bytearray,
        *,
        asks_plainly: bool = False,
    ) -> None:
        with suppress(ConnectionError):
            while part := await source.read(_PART):
                if asks_plainly:
                    part = _COMPRESSED_FRAMES.sub(b"", _COMPRESSED_BODY.sub(b"", part))
                    part = _COOKIES.sub(b"", part) if self.without_cookies else part
                    if self.bytes_per_second is not None:
                        await asyncio.sleep(len(part) / self.bytes_per_second)
                kept += part
                target.write(part)
                await target.drain()
