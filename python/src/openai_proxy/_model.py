"""The models of an event."""

from typing import Any

from openai_proxy import _call, _transport
from openai_proxy._object import OpenAIObject


class Model:
    """What may be given as ``model``."""

    @classmethod
    def list(cls, **options: Any) -> OpenAIObject:
        """Returns the models that the credential may use: ``[model.id for model in Model.list().data]``.

        ``options`` are those of a call, such as ``api_key`` and ``timeout``.
        """
        return _transport.send_whole(_call.get("models", options))

    @classmethod
    async def alist(cls, **options: Any) -> OpenAIObject:
        """As :meth:`list`, without blocking."""
        return await _transport.send_whole_async(_call.get("models", options))
