"""Sends calls and hands back their answers."""

import atexit
import os
import socket
import ssl
from contextlib import AsyncExitStack, ExitStack, suppress
from functools import lru_cache
from typing import Union

import httpx

from openai_proxy._answers import answer_of, error_of
from openai_proxy._call import Call
from openai_proxy._network import network_errors
from openai_proxy._object import OpenAIObject
from openai_proxy._stream import AsyncStream, Stream

# Whoever makes many calls at once wants them made, not queued.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)


def send(call: Call) -> Union[OpenAIObject, Stream]:
    """Sends a call. Errors are raised here, also those of a stream that did not begin."""
    return _stream(call) if call.is_stream else send_whole(call)


async def send_async(call: Call) -> Union[OpenAIObject, AsyncStream]:
    """As :func:`send`."""
    return await _stream_async(call) if call.is_stream else await send_whole_async(call)


def send_whole(call: Call) -> OpenAIObject:
    """Sends a call whose answer is one object."""
    with ExitStack() as closing, network_errors(call.origin):
        response = _open(call, closing)
        response.read()
    return answer_of(response)


async def send_whole_async(call: Call) -> OpenAIObject:
    """As :func:`send_whole`."""
    async with AsyncExitStack() as closing:
        with network_errors(call.origin):
            response = await _open_async(call, closing)
            await response.aread()
    return answer_of(response)


def _stream(call: Call) -> Stream:
    with ExitStack() as closing, network_errors(call.origin):
        response = _open(call, closing)
        if response.is_success:
            return Stream(response, call.origin, closing.pop_all())
        response.read()
    raise error_of(response)


async def _stream_async(call: Call) -> AsyncStream:
    async with AsyncExitStack() as closing:
        with network_errors(call.origin):
            response = await _open_async(call, closing)
            if response.is_success:
                return AsyncStream(response, call.origin, closing.pop_all())
            await response.aread()
    raise error_of(response)


def _open(call: Call, closing: ExitStack) -> httpx.Response:
    client = _client_of(os.getpid())
    response = client.send(_request(client, call), stream=True)
    closing.callback(response.close)
    _send_at_once(response)
    return response


async def _open_async(call: Call, closing: AsyncExitStack) -> httpx.Response:
    # A connection that is kept would belong to an event loop that may end before it.
    client = await closing.enter_async_context(httpx.AsyncClient(verify=_tls(), limits=_LIMITS))
    response = await client.send(_request(client, call), stream=True)
    closing.push_async_callback(response.aclose)
    return response


def _send_at_once(response: httpx.Response) -> None:
    # Head and body of a request are sent apart. On a connection that is used again, the system keeps the body back until the server
    # acknowledges the head, which takes it 40 ms. What is below httpx knows that since 2023 (encode/httpcore#651); Debian 12 has an older one.
    with suppress(KeyError, OSError):
        connection: socket.socket = response.extensions["network_stream"].get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)


def _request(client: Union[httpx.Client, httpx.AsyncClient], call: Call) -> httpx.Request:
    return client.build_request(call.method, call.url, headers=call.headers, content=call.body, timeout=call.timeout)


# One for each process: connections that a fork has copied cannot be used by both.
@lru_cache(maxsize=1)
def _client_of(process: int) -> httpx.Client:
    client = httpx.Client(verify=_tls(), limits=_LIMITS)
    atexit.register(client.close)
    return client


# Reading the certificates of the authorities takes longer than many an answer.
@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()
