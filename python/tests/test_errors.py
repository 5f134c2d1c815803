"""Answers that are no answer, and networks that fail."""

import pickle
import socket
from typing import Any, Dict, Optional, Type

import httpx
import pytest

from openai_proxy import ChatCompletion, Completion, error
from stub import NESTED, Stub, events, hang_up, silence, sse, whole

MESSAGES = [{"role": "user", "content": "Hello"}]
# For a server of the same process to say its first word, however busy the machine is.
LONG_ENOUGH_SECONDS = 2
# Where nobody ever answers, it makes no difference how short this is.
SHORT_SECONDS = 0.05
DESCRIBED = {"error": {"message": "what is wrong", "type": "some_type", "param": "messages", "code": "some_code"}}


@pytest.mark.parametrize("is_stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, error.InvalidRequestError) for status in (400, 404, 415)),
        (401, error.AuthenticationError),
        (403, error.PermissionError),
        (409, error.TryAgain),
        (429, error.RateLimitError),
        (503, error.ServiceUnavailableError),
        *((status, error.APIError) for status in (402, 408, 413, 418, 422, 424, 498, 499, 500, 502, 504, 599)),
    ],
)
async def test_status_means_a_class(stub: Stub, status: int, kind: Type[error.OpenAIError], is_stream: bool) -> None:
    stub.answer = whole(DESCRIBED, status, X_Request_Id="r-1", Retry_After="3")

    with pytest.raises(error.OpenAIError) as raised:
        ChatCompletion.create(messages=MESSAGES, stream=is_stream)
    with pytest.raises(kind):
        await ChatCompletion.acreate(messages=MESSAGES, stream=is_stream)

    it = raised.value
    assert type(it) is kind
    assert (it.http_status, it.code, it.param, it.request_id) == (status, "some_code", "messages", "r-1")
    assert it.json_body == DESCRIBED
    assert it.http_body is not None and '"what is wrong"' in it.http_body
    assert it.headers["retry-after"] == it.headers["Retry-After"] == "3"
    assert str(it) == "Request r-1: what is wrong"
    assert it.user_message == "what is wrong"
    assert it.error is not None and it.error.type == "some_type"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "HTTP 500 Internal Server Error without a body."),
        ("Bad gateway\n", "HTTP 500 Internal Server Error: Bad gateway"),
        ('"Oops, OpenAI unavailable."', "Oops, OpenAI unavailable."),
        ('{"error": "text"}', "text"),
        ('{"statusCode": 401, "message": "Unauthorized."}', "Unauthorized."),
        ('{"detail": "Invalid event_code/github_id"}', "Invalid event_code/github_id"),
        ('{"detail": [{"loc": ["body"]}]}', '[{"loc": ["body"]}]'),
        ('{"error": {"message": {"odd": 1}, "code": 404}}', '{"odd": 1}'),
        ('{"error": {}}', 'HTTP 500 Internal Server Error: {"error": {}}'),
        ('{"error": {"message": ""}}', "<empty message>"),
        ('{"error": [1]}', "[1]"),
        ("[1]", "HTTP 500 Internal Server Error: [1]"),
        ("5", "HTTP 500 Internal Server Error: 5"),
        ("null", "HTTP 500 Internal Server Error: null"),
        ('{"error": ', 'HTTP 500 Internal Server Error: {"error":'),
        pytest.param(NESTED, "HTTP 500 Internal Server Error: " + NESTED[:500] + "…", id="nested"),
        pytest.param("[" * 100_000, "HTTP 500 Internal Server Error: " + "[" * 500 + "…", id="deep"),
    ],
)
def test_error_says_something_whatever_the_body(stub: Stub, body: str, message: str) -> None:
    stub.answer = whole(body, 500)

    with pytest.raises(error.APIError) as raised:
        ChatCompletion.create(messages=MESSAGES)

    assert str(raised.value) == message
    assert raised.value.http_body == body
    assert raised.value.code in (None, "404")


def test_body_that_is_no_text_is_an_error_all_the_same(stub: Stub) -> None:
    stub.answer = whole(b"\xff\xfe\x00", 502, Content_Type="text/html; charset=hex")

    with pytest.raises(error.APIError, match="HTTP 502"):
        ChatCompletion.create(messages=MESSAGES)


def test_redirect_is_not_followed_and_says_where_the_proxy_is(stub: Stub) -> None:
    stub.answer = whole("", 307, Location="https://elsewhere.example/")

    with pytest.raises(error.APIError, match="to https://elsewhere.example/: set api_base"):
        ChatCompletion.create(messages=MESSAGES)


@pytest.mark.parametrize("body", ["", "<html></html>", "[]", '"Oops"', "null", '{"error": {"message": "late"}}', '{"cut": ', pytest.param(NESTED, id="nested")])
async def test_success_without_an_object_is_an_api_error(stub: Stub, body: str) -> None:
    stub.answer = whole(body)

    with pytest.raises(error.APIError) as raised:
        ChatCompletion.create(messages=MESSAGES)
    with pytest.raises(error.APIError):
        await ChatCompletion.acreate(messages=MESSAGES)

    assert raised.value.http_status == 200


