"""Completions: a text that goes on."""

from typing import Any, Dict, Literal, Optional, Sequence, Union, overload

from openai_proxy import _call, _transport
from openai_proxy._object import OpenAIObject
from openai_proxy._stream import AsyncStream, Stream

Prompt = Union[str, Sequence[str], Sequence[int], Sequence[Sequence[int]]]
Stop = Union[str, Sequence[str]]


class Completion:
    """Asks a model how a text goes on."""

    @overload
    @classmethod
    def create(
        cls, prompt: Optional[Prompt] = ..., max_tokens: Optional[int] = ..., temperature: Optional[float] = ...,
        model: Optional[str] = ..., stop: Optional[Stop] = ..., *, stream: Literal[True], **params: Any,
    ) -> Stream: ...

    @overload
    @classmethod
    def create(
        cls, prompt: Optional[Prompt] = ..., max_tokens: Optional[int] = ..., temperature: Optional[float] = ...,
        model: Optional[str] = ..., stop: Optional[Stop] = ..., *, stream: Optional[Literal[False]] = ..., **params: Any,
    ) -> OpenAIObject: ...

    @overload
    @classmethod
    def create(
        cls, prompt: Optional[Prompt] = ..., max_tokens: Optional[int] = ..., temperature: Optional[float] = ...,
        model: Optional[str] = ..., stop: Optional[Stop] = ..., *, stream: Optional[bool] = ..., **params: Any,
    ) -> Union[OpenAIObject, Stream]: ...

    @classmethod
    def create(
        cls, prompt: Optional[Prompt] = None, max_tokens: Optional[int] = None, temperature: Optional[float] = None,
        model: Optional[str] = None, stop: Optional[Stop] = None, *, stream: Optional[bool] = None, **params: Any,
    ) -> Union[OpenAIObject, Stream]:
        """Returns the answer, or with ``stream=True`` an iterator over its chunks.

        ``params`` are as those of :meth:`openai_proxy.ChatCompletion.create`, and so are the errors.
        """
        named = _named(prompt, max_tokens, temperature, model, stop)
        return _transport.send(_call.post("completions", {**named, "stream": stream}, params))

    @overload
    @classmethod
    async def acreate(
        cls, prompt: Optional[Prompt] = ..., max_tokens: Optional[int] = ..., temperature: Optional[float] = ...,
        model: Optional[str] = ..., stop: Optional[Stop] = ..., *, stream: Literal[True], **params: Any,
    ) -> AsyncStream: ...

    @overload
    @classmethod
    async def acreate(
        cls, prompt: Optional[Prompt] = ..., max_tokens: Optional[int] = ..., temperature: Optional[float] = ...,
        model: Optional[str] = ..., stop: Optional[Stop] = ..., *, stream: Optional[Literal[False]] = ..., **params: Any,
    ) -> OpenAIObject: ...

    @overload
    @classmethod
    async def acreate(
        cls, prompt: Optional[Prompt] = ..., max_tokens: Optional[int] = ..., temperature: Optional[float] = ...,
        model: Optional[str] = ..., stop: Optional[Stop] = ..., *, stream: Optional[bool] = ..., **params: Any,
    ) -> Union[OpenAIObject, AsyncStream]: ...

    @classmethod
    async def acreate(
        cls, prompt: Optional[Prompt] = None, max_tokens: Optional[int] = None, temperature: Optional[float] = None,
        model: Optional[str] = None, stop: Optional[Stop] = None, *, stream: Optional[bool] = None, **params: Any,
    ) -> Union[OpenAIObject, AsyncStream]:
        """As :meth:`create`, without blocking; with ``stream=True`` an asynchronous iterator."""
        named = _named(prompt, max_tokens, temperature, model, stop)
        return await _transport.send_async(_call.post("completions", {**named, "stream": stream}, params))


def _named(
    prompt: Optional[Prompt], max_tokens: Optional[int], temperature: Optional[float], model: Optional[str], stop: Optional[Stop]
) -> Dict[str, Any]:
    return {"prompt": prompt, "max_tokens": max_tokens, "temperature": temperature, "model": model, "stop": stop}
