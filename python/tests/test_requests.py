"""What is sent: where to, with which headers, and which fields."""

import json
import socket
from contextlib import ExitStack
from typing import Any, Dict

import pytest

import openai_proxy
from openai_proxy import ChatCompletion, Completion, Embedding, Model, _call, _transport, error
from stub import Stub, whole

MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.mark.parametrize("ending", ["", "/", "//", "/v1", "/v1/", "/api/v1", "/api/v1/", " \n"])
def test_base_may_end_as_it_likes(stub: Stub, ending: str) -> None:
    openai_proxy.api_base = stub.url + ending

    ChatCompletion.create(messages=MESSAGES)

    assert stub.received.path == "/api/v1/chat/completions"


def test_base_may_have_a_path_of_its_own(stub: Stub) -> None:
    Completion.create(prompt="Hello", api_base=f"{stub.url}/team/proxy/v1")

    assert stub.received.path == "/team/proxy/api/v1/completions"


@pytest.mark.parametrize(
    "base",
    [
        "proxy.example", "127.0.0.1:8080", "ftp://proxy.example", "https://", "http://h:99999", "http://[::1", "http://h?x=1",
        "http://proxy..example", "http://.example", f"http://{'h' * 64}.example", "http://proxy example", "http://h%zz",
    ],
)
async def test_base_that_is_no_url_is_an_invalid_request(base: str) -> None:
    with pytest.raises(error.InvalidRequestError, match="api_base is no URL") as raised:
        ChatCompletion.create(messages=MESSAGES, api_base=base, api_key="hackathon/ann")
    with pytest.raises(error.InvalidRequestError, match="api_base is no URL"):
        await ChatCompletion.acreate(messages=MESSAGES, api_base=base, api_key="hackathon/ann")

    assert raised.value.param == "api_base"


def test_missing_base_says_what_to_do() -> None:
    with pytest.raises(error.InvalidRequestError, match="openai_proxy.api_base = 'https://proxy.example'"):
        ChatCompletion.create(messages=MESSAGES, api_key="hackathon/ann")


def test_missing_key_says_what_to_do(stub: Stub) -> None:
    openai_proxy.api_key = None

    with pytest.raises(error.AuthenticationError, match="openai_proxy.api_key = 'hackathon/your-name'"):
        ChatCompletion.create(messages=MESSAGES)


def test_settings_are_read_when_a_call_is_made(stub: Stub) -> None:
    openai_proxy.api_key = "workshop/bob"

    ChatCompletion.create(messages=MESSAGES)
    ChatCompletion.create(messages=MESSAGES, api_key="class/eve")

    assert [stub.received.headers["openai-event-code"] for _ in range(2)] == ["workshop/bob", "class/eve"]


