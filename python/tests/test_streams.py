"""Streams: what they raise, and when they let go of their connection."""

import asyncio
import gc
import json
import threading
from typing import Any, Callable, List

import pytest

from openai_proxy import ChatCompletion, error
from stub import NESTED, PATIENCE_SECONDS, Stub, events, sse, whole

MESSAGES = [{"role": "user", "content": "Hello"}]
ONE, TWO = {"n": 1}, {"n": 2}
WHOLE = sse(ONE, TWO, "[DONE]")


async def _both(stub: Stub) -> List[List[Any]]:
    """The chunks of a stream, by iterator and by asynchronous iterator."""
    whole_way = list(ChatCompletion.create(messages=MESSAGES, stream=True))
    return [whole_way, [chunk async for chunk in await ChatCompletion.acreate(messages=MESSAGES, stream=True)]]


@pytest.mark.parametrize(
    "pieces",
    [
        [WHOLE],
        [sse(ONE), sse(TWO), sse("[DONE]")],
        pytest.param([bytes([byte]) for byte in WHOLE], id="single bytes"),
        [WHOLE.replace(b"\n", b"\r\n")],
        pytest.param([bytes([byte]) for byte in WHOLE.replace(b"\n", b"\r\n")], id="single bytes with CRLF"),
        [WHOLE.replace(b"\n", b"\r")],
        [b": ping\n\n", b"event: message\nid: 1\n" + sse(ONE), b":\n\nretry: 5\n\n", sse(TWO, "[DONE]")],
        [b'data: {\ndata: "n": 1\ndata: }\n\n', b'data:{"n":2}\n\n', b"data:[DONE]\n\n"],
        [sse(ONE, TWO) + b"data: [DONE]\n"],
        [sse(ONE, TWO) + b"data: [DONE]"],
        [sse(ONE, TWO, "[DONE]", {"n": 3})],
        [b"\xef\xbb\xbf" + sse(ONE, TWO, " [DONE] ")],
        [sse({"n": 1, "error": None}, TWO, "[DONE]")],
    ],
    ids=str,
)
async def test_chunks_are_the_same_however_they_are_written(stub: Stub, pieces: List[bytes]) -> None:
    stub.answer = events(pieces)

    for chunks in await _both(stub):
        assert [chunk.n for chunk in chunks] == [1, 2]


async def test_characters_may_be_cut_in_two(stub: Stub) -> None:
    text = "Grüße, 李雷 🐘"
    written = sse(json.dumps({"text": text}, ensure_ascii=False), "[DONE]")
    stub.answer = events([written[i : i + 1] for i in range(len(written))])

    for chunks in await _both(stub):
        assert [chunk.text for chunk in chunks] == [text]


async def test_chunk_knows_the_request_it_belongs_to(stub: Stub) -> None:
    stub.answer = events([sse(ONE, "[DONE]")], **{"x-request-id": "r-1"})

    for chunks in await _both(stub):
        assert [chunk.request_id for chunk in chunks] == ["r-1"]


@pytest.mark.parametrize("end", ["well", "broken", "reset"])
@pytest.mark.parametrize("rest", [b"", b"data: ", b'data: {"n": 2', b'data: {"n": 2}\n'])
async def test_stream_that_ends_before_its_end_is_a_connection_error(stub: Stub, rest: bytes, end: str) -> None:
    stub.answer = events([sse(ONE), *([rest] if rest else [])], end)
    stream = ChatCompletion.create(messages=MESSAGES, stream=True)
    later = await ChatCompletion.acreate(messages=MESSAGES, stream=True)

    with pytest.raises(error.APIConnectionError):
        # A reset may overtake what was sent before it.
        assert [chunk.n for chunk in stream] == [1]
    with pytest.raises(error.APIConnectionError):
        assert [chunk.n async for chunk in later] == [1]

    assert list(stream) == []
    assert [chunk async for chunk in later] == []


