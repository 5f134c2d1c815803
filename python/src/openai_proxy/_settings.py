"""Where a call goes, with which credential, and how long it may take."""

import os
import threading
from typing import Any, Optional, Tuple, Union
from urllib.parse import urlsplit

import httpx

import openai_proxy
from openai_proxy import error
from openai_proxy._failures import failure

TimeoutLike = Union[float, Tuple[Optional[float], Optional[float]]]
"""Seconds for connecting and for each wait for more of an answer, or a pair of both; None in a pair waits for ever."""

CONNECT_SECONDS = 10.0
"""How long connecting may take, unless the call says otherwise."""

ANSWER_SECONDS = 600.0
"""How long the proxy may pause before and inside an answer, unless the call says otherwise; as in ``openai`` 0.28."""


def base_url(given: Optional[str]) -> str:
    """The URL that paths of operations are appended to, such as ``https://proxy.example/api/v1``."""
    base = given or openai_proxy.api_base or os.environ.get("OPENAI_PROXY_API_BASE") or ""
    base = base.strip().rstrip("/") if is_text(base) else base
    if not base:
        raise failure(
            error.InvalidRequestError,
            "There is no api_base. Say where the proxy is: openai_proxy.api_base = 'https://proxy.example', "
            "api_base=... in the call, or the environment variable OPENAI_PROXY_API_BASE.",
            "api_base",
        )
    if not is_text(base) or not _is_base(base):
        raise failure(error.InvalidRequestError, "api_base is no URL such as 'https://proxy.example'.", "api_base")
    for ending in ("/api/v1", "/v1"):
        if base.endswith(ending):
            base = base[: -len(ending)].rstrip("/")
            break
    return f"{base}/api/v1"


def credential(given: Optional[str]) -> str:
    """What is sent as ``openai-event-code``."""
    # A line break at its end comes with a file or a variable it was read from, and would not be a header.
    key = given or openai_proxy.api_key or os.environ.get("OPENAI_PROXY_API_KEY") or ""
    if not is_text(key):
        raise failure(error.AuthenticationError, "The api_key is no text that can be sent.")
    key = key.strip()
    if not key:
        raise failure(
            error.AuthenticationError,
            "There is no api_key. Give your event code and name, or your key: openai_proxy.api_key = 'hackathon/your-name', "
            "api_key=... in the call, or the environment variable OPENAI_PROXY_API_KEY.",
        )
    if any(character < " " or character == "\x7f" for character in key):
        raise failure(error.AuthenticationError, "The api_key has a line break or another control character in it.")
    return key


def is_text(value: Any) -> bool:
    """Whether it is text that can be sent, which half of a surrogate pair cannot."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def timeouts(given: Any) -> httpx.Timeout:
    """What a call's ``timeout`` or ``request_timeout`` means."""
    if given is None:
        return httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    pair = tuple(given) if isinstance(given, (tuple, list)) else (given, given)
    if len(pair) != 2 or not all(seconds is None or _is_positive(seconds) for seconds in pair):
        raise failure(
            error.InvalidRequestError, "A timeout is a positive number of seconds, or a pair of them: (connecting, answering).", "timeout"
        )
    connect, answer = pair
    return httpx.Timeout(answer, connect=connect)


def _is_base(base: str) -> bool:
    try:
        parts = urlsplit(base)
        host = parts.hostname or ""
        if host.isascii():
            # As the system looks it up: an empty part of a name, or one too long, fails there with an error of its own.
            host.encode("idna")
        # Reading a port checks it.
        return parts.scheme in ("http", "https") and bool(host) and parts.port != 0 and not (parts.query or parts.fragment)
    except ValueError:
        return False


def _is_positive(seconds: Any) -> bool:
    return isinstance(seconds, (int, float)) and 0 < seconds <= threading.TIMEOUT_MAX
