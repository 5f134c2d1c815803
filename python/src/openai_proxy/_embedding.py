"""Embeddings: texts as vectors."""

from typing import Any, Optional, Sequence, Union

from openai_proxy import _call, _transport
from openai_proxy._object import OpenAIObject

Input = Union[str, Sequence[str], Sequence[int], Sequence[Sequence[int]]]


class Embedding:
    """Asks a model for the vectors of texts."""

    @classmethod
    def create(cls, input: Input, model: Optional[str] = None, **params: Any) -> OpenAIObject:
        """Returns the answer: ``response.data[0].embedding`` is a list of numbers, unless ``encoding_format`` asks for something else.

        ``params`` are as those of :meth:`openai_proxy.ChatCompletion.create`, and so are the errors.
        """
        return _transport.send_whole(_call.post("embeddings", {"input": input, "model": model}, params))

    @classmethod
    async def acreate(cls, input: Input, model: Optional[str] = None, **params: Any) -> OpenAIObject:
        """As :meth:`create`, without blocking."""
        return await _transport.send_whole_async(_call.post("embeddings", {"input": input, "model": model}, params))