async def test_nobody_listening_is_a_connection_error_which_names_whom_it_called(stub: Stub) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://user:password@127.0.0.1:{free.getsockname()[1]}"

        with pytest.raises(error.APIConnectionError, match="127.0.0.1") as raised:
            ChatCompletion.create(messages=MESSAGES, api_base=base)
        with pytest.raises(error.APIConnectionError):
            await ChatCompletion.acreate(messages=MESSAGES, api_base=base)

    assert (raised.value.http_status, raised.value.code, raised.value.param, raised.value.request_id) == (None, None, None, None)
    assert "password" not in str(raised.value)


@pytest.mark.parametrize(
    "answer", [hang_up, lambda connection: connection.reset(), whole("{}", Content_Length="9"), whole("{}", Content_Encoding="gzip")]
)
async def test_broken_answer_is_a_connection_error(stub: Stub, answer: Any) -> None:
    def broken(connection: Any) -> None:
        answer(connection)
        connection.close_connection = True

    stub.answer = broken

    with pytest.raises(error.APIConnectionError):
        ChatCompletion.create(messages=MESSAGES)
    with pytest.raises(error.APIConnectionError):
        await ChatCompletion.acreate(messages=MESSAGES)


@pytest.mark.parametrize("option", [{"timeout": (60, SHORT_SECONDS)}, {"request_timeout": [60, SHORT_SECONDS]}, {"timeout": 60, "request_timeout": (60, SHORT_SECONDS)}])
async def test_silence_is_a_timeout(stub: Stub, option: Dict[str, Any]) -> None:
    stub.answer = silence

    with pytest.raises(error.Timeout, match="did not go on in time"):
        ChatCompletion.create(messages=MESSAGES, **option)
    with pytest.raises(error.Timeout):
        await Completion.acreate(prompt="Hello", **option)


async def test_silence_inside_a_stream_is_a_timeout(stub: Stub) -> None:
    stub.answer = events([sse({"n": 1})], end="waits")

    stream = ChatCompletion.create(messages=MESSAGES, stream=True, timeout=LONG_ENOUGH_SECONDS)
    assert next(stream).n == 1
    with pytest.raises(error.Timeout):
        next(stream)

    later = await ChatCompletion.acreate(messages=MESSAGES, stream=True, timeout=LONG_ENOUGH_SECONDS)
    with pytest.raises(error.Timeout):
        assert [chunk.n async for chunk in later] == [1]


def test_connecting_has_a_time_of_its_own() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        # Nobody accepts: the first fills the backlog, and those after it wait.
        waiting = [_connecting(address) for _ in range(3)]
        try:
            with pytest.raises(error.Timeout, match="no connection to"):
                ChatCompletion.create(messages=MESSAGES, api_base=f"http://127.0.0.1:{address[1]}", api_key="h/a", timeout=(SHORT_SECONDS, 60))
        finally:
            for one in waiting:
                one.close()


@pytest.mark.parametrize("timeout", [0, -1, "5", (1, 2, 3), (0, 5), float("nan"), float("inf")])
def test_timeout_that_is_none_is_an_invalid_request(stub: Stub, timeout: Any) -> None:
    with pytest.raises(error.InvalidRequestError, match="positive number of seconds") as raised:
        ChatCompletion.create(messages=MESSAGES, timeout=timeout)

    assert raised.value.param == "timeout"


@pytest.mark.parametrize("given", [None, (None, None), (2.5, None), 3])
def test_timeouts_that_are_long_do_no_harm(stub: Stub, given: Any) -> None:
    assert ChatCompletion.create(messages=MESSAGES, timeout=given) == {}


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_error_survives_being_pickled(stub: Stub, status: int) -> None:
    stub.answer = whole(DESCRIBED, status, X_Request_Id="r-1")
    with pytest.raises(error.OpenAIError) as raised:
        ChatCompletion.create(messages=MESSAGES)

    again = pickle.loads(pickle.dumps(raised.value))

    assert repr(again) == repr(raised.value)
    assert (again.code, again.param, again.request_id) == ("some_code", "messages", "r-1")


def test_header_of_openai_itself_is_a_request_id_too(stub: Stub) -> None:
    stub.answer = whole(DESCRIBED, 500, Request_Id="r-2")

    with pytest.raises(error.APIError) as raised:
        ChatCompletion.create(messages=MESSAGES)

    assert raised.value.request_id == "r-2"


def test_default_timeouts_are_those_of_openai() -> None:
    from openai_proxy._settings import timeouts

    default: Optional[Any] = None
    assert timeouts(default) == httpx.Timeout(600, connect=10)


def _connecting(address: Any) -> socket.socket:
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(address)
    return one
