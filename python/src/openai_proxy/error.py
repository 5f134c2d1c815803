"""The errors that calls raise.

They are the classes of ``openai.error`` where ``openai`` 0.28 is installed, so that ``except openai.error.RateLimitError`` catches what
this package raises. Elsewhere, also beside ``openai`` 1 or newer, they are classes of its own with the same names, hierarchy and
attributes. Either way each error raised here has ``http_status``, ``http_body``, ``json_body``, ``headers``, ``code``, ``param`` and
``request_id``.
"""

from typing import TYPE_CHECKING

from openai_proxy import _own_errors
from openai_proxy._installed import installed_errors

__all__ = [
    "APIConnectionError",
    "APIError",
    "AuthenticationError",
    "InvalidAPIType",
    "InvalidRequestError",
    "OpenAIError",
    "PermissionError",
    "RateLimitError",
    "ServiceUnavailableError",
    "SignatureVerificationError",
    "Timeout",
    "TryAgain",
]

if TYPE_CHECKING:
    from openai_proxy._own_errors import (
        APIConnectionError,
        APIError,
        AuthenticationError,
        InvalidAPIType,
        InvalidRequestError,
        OpenAIError,
        PermissionError,
        RateLimitError,
        ServiceUnavailableError,
        SignatureVerificationError,
        Timeout,
        TryAgain,
    )
else:
    _classes = installed_errors(__all__) or _own_errors
    globals().update({name: getattr(_classes, name) for name in __all__})
