"""Calls the models of an event of an Azure OpenAI Proxy, with the API of ``openai`` 0.28.

::

    import openai_proxy

    openai_proxy.api_key = "hackathon/your-name"
    openai_proxy.api_base = "https://proxy.example"

    response = openai_proxy.ChatCompletion.create(messages=[{"role": "user", "content": "Hello"}])
    print(response.choices[0].message.content)

The variables of this module are read whenever a call is made, so they can be set and changed at any time. Each of them can also be given
to a single call by the same name. What is neither set nor given comes from the environment: ``OPENAI_PROXY_API_KEY`` and
``OPENAI_PROXY_API_BASE``.
"""

from typing import Optional

from openai_proxy import error
from openai_proxy._chat_completion import ChatCompletion
from openai_proxy._completion import Completion
from openai_proxy._embedding import Embedding
from openai_proxy._model import Model
from openai_proxy._object import OpenAIObject
from openai_proxy._stream import AsyncStream, Stream
from openai_proxy._version import __version__

api_key: Optional[str] = None
"""An event code with a name (``hackathon/ann``, ``hackathon@SECRET/ann``), or a key from the organiser (``aop_...``)."""

api_base: Optional[str] = None
"""Where the proxy is: ``https://proxy.example``. A slash, ``/v1`` or ``/api/v1`` at its end makes no difference."""

api_type: Optional[str] = None
"""Taken as ``openai`` takes it, and not used: an event has one way of being called."""

api_version: Optional[str] = None
"""Taken as ``openai`` takes it, and not used: the organiser chooses the version that backends are called with."""

__all__ = [
    "AsyncStream",
    "ChatCompletion",
    "Completion",
    "Embedding",
    "Model",
    "OpenAIObject",
    "Stream",
    "__version__",
    "api_base",
    "api_key",
    "api_type",
    "api_version",
    "error",
]