async def test_error_in_the_middle_is_raised_after_what_came_before_it(stub: Stub) -> None:
    stub.answer = events([sse(ONE, {"error": {"message": "over", "code": "event_over", "param": None}}, TWO)], **{"x-request-id": "r-1"})
    stream = ChatCompletion.create(messages=MESSAGES, stream=True)

    assert next(stream).n == 1
    with pytest.raises(error.APIError) as raised:
        next(stream)

    assert str(raised.value) == "Request r-1: over (Error occurred while streaming.)"
    assert (raised.value.code, raised.value.http_status) == ("event_over", 200)
    assert list(stream) == []
    later = await ChatCompletion.acreate(messages=MESSAGES, stream=True)
    with pytest.raises(error.APIError):
        assert [chunk.n async for chunk in later] == [1]


@pytest.mark.parametrize(
    "data",
    ["{", "5", "[]", "null", '"text"', "oops", '{"error": "text"}', pytest.param(NESTED, id="nested"), pytest.param("[" * 100_000, id="deep")],
)
async def test_event_that_is_no_object_is_an_api_error(stub: Stub, data: str) -> None:
    stub.answer = events([sse(ONE, data)])

    with pytest.raises(error.APIError):
        list(ChatCompletion.create(messages=MESSAGES, stream=True))
    with pytest.raises(error.APIError):
        assert [chunk.n async for chunk in await ChatCompletion.acreate(messages=MESSAGES, stream=True)] == [1]


@pytest.mark.parametrize("body", ['{"choices": []}', "", '{"error": {"message": "not a stream"}}'])
async def test_answer_that_is_no_stream_is_not_taken_for_an_empty_one(stub: Stub, body: str) -> None:
    stub.answer = whole(body)

    with pytest.raises(error.APIConnectionError):
        list(ChatCompletion.create(messages=MESSAGES, stream=True))


@pytest.mark.parametrize("ending", [sse("[DONE]"), sse({"error": {"message": "over"}}), sse("no JSON")], ids=["done", "error", "broken"])
async def test_connection_is_closed_when_the_answer_has_ended(stub: Stub, ending: bytes) -> None:
    stub.answer = events([sse(ONE), ending], end="waits")
    stream = ChatCompletion.create(messages=MESSAGES, stream=True, request_timeout=0.5)
    try:
        list(stream)
    except error.APIError:
        pass
    _left(stub)

    later = await ChatCompletion.acreate(messages=MESSAGES, stream=True)
    try:
        assert [chunk.n async for chunk in later] == [1]
    except error.APIError:
        pass
    await _left_later(stub)


@pytest.mark.parametrize("pieces", [[sse(ONE, "[DONE]")], [sse(ONE), sse("[DONE]")], [sse(ONE) + b"data: [DONE]"]])
def test_streams_after_each_other_share_a_connection(stub: Stub, pieces: List[bytes]) -> None:
    stub.answer = events(pieces)

    for _ in range(3):
        assert [chunk.n for chunk in ChatCompletion.create(messages=MESSAGES, stream=True)] == [1]

    assert stub.connections == 1


def test_connection_with_more_behind_the_end_is_not_used_again(stub: Stub) -> None:
    stub.answer = events([sse(ONE), sse("[DONE]"), sse(TWO)])

    for _ in range(2):
        assert [chunk.n for chunk in ChatCompletion.create(messages=MESSAGES, stream=True)] == [1]

    assert stub.connections == 2


