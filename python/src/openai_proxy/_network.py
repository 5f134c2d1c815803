"""Trouble on the way, as errors of this package."""

from contextlib import contextmanager
from typing import Iterator

import httpx

from openai_proxy import error
from openai_proxy._failures import failure


@contextmanager
def network_errors(origin: str) -> Iterator[None]:
    """Raises what httpx raises inside as the error it means to a caller."""
    try:
        yield
    except httpx.ConnectTimeout as problem:
        raise failure(error.Timeout, f"Request timed out: no connection to {origin} in time.") from problem
    except httpx.TimeoutException as problem:
        raise failure(error.Timeout, f"Request timed out: {origin} did not go on in time.") from problem
    except httpx.LocalProtocolError:
        # Its message, and so its traceback, would repeat a header that may be a secret.
        raise failure(error.InvalidRequestError, "A header of the request is not valid HTTP.", "headers") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as problem:
        raise failure(error.InvalidRequestError, f"api_base is no URL that can be called: {problem}", "api_base") from problem
    except httpx.RequestError as problem:
        raise failure(error.APIConnectionError, f"Error communicating with {origin}: {problem or type(problem).__name__}") from problem