def test_settings_come_from_the_environment_where_the_module_has_none(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    openai_proxy.api_key = openai_proxy.api_base = None
    monkeypatch.setenv("OPENAI_PROXY_API_BASE", stub.url)
    monkeypatch.setenv("OPENAI_PROXY_API_KEY", "aop_key\n")

    ChatCompletion.create(messages=MESSAGES)

    assert stub.received.headers["openai-event-code"] == "aop_key"


@pytest.mark.parametrize("key", ["hackathon/an\nn", "hackathon/ann\x00"])
def test_key_that_is_no_header_is_refused_without_repeating_it(stub: Stub, key: str) -> None:
    with pytest.raises(error.AuthenticationError) as raised:
        ChatCompletion.create(messages=MESSAGES, api_key=key)

    assert "hackathon" not in str(raised.value)


def test_call_can_be_written_to_a_log_without_key_and_prompt(stub: Stub) -> None:
    call = _call.post("chat/completions", {"messages": [{"role": "user", "content": "secret prompt"}]}, {"api_key": "secret/ann"})

    assert "secret" not in repr(call)


def test_header_that_is_no_header_is_refused_without_repeating_it(stub: Stub) -> None:
    with pytest.raises(error.InvalidRequestError, match="not valid HTTP") as raised:
        ChatCompletion.create(messages=MESSAGES, headers={"x-secret": "se\ncret"})

    assert raised.value.__cause__ is None


@pytest.mark.parametrize("key", [5, b"secret/ann", ["secret/ann"], "secret/\ud83d"])
def test_key_that_is_no_text_is_refused_without_repeating_it(stub: Stub, key: Any) -> None:
    with pytest.raises(error.AuthenticationError, match="api_key is no text") as raised:
        ChatCompletion.create(messages=MESSAGES, api_key=key)
    openai_proxy.api_key = key
    with pytest.raises(error.AuthenticationError, match="api_key is no text"):
        Model.list()

    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert "secret" not in repr(raised.value)


@pytest.mark.parametrize("base", [5, b"http://127.0.0.1", ["http://127.0.0.1"], "http://h/\ud83d"])
def test_base_that_is_no_text_is_an_invalid_request(base: Any) -> None:
    with pytest.raises(error.InvalidRequestError, match="api_base is no URL") as raised:
        ChatCompletion.create(messages=MESSAGES, api_base=base, api_key="hackathon/ann")

    assert raised.value.param == "api_base"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("request_id", 5),
        ("request_id", "se\ud83dcret"),
        ("headers", "x-secret: secret"),
        ("headers", ["x-secret"]),
        ("headers", {"x-secret": 5}),
        ("headers", {"x-secret": b"secret"}),
        ("headers", {"x-secret": None}),
        ("headers", {"x-secret": "se\ud83dcret"}),
        ("headers", {5: "secret"}),
        ("headers", {"x-schlüssel": "secret"}),
    ],
)
def test_header_that_is_no_text_is_an_invalid_request(stub: Stub, name: str, value: Any) -> None:
    with pytest.raises(error.InvalidRequestError, match="text") as raised:
        ChatCompletion.create(messages=MESSAGES, **{name: value})

    assert raised.value.param == name
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    assert "cret" not in str(raised.value)


@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_content_type_of_a_caller_is_sent_once(stub: Stub, name: str) -> None:
    def answer(connection: Any) -> None:
        whole({"sent": connection.headers.get_all("content-type")})(connection)

    stub.answer = answer

    answered = ChatCompletion.create(messages=MESSAGES, headers={name: "application/json; charset=utf-8"})

    assert answered.sent == ["application/json; charset=utf-8"]


def test_fields_are_sent_as_they_are_given(stub: Stub) -> None:
    fields: Dict[str, Any] = {
        "max_tokens": 5,
        "temperature": 0.5,
        "top_p": 1,
        "stop": ["a", "b"],
        "stop_sequence": "c",
        "n": 2,
        "user": "ann",
        "logprobs": True,
        "logit_bias": {"50256": -100},
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "functions": [{"name": "f"}],
        "function_call": {"name": "f"},
        "not_yet_invented": {"deep": [None, 1]},
    }

    ChatCompletion.create(messages=MESSAGES, **fields)

    assert stub.received.body == {"messages": MESSAGES, **fields}


def test_falsy_values_are_sent_and_none_is_not(stub: Stub) -> None:
    falsy: Dict[str, Any] = {"max_tokens": 0, "temperature": 0.0, "stop_sequence": "", "functions": [], "stream": False, "user": ""}

    ChatCompletion.create(messages=[], top_p=None, stop=None, **falsy)

    assert stub.received.body == {"messages": [], **falsy}


