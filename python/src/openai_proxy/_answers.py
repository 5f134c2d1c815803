"""What the proxy said: an object, or an error of the class its status means."""

import json
from contextlib import suppress
from typing import Any, Mapping, NamedTuple, Optional, Type, Union

import httpx

from openai_proxy import error
from openai_proxy._failures import failure
from openai_proxy._object import OpenAIObject, converted

_ERRORS: Mapping[int, Type[error.OpenAIError]] = {
    400: error.InvalidRequestError,
    401: error.AuthenticationError,
    403: error.PermissionError,
    404: error.InvalidRequestError,
    409: error.TryAgain,
    415: error.InvalidRequestError,
    429: error.RateLimitError,
    503: error.ServiceUnavailableError,
}

# Enough of a page of HTML to know it; all of it is in http_body.
_LONGEST_TEXT = 500


class _Description(NamedTuple):
    message: Optional[str]
    code: Optional[str] = None
    param: Optional[str] = None


def answer_of(response: httpx.Response) -> OpenAIObject:
    """The object that a whole answer holds; raises the error that it is instead."""
    body = _parsed(response.content)
    if response.is_success and isinstance(body, dict) and not body.get("error"):
        return OpenAIObject(body, response.headers)
    raise error_of(response)


def chunk_of(response: httpx.Response, data: str) -> OpenAIObject:
    """The object that an event of a stream holds; raises the error that it is instead."""
    body = _parsed(data)
    if not isinstance(body, dict):
        raise _made(error.APIError, _Description(f"An event of the stream is no JSON object: {_shortened(data)}"), response, data, body)
    if body.get("error"):
        described = _described(body)
        message = f"{described.message or 'Unknown error'} (Error occurred while streaming.)"
        raise _made(error.APIError, described._replace(message=message), response, data, body)
    return OpenAIObject(body, response.headers)


def error_of(response: httpx.Response) -> error.OpenAIError:
    """The error that a whole answer is."""
    body = _parsed(response.content)
    text = response.content.decode("utf-8", "replace")
    described = _described(body)
    if described.message is None:
        described = described._replace(message=_worded(response, text))
    return _made(_ERRORS.get(response.status_code, error.APIError), described, response, text, body)


def _described(body: Any) -> _Description:
    """Reads the error object of OpenAI and Azure, and what gateways, and the first server of this API, say instead."""
    if isinstance(body, str):
        return _Description(body)
    if not isinstance(body, dict):
        return _Description(None)
    inner = body.get("error")
    if isinstance(inner, dict):
        return _Description(_text(inner.get("message")), _text(inner.get("code")), _text(inner.get("param")))
    return _Description(_text(inner or body.get("message") or body.get("detail")))


def _worded(response: httpx.Response, text: str) -> str:
    status = f"HTTP {response.status_code} {response.reason_phrase}".rstrip()
    if response.has_redirect_location:
        return f"{status} to {response.headers.get('location')}: set api_base to where the proxy is now."
    if not text.strip():
        return f"{status} without a body."
    if response.is_success:
        return f"The answer is no JSON object: {_shortened(text)}"
    return f"{status}: {_shortened(text)}"


def _made(kind: Type[error.OpenAIError], described: _Description, response: httpx.Response, text: str, body: Any) -> error.OpenAIError:
    return failure(
        kind,
        described.message,
        described.param,
        described.code,
        http_status=response.status_code,
        http_body=text,
        json_body=body,
        headers=response.headers,
    )


def _parsed(text: Union[str, bytes]) -> Any:
    # Nesting beyond reason is no answer either. Objects come to their end before the parser does.
    with suppress(ValueError, RecursionError):
        return converted(json.loads(text))
    return None


def _text(value: Any) -> Optional[str]:
    """A message must be text to be printed, whatever was sent in its place."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
