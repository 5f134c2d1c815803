"""Makes the errors of this package, so that all of them have the same attributes whichever classes they have."""

from typing import Any, Dict, Mapping, Optional, Type

from openai_proxy import error


def failure(
    kind: Type[error.OpenAIError],
    message: Optional[str],
    param: Optional[str] = None,
    code: Optional[str] = None,
    http_status: Optional[int] = None,
    http_body: Optional[str] = None,
    json_body: Any = None,
    headers: Optional[Mapping[str, str]] = None,
) -> error.OpenAIError:
    """An error of a class of :mod:`openai_proxy.error`."""
    details: Dict[str, Any] = {
        "code": code,
        "http_status": http_status,
        "http_body": http_body,
        # openai 0.28 looks into it for an error object, and fails on what cannot have one.
        "json_body": json_body if isinstance(json_body, dict) else None,
        "headers": headers,
    }
    if issubclass(kind, error.InvalidRequestError):
        details["param"] = param
    made = kind(message, **details)
    # openai 0.28 gives it to no other class, and knows the id of a request by another header only.
    made.param = param
    made.request_id = made.request_id or made.headers.get("x-request-id")
    return made
