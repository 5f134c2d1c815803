"""The errors of ``openai`` 0.28, for where it is not installed: the same names, arguments and attributes."""

from typing import Any, Mapping, Optional, Tuple, Union

from openai_proxy._object import OpenAIObject


class OpenAIError(Exception):
    """Every error of this package. ``except openai_proxy.error.OpenAIError`` catches them all."""

    param: Optional[str] = None
    """The field of the request that is wrong, if it is one."""

    def __init__(
        self,
        message: Optional[str] = None,
        http_body: Union[str, bytes, None] = None,
        http_status: Optional[int] = None,
        json_body: Any = None,
        headers: Optional[Mapping[str, str]] = None,
        code: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self._message = message
        self.http_body = http_body.decode("utf-8", "replace") if isinstance(http_body, bytes) else http_body
        """The body of the answer, as text."""
        self.http_status = http_status
        """The status of the answer; None if there was none."""
        self.json_body = json_body
        """The body of the answer, if it is a JSON object."""
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.code = code
        """What is wrong, for programs: ``event_over``, ``content_filter``."""
        self.request_id = self.headers.get("request-id")
        """What to tell the organiser when asking about this error."""
        self.organization = self.headers.get("openai-organization")
        described = json_body.get("error") if isinstance(json_body, dict) else None
        self.error = OpenAIObject(described) if isinstance(described, dict) else None

    @property
    def user_message(self) -> Optional[str]:
        """The message without the id of the request."""
        return self._message

    def __str__(self) -> str:
        message = self._message or "<empty message>"
        return message if self.request_id is None else f"Request {self.request_id}: {message}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(message={self._message!r}, http_status={self.http_status!r}, request_id={self.request_id!r})"


class APIError(OpenAIError):
    """The proxy or the model failed, or answered what cannot be understood."""


class TryAgain(OpenAIError):
    """409."""


class Timeout(OpenAIError):
    """No answer in time."""


class APIConnectionError(OpenAIError):
    """The proxy could not be reached, or the connection broke."""

    def __init__(
        self,
        message: Optional[str],
        http_body: Union[str, bytes, None] = None,
        http_status: Optional[int] = None,
        json_body: Any = None,
        headers: Optional[Mapping[str, str]] = None,
        code: Optional[str] = None,
        should_retry: bool = False,
    ) -> None:
        super().__init__(message, http_body, http_status, json_body, headers, code)
        self.should_retry = should_retry


class InvalidRequestError(OpenAIError):
    """400, 404 or 415, or a call that could not be made as it was written."""

    def __init__(
        self,
        message: Optional[str],
        param: Optional[str],
        code: Optional[str] = None,
        http_body: Union[str, bytes, None] = None,
        http_status: Optional[int] = None,
        json_body: Any = None,
        headers: Optional[Mapping[str, str]] = None,
    ) -> None:
        super().__init__(message, http_body, http_status, json_body, headers, code)
        self.param = param

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(message={self._message!r}, param={self.param!r}, code={self.code!r}, "
            f"http_status={self.http_status!r}, request_id={self.request_id!r})"
        )

    # An exception is made again from its args, which lack the param.
    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self._message, self.param), self.__dict__


class AuthenticationError(OpenAIError):
    """401: the api_key is not right, or there is none."""


class PermissionError(OpenAIError):
    """403: the event does not let you in now. Trying again does not help."""


class RateLimitError(OpenAIError):
    """429. ``headers["retry-after"]`` says how many seconds to wait."""


class ServiceUnavailableError(OpenAIError):
    """503."""


class InvalidAPIType(OpenAIError):
    """Never raised here; code written for ``openai`` may name it."""


class SignatureVerificationError(OpenAIError):
    """Never raised here; code written for ``openai`` may name it."""

    def __init__(self, message: Optional[str], sig_header: Any, http_body: Union[str, bytes, None] = None) -> None:
        super().__init__(message, http_body)
        self.sig_header = sig_header

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (self._message, self.sig_header), self.__dict__
