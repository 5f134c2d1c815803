"""The errors of openai 0.28: names, hierarchy, arguments in their order, attributes, texts."""


class OpenAIError(Exception):
    def __init__(self, message=None, http_body=None, http_status=None, json_body=None, headers=None, code=None):
        super().__init__(message)
        if http_body and hasattr(http_body, "decode"):
            http_body = http_body.decode("utf-8")
        self._message = message
        self.http_body = http_body
        self.http_status = http_status
        self.json_body = json_body
        self.headers = headers or {}
        self.code = code
        self.request_id = self.headers.get("request-id", None)
        self.organization = self.headers.get("openai-organization", None)
        # The original asks json_body just so, and fails on what is neither a dictionary nor None.
        described = json_body is not None and "error" in json_body and isinstance(json_body["error"], dict)
        self.error = dict(json_body["error"]) if described else None

    def __str__(self):
        message = self._message or "<empty message>"
        return message if self.request_id is None else "Request {0}: {1}".format(self.request_id, message)

    @property
    def user_message(self):
        return self._message

    def __repr__(self):
        return "%s(message=%r, http_status=%r, request_id=%r)" % (type(self).__name__, self._message, self.http_status, self.request_id)


class APIError(OpenAIError):
    pass


class TryAgain(OpenAIError):
    pass


class Timeout(OpenAIError):
    pass


class APIConnectionError(OpenAIError):
    def __init__(self, message, http_body=None, http_status=None, json_body=None, headers=None, code=None, should_retry=False):
        super().__init__(message, http_body, http_status, json_body, headers, code)
        self.should_retry = should_retry


class InvalidRequestError(OpenAIError):
    def __init__(self, message, param, code=None, http_body=None, http_status=None, json_body=None, headers=None):
        super().__init__(message, http_body, http_status, json_body, headers, code)
        self.param = param

    def __repr__(self):
        return "%s(message=%r, param=%r, code=%r, http_status=%r, request_id=%r)" % (
            type(self).__name__, self._message, self.param, self.code, self.http_status, self.request_id,
        )

    def __reduce__(self):
        return type(self), (self._message, self.param, self.code, self.http_body, self.http_status, self.json_body, self.headers)


class AuthenticationError(OpenAIError):
    pass


class PermissionError(OpenAIError):
    pass


class RateLimitError(OpenAIError):
    pass


class ServiceUnavailableError(OpenAIError):
    pass


class InvalidAPIType(OpenAIError):
    pass


class SignatureVerificationError(OpenAIError):
    def __init__(self, message, sig_header, http_body=None):
        super().__init__(message, http_body)
        self.sig_header = sig_header

    def __reduce__(self):
        return type(self), (self._message, self.sig_header, self.http_body)
