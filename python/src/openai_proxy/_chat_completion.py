"""Chat completions."""

from typing import Any, Dict, Literal, Mapping, Optional, Sequence, Union, overload

from openai_proxy import _call, _transport
from openai_proxy._object import OpenAIObject
from openai_proxy._stream import AsyncStream, Stream

Messages = Sequence[Mapping[str, Any]]
Functions = Sequence[Mapping[str, Any]]
FunctionCall = Union[str, Mapping[str, Any]]
Stop = Union[str, Sequence[str]]


class ChatCompletion:
    """Asks a model for the next message of a conversation."""

    # The order of the parameters is that of the first SDK of this API, whose callers may give them by position.

    @overload
    @classmethod
    def create(
        cls, messages: Messages, max_tokens: Optional[int] = ..., temperature: Optional[float] = ..., model: Optional[str] = ...,
        top_p: Optional[float] = ..., stop_sequence: Optional[Stop] = ..., frequency_penalty: Optional[float] = ...,
        presence_penalty: Optional[float] = ..., functions: Optional[Functions] = ..., function_call: Optional[FunctionCall] = ...,
        *, stream: Literal[True], **params: Any,
    ) -> Stream: ...

    @overload
    @classmethod
    def create(
        cls, messages: Messages, max_tokens: Optional[int] = ..., temperature: Optional[float] = ..., model: Optional[str] = ...,
        top_p: Optional[float] = ..., stop_sequence: Optional[Stop] = ..., frequency_penalty: Optional[float] = ...,
        presence_penalty: Optional[float] = ..., functions: Optional[Functions] = ..., function_call: Optional[FunctionCall] = ...,
        *, stream: Optional[Literal[False]] = ..., **params: Any,
    ) -> OpenAIObject: ...

    @overload
    @classmethod
    def create(
        cls, messages: Messages, max_tokens: Optional[int] = ..., temperature: Optional[float] = ..., model: Optional[str] = ...,
        top_p: Optional[float] = ..., stop_sequence: Optional[Stop] = ..., frequency_penalty: Optional[float] = ...,
        presence_penalty: Optional[float] = ..., functions: Optional[Functions] = ..., function_call: Optional[FunctionCall] = ...,
        *, stream: Optional[bool] = ..., **params: Any,
    ) -> Union[OpenAIObject, Stream]: ...

    @classmethod
    def create(
        cls, messages: Messages, max_tokens: Optional[int] = None, temperature: Optional[float] = None, model: Optional[str] = None,
        top_p: Optional[float] = None, stop_sequence: Optional[Stop] = None, frequency_penalty: Optional[float] = None,
        presence_penalty: Optional[float] = None, functions: Optional[Functions] = None, function_call: Optional[FunctionCall] = None,
        *, stream: Optional[bool] = None, **params: Any,
    ) -> Union[OpenAIObject, Stream]:
        """Returns the answer, or with ``stream=True`` an iterator over its chunks.

        What is not given is not sent, and the event or the model decides: ``model`` has a default in each event. ``params`` are further
        fields of the body (``stop``, ``n``, ``tools``, ``user``, ...), sent as they are, and options of the call: ``api_key``,
        ``api_base``, ``timeout`` or ``request_timeout`` (seconds, or a pair for connecting and answering), ``headers``, ``request_id``.

        Raises the errors of :mod:`openai_proxy.error`. Nothing is tried again.
        """
        named = _named(
            messages, max_tokens, temperature, model, top_p, stop_sequence, frequency_penalty, presence_penalty, functions, function_call
        )
        return _transport.send(_call.post("chat/completions", {**named, "stream": stream}, params))

    @overload
    @classmethod
    async def acreate(
        cls, messages: Messages, max_tokens: Optional[int] = ..., temperature: Optional[float] = ..., model: Optional[str] = ...,
        top_p: Optional[float] = ..., stop_sequence: Optional[Stop] = ..., frequency_penalty: Optional[float] = ...,
        presence_penalty: Optional[float] = ..., functions: Optional[Functions] = ..., function_call: Optional[FunctionCall] = ...,
        *, stream: Literal[True], **params: Any,
    ) -> AsyncStream: ...

    @overload
    @classmethod
    async def acreate(
        cls, messages: Messages, max_tokens: Optional[int] = ..., temperature: Optional[float] = ..., model: Optional[str] = ...,
        top_p: Optional[float] = ..., stop_sequence: Optional[Stop] = ..., frequency_penalty: Optional[float] = ...,
        presence_penalty: Optional[float] = ..., functions: Optional[Functions] = ..., function_call: Optional[FunctionCall] = ...,
        *, stream: Optional[Literal[False]] = ..., **params: Any,
    ) -> OpenAIObject: ...

    @overload
    @classmethod
    async def acreate(
        cls, messages: Messages, max_tokens: Optional[int] = ..., temperature: Optional[float] = ..., model: Optional[str] = ...,
        top_p: Optional[float] = ..., stop_sequence: Optional[Stop] = ..., frequency_penalty: Optional[float] = ...,
        presence_penalty: Optional[float] = ..., functions: Optional[Functions] = ..., function_call: Optional[FunctionCall] = ...,
        *, stream: Optional[bool] = ..., **params: Any,
    ) -> Union[OpenAIObject, AsyncStream]: ...

    @classmethod
    async def acreate(
        cls, messages: Messages, max_tokens: Optional[int] = None, temperature: Optional[float] = None, model: Optional[str] = None,
        top_p: Optional[float] = None, stop_sequence: Optional[Stop] = None, frequency_penalty: Optional[float] = None,
        presence_penalty: Optional[float] = None, functions: Optional[Functions] = None, function_call: Optional[FunctionCall] = None,
        *, stream: Optional[bool] = None, **params: Any,
    ) -> Union[OpenAIObject, AsyncStream]:
        """As :meth:`create`, without blocking; with ``stream=True`` an asynchronous iterator."""
        named = _named(
            messages, max_tokens, temperature, model, top_p, stop_sequence, frequency_penalty, presence_penalty, functions, function_call
        )
        return await _transport.send_async(_call.post("chat/completions", {**named, "stream": stream}, params))


def _named(
    messages: Messages, max_tokens: Optional[int], temperature: Optional[float], model: Optional[str], top_p: Optional[float],
    stop_sequence: Optional[Stop], frequency_penalty: Optional[float], presence_penalty: Optional[float],
    functions: Optional[Functions], function_call: Optional[FunctionCall],
) -> Dict[str, Any]:
    return {
        "messages": messages,
        "max_tokens": max_tokens,
        "temperature": temperature,
        "model": model,
        "top_p": top_p,
        # The proxy knows this name, and so does the first server of this API, which knows no other.
        "stop_sequence": stop_sequence,
        "frequency_penalty": frequency_penalty,
        "presence_penalty": presence_penalty,
        "functions": functions,
        # The first SDK had "auto" as the default, and left it out without functions, where models refuse it.
        "function_call": None if functions is None and function_call == "auto" else function_call,
    }