def test_nobody_waits_for_the_end_of_an_answer_that_is_there(stub: Stub) -> None:
    stub.answer = events([sse(ONE), sse("[DONE]")], end="waits")

    assert [chunk.n for chunk in ChatCompletion.create(messages=MESSAGES, stream=True)] == [1]

    assert not stub.client_left.is_set()


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
@pytest.mark.parametrize("leave", [lambda stream: stream.close(), lambda stream: stream.__exit__(None, None, None), lambda stream: None])
def test_connection_is_closed_when_the_stream_is_left(stub: Stub, leave: Callable[[Any], Any], begun: bool) -> None:
    stub.answer = events([sse(ONE)], end="waits")
    stream = ChatCompletion.create(messages=MESSAGES, stream=True)
    if begun:
        next(stream)

    leave(stream)
    del stream
    gc.collect()

    _left(stub)


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
async def test_connection_is_closed_when_the_asynchronous_stream_is_left(stub: Stub, begun: bool) -> None:
    stub.answer = events([sse(ONE)], end="waits")

    async def open_stream() -> Any:
        stream = await ChatCompletion.acreate(messages=MESSAGES, stream=True)
        if begun:
            await stream.__anext__()
        return stream

    async with await open_stream():
        pass
    await _left_later(stub)
    await (await open_stream()).aclose()
    await _left_later(stub)
    await open_stream()
    gc.collect()
    await _left_later(stub)


async def test_connection_is_closed_when_waiting_for_a_chunk_is_cancelled(stub: Stub) -> None:
    stub.answer = events([sse(ONE)], end="waits")
    stream = await ChatCompletion.acreate(messages=MESSAGES, stream=True)
    await stream.__anext__()
    waiting = await _waiting(stream)

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    await _left_later(stub)


async def test_whoever_waits_for_a_chunk_learns_that_the_stream_was_closed(stub: Stub) -> None:
    stub.answer = events([sse(ONE)], end="waits")
    stream = await ChatCompletion.acreate(messages=MESSAGES, stream=True)
    await stream.__anext__()
    waiting = await _waiting(stream)

    await stream.aclose()

    with pytest.raises(error.APIConnectionError):
        await waiting
    await _left_later(stub)


async def test_connection_is_closed_when_a_call_is_cancelled(stub: Stub) -> None:
    stub.answer = events([], end="waits")
    waiting = asyncio.ensure_future(ChatCompletion.acreate(messages=MESSAGES))
    await asyncio.get_running_loop().run_in_executor(None, lambda: stub.received)

    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    await _left_later(stub)


def test_stream_that_was_closed_has_no_more_chunks(stub: Stub) -> None:
    stub.answer = events([sse(ONE, TWO, "[DONE]")])
    with ChatCompletion.create(messages=MESSAGES, stream=True) as stream:
        assert next(stream).n == 1

    stream.close()

    assert list(stream) == []


def test_many_streams_can_be_open_at_once(stub: Stub) -> None:
    stub.answer = events([sse(ONE)], end="waits")

    streams = [ChatCompletion.create(messages=MESSAGES, stream=True) for _ in range(120)]

    assert [next(stream).n for stream in streams] == [1] * 120
    for stream in streams:
        stream.close()


def test_calls_of_many_threads_do_not_mix(stub: Stub) -> None:
    def echo(connection: Any) -> None:
        whole({"user": connection.headers["x-user"]})(connection)

    stub.answer = echo
    seen: List[bool] = []

    def call(user: str) -> None:
        seen.append(all(ChatCompletion.create(messages=MESSAGES, headers={"x-user": user}).user == user for _ in range(10)))

    threads = [threading.Thread(target=call, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [True] * 8


async def _waiting(stream: Any) -> "asyncio.Future[Any]":
    """One who waits for a chunk, and has come so far that only the network or somebody else can wake them."""
    waiting: "asyncio.Future[Any]" = asyncio.ensure_future(stream.__anext__())
    loop = asyncio.get_running_loop()
    # In each turn the loop runs all that is ready; hardly more than one is needed until the task is not.
    for _ in range(20):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
    assert not waiting.done()
    return waiting


def _left(stub: Stub) -> None:
    assert stub.client_left.wait(PATIENCE_SECONDS), "the client did not close its connection"
    stub.client_left.clear()


async def _left_later(stub: Stub) -> None:
    # The loop must go on, because it is what closes the connection.
    await asyncio.get_running_loop().run_in_executor(None, _left, stub)