def test_function_call_of_the_first_sdks_default_is_only_sent_with_functions(stub: Stub) -> None:
    ChatCompletion.create(MESSAGES, 5, 1, function_call="auto")
    ChatCompletion.create(MESSAGES, 5, 1, functions=[{"name": "f"}], function_call="auto")
    ChatCompletion.create(MESSAGES, 5, 1, function_call="none")

    assert [stub.received.body.get("function_call") for _ in range(3)] == [None, "auto", "none"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"model": "a"}, "a"),
        ({"engine": "b"}, "b"),
        ({"deployment_id": "c"}, "c"),
        ({"model": "a", "deployment_id": "c"}, "c"),
        ({"model": "a", "deployment_id": "c", "engine": "b"}, "b"),
        ({"deployment_id": ""}, ""),
    ],
)
def test_model_has_three_names(stub: Stub, given: Dict[str, Any], sent: str) -> None:
    Embedding.create(input="Hello", **given)

    assert stub.received.body == {"input": "Hello", "model": sent}


def test_options_of_a_call_are_no_fields_of_its_body(stub: Stub) -> None:
    Completion.create(
        prompt="Hello",
        api_type="azure",
        api_version="2023-05-15",
        organization="org",
        request_id="mine",
        headers={"X-Class": "7b", "User-Agent": "lesson"},
        timeout=5,
        request_timeout=(1, 5),
    )

    received = stub.received
    assert received.body == {"prompt": "Hello"}
    assert (received.headers["x-request-id"], received.headers["x-class"], received.headers["user-agent"]) == ("mine", "7b", "lesson")


def test_messages_of_an_answer_can_be_sent_back(stub: Stub) -> None:
    stub.answer = whole({"choices": [{"message": {"role": "assistant", "content": None, "function_call": {"name": "f"}}}]})
    answered = ChatCompletion.create(messages=MESSAGES)

    ChatCompletion.create(messages=[*MESSAGES, answered.choices[0].message])

    assert [len(stub.received.body["messages"]) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("value", [object(), float("nan"), {1, 2}])
def test_what_is_no_json_is_an_invalid_request(stub: Stub, value: object) -> None:
    with pytest.raises(error.InvalidRequestError, match="cannot be written as JSON"):
        ChatCompletion.create(messages=MESSAGES, user=value)


def test_text_that_utf_8_cannot_hold_is_sent_as_json_can(stub: Stub) -> None:
    ChatCompletion.create(messages=[{"role": "user", "content": "\ud83d"}])

    assert stub.received.body["messages"][0]["content"] == "\ud83d"


def test_messages_are_required() -> None:
    with pytest.raises(TypeError, match="messages"):
        ChatCompletion.create()  # type: ignore[call-overload]


async def test_models_are_listed(stub: Stub) -> None:
    models = [{"id": "gpt-4o", "object": "model", "created": 1721172741, "owned_by": "system"}]
    stub.answer = whole({"object": "list", "data": models})

    assert [model.id for model in Model.list().data] == ["gpt-4o"]
    assert (await Model.alist(api_key="class/eve")).data == models

    listed, by_eve = stub.received, stub.received
    assert (listed.method, listed.path, listed.body) == ("GET", "/api/v1/models", None)
    assert by_eve.headers["openai-event-code"] == "class/eve"


def test_list_of_models_takes_no_fields(stub: Stub) -> None:
    with pytest.raises(TypeError, match="'limit'"):
        Model.list(limit=3)


def test_calls_after_each_other_share_a_connection(stub: Stub) -> None:
    for _ in range(3):
        ChatCompletion.create(messages=MESSAGES)

    assert stub.connections == 1


def test_body_does_not_wait_until_the_server_acknowledges_the_head(stub: Stub) -> None:
    with ExitStack() as closing:
        response = _transport._open(_call.post("chat/completions", {"messages": MESSAGES}, {}), closing)

        connection = response.extensions["network_stream"].get_extra_info("socket")
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_body_is_json_of_its_stated_length(stub: Stub) -> None:
    ChatCompletion.create(messages=[{"role": "user", "content": "Grüße"}])

    received = stub.received
    assert received.headers["content-type"] == "application/json"
    assert int(received.headers["content-length"]) == len(json.dumps(received.body))
