"""Answers that arrive while they are written."""

import asyncio
from collections import deque
from contextlib import AsyncExitStack, ExitStack, suppress
from threading import Thread
from types import TracebackType
from typing import AsyncGenerator, AsyncIterator, Deque, Iterator, Optional, Set, Type, cast

import httpx

from openai_proxy import error
from openai_proxy._answers import chunk_of
from openai_proxy._events import EventDecoder
from openai_proxy._failures import failure
from openai_proxy._network import network_errors
from openai_proxy._object import OpenAIObject

_DONE = "[DONE]"

# How long whoever has the last chunk waits at most for what ends the answer behind it, which the proxy sends with it.
_END_SECONDS = 1.0

# The event loop itself holds its tasks weakly.
_closing: "Set[asyncio.Task[None]]" = set()


class _Chunks:
    """Bytes in, chunks out: what both kinds of stream share, without any I/O."""

    def __init__(self, response: httpx.Response, origin: str) -> None:
        self._response = response
        self._origin = origin
        self._decoder = EventDecoder()
        self._waiting: Deque[str] = deque()
        self.is_done = False

    def feed(self, received: bytes) -> None:
        self._waiting.extend(self._decoder.feed(received))

    def end(self) -> None:
        """The connection has ended, which is right only after the answer has: some servers close with the last line half written."""
        if self._decoder.end() != _DONE:
            raise failure(error.APIConnectionError, f"Error communicating with {self._origin}: the stream broke off before its end.")
        self.is_done = True

    def take(self) -> Optional[OpenAIObject]:
        """The next chunk; None if more bytes are needed or there is none any more."""
        if not self._waiting:
            return None
        data = self._waiting.popleft()
        if data.strip() == _DONE:
            self.is_done = True
            return None
        return chunk_of(self._response, data)


class Stream(Iterator[OpenAIObject]):
    """The chunks of an answer, as they come.

    Raises APIError where the proxy reports an error in the middle, and APIConnectionError where the connection ends before the answer.
    When the answer has ended, its connection is there for the next call. It is closed after an error, at :meth:`close`, at the end of a
    ``with``, and when nothing refers to it any more; the model stops writing then. One thread at a time may use it.
    """

    def __init__(self, response: httpx.Response, origin: str, closing: ExitStack) -> None:
        self._received = response.iter_bytes()
        self._origin = origin
        self._chunks = _Chunks(response, origin)
        self._closing: Optional[ExitStack] = closing

    def __next__(self) -> OpenAIObject:
        try:
            with network_errors(self._origin):
                while self._closing is not None and not self._chunks.is_done:
                    chunk = self._chunks.take()
                    if chunk is not None:
                        return chunk
                    if not self._chunks.is_done:
                        self._receive()
        except BaseException:
            self.close()
            raise
        self._finish()
        raise StopIteration

    def close(self) -> None:
        """Ends the answer, wherever it is. Does nothing the second time."""
        closing, self._closing = self._closing, None
        if closing is not None:
            closing.close()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def __del__(self) -> None:
        # Not even begun if __init__ failed; and at the end of the interpreter anything may be gone.
        with suppress(Exception):
            self.close()

    def _finish(self) -> None:
        closing, self._closing = self._closing, None
        if closing is None:
            return
        # In a thread, because httpx waits for the end as long as for any pause in the answer, and nobody should with all chunks in hand.
        reading = Thread(target=_read_end, args=(self._received, closing), daemon=True)
        try:
            reading.start()
        except RuntimeError:
            # There are no threads here, or no more of them.
            closing.close()
            return
        reading.join(_END_SECONDS)

    def _receive(self) -> None:
        received = next(self._received, None)
        if received is None:
            self._chunks.end()
        else:
            self._chunks.feed(received)


def _read_end(received: Iterator[bytes], closing: ExitStack) -> None:
    # httpx keeps the connection of an answer whose end it has read; with anything else behind the last chunk, it is closed here.
    with closing, suppress(Exception):
        next(received, None)


class AsyncStream(AsyncIterator[OpenAIObject]):
    """As :class:`Stream`, with ``async for``, ``async with`` and :meth:`aclose`."""

    def __init__(self, response: httpx.Response, origin: str, closing: AsyncExitStack) -> None:
        # httpx declares less than it returns.
        self._received = cast(AsyncGenerator[bytes, None], response.aiter_bytes())
        self._origin = origin
        self._chunks = _Chunks(response, origin)
        closing.push_async_callback(_end, self._received)
        self._closing: Optional[AsyncExitStack] = closing
        self._loop = _running_loop()

    async def __anext__(self) -> OpenAIObject:
        try:
            with network_errors(self._origin):
                while self._closing is not None and not self._chunks.is_done:
                    chunk = self._chunks.take()
                    if chunk is not None:
                        return chunk
                    if not self._chunks.is_done:
                        await self._receive()
        except BaseException:
            await self.aclose()
            raise
        await self.aclose()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ends the answer, wherever it is. Does nothing the second time."""
        closing, self._closing = self._closing, None
        if closing is not None:
            await closing.aclose()

    async def __aenter__(self) -> "AsyncStream":
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        await self.aclose()

    def __del__(self) -> None:
        # Closing takes an await, which only the loop can do; asyncio does the same for async generators.
        with suppress(Exception):
            if self._closing is not None and self._loop is not None:
                self._loop.call_soon_threadsafe(_close_in, self._loop, self._closing)

    async def _receive(self) -> None:
        try:
            received = await self._received.__anext__()
        except StopAsyncIteration:
            self._chunks.end()
        else:
            self._chunks.feed(received)


def _running_loop() -> Optional[asyncio.AbstractEventLoop]:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        # httpx also runs on trio, whose sockets close with their last reference.
        return None


async def _end(received: AsyncGenerator[bytes, None]) -> None:
    # A task that waits for the next chunk while another closes the stream learns of it from the connection.
    with suppress(RuntimeError):
        await received.aclose()


def _close_in(loop: asyncio.AbstractEventLoop, closing: AsyncExitStack) -> None:
    task = loop.create_task(closing.aclose())
    _closing.add(task)
    task.add_done_callback(_closing.discard)
