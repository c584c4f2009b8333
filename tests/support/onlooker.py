"""Visitors without a browser, who only look: they speak what Streamlit's pages speak."""

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_PATIENCE_S = 240


@dataclass
class Looks:
    """What some visitors saw.

    Args:
        seconds: From asking for a page to its end, of every look.
        failed: What went wrong, in words.
        received: All bytes that came.
    """

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)

    @property
    def spread(self) -> dict[str, float]:
        """Median and highest of the seconds."""
        return {"median": statistics.median(self.seconds), "max": max(self.seconds)}


@contextmanager
def onlookers(server: str, count: int, pages: Sequence[str]) -> Iterator[Looks]:
    """So many visitors who look at each page in turn, and stay until the block ends.

    Args:
        server: Its address.
        count: How many come.
        pages: Their names in addresses; ``""`` is the first.
    """
    looks, leaving = Looks(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def all_of_them() -> None:
        await asyncio.gather(*(_look(server, pages, looks, leaving) for _ in range(count)))

    thread = threading.Thread(target=loop.run_until_complete, args=(all_of_them(),))
    thread.start()
    try:
        yield looks
    finally:
        loop.call_soon_threadsafe(leaving.set)
        thread.join(timeout=_PATIENCE_S)


async def _look(server: str, pages: Sequence[str], looks: Looks, leaving: asyncio.Event) -> None:
    address = server.replace("http", "ws", 1) + "/_stcore/stream"
    try:
        async with connect(
            address, subprotocols=["streamlit"], compression=None, max_size=None
        ) as line:
            for page in pages:
                start = time.perf_counter()
                await line.send(_ask_for(page))
                await asyncio.wait_for(_whole_page(line, looks), _PATIENCE_S)
                looks.seconds.append(time.perf_counter() - start)
            await _stay(line, looks, leaving)
    except Exception as error:
        looks.failed.append(repr(error))


def _ask_for(page: str) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = ""
    return message.SerializeToString()


async def _whole_page(line: ClientConnection, looks: Looks) -> None:
    while True:
        content = await line.recv()
        looks.received += content
        message = ForwardMsg.FromString(content)
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                raise RuntimeError(f"a page ended with {message.script_finished}")
            return


async def _stay(line: ClientConnection, looks: Looks, leaving: asyncio.Event) -> None:
    left = asyncio.create_task(leaving.wait())
    while not left.done():
        coming = asyncio.create_task(line.recv())
        await asyncio.wait({coming, left}, return_when=asyncio.FIRST_COMPLETED)
        if coming.done():
            looks.received += coming.result()
        else:
            coming.cancel()
