"""A request, made of the parameters of a call and the settings of the module."""

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import urlsplit

import httpx

from openai_proxy import _settings, error
from openai_proxy._failures import failure
from openai_proxy._version import __version__

# Parameters that openai 0.28 takes and that mean nothing to an event.
_UNUSED = ("api_type", "api_version", "organization")

# The deployment in the path of Azure's URLs wins over the model in the body; here all of them are names of the event's models.
_MODEL_NAMES = ("model", "deployment_id", "engine")


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent."""

    method: str
    url: str
    # Neither the credential nor the prompt belongs into a log that somebody writes a call to.
    headers: List[Tuple[bytes, bytes]] = field(repr=False)
    timeout: httpx.Timeout
    body: Optional[bytes] = field(default=None, repr=False)
    is_stream: bool = False

    @property
    def origin(self) -> str:
        """Who is called, for messages: no path, and no password that somebody may have put before the host."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def post(operation: str, named: Mapping[str, Any], others: Mapping[str, Any]) -> Call:
    """A call of an operation, such as ``chat/completions``.

    ``named`` are the parameters that the operation's method names, ``others`` all else it was given: options of the call, which are taken
    out, and fields of the body, which are sent as they are. What is None is not sent; what is falsy otherwise is.
    """
    fields = {**named, **others}
    call = _addressed("POST", operation, fields)
    for name in _MODEL_NAMES:
        model = fields.pop(name, None)
        if model is not None:
            fields["model"] = model
    sent = {name: value for name, value in fields.items() if value is not None}
    return _with_body(call, sent)


def get(operation: str, options: Mapping[str, Any]) -> Call:
    """A call without a body."""
    left = dict(options)
    call = _addressed("GET", operation, left)
    if left:
        raise TypeError(f"There is no parameter {sorted(left)[0]!r}")
    return call


def _addressed(method: str, operation: str, fields: Dict[str, Any]) -> Call:
    """Takes the options out of the fields; what stays is for the body."""
    base = _settings.base_url(fields.pop("api_base", None))
    headers = {
        "openai-event-code": _settings.credential(fields.pop("api_key", None)),
        "user-agent": f"openai-proxy-python/{__version__}",
        "accept": "application/json",
    }
    if method == "POST":
        headers["content-type"] = "application/json"
    request_id = fields.pop("request_id", None)
    if request_id is not None:
        headers["x-request-id"] = _text(request_id)
    headers.update(_more_headers(fields.pop("headers", None)))
    timeout, request_timeout = fields.pop("timeout", None), fields.pop("request_timeout", None)
    for name in _UNUSED:
        fields.pop(name, None)
    return Call(
        method,
        f"{base}/{operation}",
        # Not httpx's own encoding, which is ASCII: people have names.
        [(name.encode(), value.encode()) for name, value in headers.items()],
        _settings.timeouts(timeout if request_timeout is None else request_timeout),
    )


def _text(request_id: Any) -> str:
    if not _settings.is_text(request_id):
        raise failure(error.InvalidRequestError, "A request_id is text.", "request_id")
    return str(request_id)


def _more_headers(given: Any) -> Dict[str, str]:
    if given is None:
        return {}
    # What is wrong is not repeated: it may be a secret.
    if not isinstance(given, Mapping) or not all(_settings.is_text(part) for header in given.items() for part in header):
        raise failure(error.InvalidRequestError, "More headers are a dictionary of names and values, which are text.", "headers")
    if not all(name.isascii() for name in given):
        raise failure(error.InvalidRequestError, "The name of a header is ASCII text.", "headers")
    return {name.lower(): value for name, value in given.items()}


def _with_body(call: Call, fields: Mapping[str, Any]) -> Call:
    try:
        body = json.dumps(fields, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as problem:
        raise failure(error.InvalidRequestError, f"The parameters cannot be written as JSON: {problem}") from problem
    return Call(call.method, call.url, call.headers, call.timeout, body, is_stream=bool(fields.get("stream")))
