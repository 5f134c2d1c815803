"""The real server, called as an attendee calls it."""

import asyncio
import gc
import json
from typing import Any, Callable, Dict, List, Optional, Type

import pytest

import openai_proxy
from openai_proxy import ChatCompletion, Completion, Embedding, error
from proxy import Proxy

POEM: List[Dict[str, Any]] = [
    {"role": "system", "content": "You are an AI assistant that writes poems in the style of William Shakespeare."},
    {"role": "user", "content": "Write a poem about indian elephants"},
]
LONG = [{"role": "user", "content": "A long poem about rain [[tokens=5000]]"}]


def test_chat_completion_is_a_poem_that_prints_as_json(proxy: Proxy) -> None:
    openai_proxy.api_type = "azure"
    openai_proxy.api_version = "2023-07-01-preview"

    response = ChatCompletion.create(messages=POEM, max_tokens=256, temperature=1.0)

    assert "elephant" in response.choices[0].message.content
    assert response["choices"][0]["message"]["role"] == "assistant"
    assert json.loads(json.dumps(response, indent=4, sort_keys=True)) == response
    assert response.request_id


def test_parameters_may_be_given_by_position_as_to_the_first_sdk(proxy: Proxy) -> None:
    response = ChatCompletion.create(POEM, 5, 0.0, None, 0.5, "\n", 0, 0.0, None, "auto")

    assert response.usage.completion_tokens <= 5
    [request] = proxy.served("ended=1")
    body = json.loads(request["body"])
    assert (body["temperature"], body["top_p"], body["stop"], body["frequency_penalty"]) == (0.0, 0.5, "\n", 0)
    assert "function_call" not in body


def test_models_are_those_of_the_event_with_their_aliases(proxy: Proxy) -> None:
    models = openai_proxy.Model.list()

    assert {"gpt-4o", "gpt-35-turbo", "gpt-3.5-turbo"} <= {model.id for model in models.data}


def test_stream_comes_in_chunks_that_add_up_to_the_answer(proxy: Proxy) -> None:
    chunks = list(ChatCompletion.create(messages=POEM, stream=True))

    assert len(chunks) > 10
    assert "elephant" in "".join(chunk.choices[0].delta.get("content") or "" for chunk in chunks if chunk.choices)


async def test_asynchronous_calls_run_at_the_same_time(proxy: Proxy) -> None:
    proxy.plan({"kind": "hold", "after": 1})
    calls = [asyncio.ensure_future(_text(await ChatCompletion.acreate(messages=POEM, stream=True))) for _ in range(3)]

    await asyncio.get_running_loop().run_in_executor(None, proxy.served, "held=3")
    proxy.release()

    assert all("elephant" in text for text in await asyncio.gather(*calls))


async def test_asynchronous_call_returns_what_a_call_returns(proxy: Proxy) -> None:
    response = await ChatCompletion.acreate(messages=POEM)

    assert "elephant" in response.choices[0].message.content


async def test_completion_goes_on_with_the_prompt_in_every_way_of_calling(proxy: Proxy) -> None:
    prompt = "The indian elephant is"

    assert Completion.create(prompt=prompt, stop=".", temperature=0)["choices"][0]["text"]
    assert (await Completion.acreate(prompt, 20)).choices[0].text
    assert len(list(Completion.create(prompt=prompt, stream=True))) > 3
    assert len([chunk async for chunk in await Completion.acreate(prompt=prompt, stream=True)]) > 3


async def test_embedding_is_a_list_of_numbers_for_each_text(proxy: Proxy) -> None:
    response = Embedding.create(input=["one", "two"])

    assert [len(item.embedding) for item in response.data] == [1536, 1536]
    assert (await Embedding.acreate("one")).data[0].embedding == response.data[0].embedding


def test_deployment_is_the_name_of_a_model_of_the_event(proxy: Proxy) -> None:
    Completion.create(deployment_id="gpt-3.5-turbo-instruct", prompt="Hello")
    ChatCompletion.create(messages=POEM, engine="gpt-4o-mini", model="gpt-4o")

    assert [request["deployment"] for request in proxy.served("ended=2")] == ["gpt-3.5-turbo-instruct", "gpt-4o-mini"]


@pytest.mark.parametrize("user", ["Jürgen Müller", "李雷", "a/b:c"])
def test_name_may_have_any_letters(proxy: Proxy, user: str) -> None:
    assert ChatCompletion.create(messages=POEM, api_key=f"hackathon/{user}").choices


def test_key_of_an_attendee_works_as_the_event_code_does(proxy: Proxy) -> None:
    key = proxy.issue_key("bob")

    assert ChatCompletion.create(messages=POEM, api_key=key).choices


def test_unknown_event_code_is_an_authentication_error(proxy: Proxy) -> None:
    with pytest.raises(error.AuthenticationError) as raised:
        ChatCompletion.create(messages=POEM, api_key="nowhere/ann")

    assert (raised.value.http_status, raised.value.code) == (401, "event_code_unknown")


def test_paused_event_is_a_permission_error_which_says_so(proxy: Proxy) -> None:
    proxy.change_event("pause")
    try:
        with pytest.raises(error.PermissionError, match="paused") as raised:
            ChatCompletion.create(messages=POEM, stream=True)
    finally:
        proxy.change_event("resume")

    assert (raised.value.http_status, raised.value.code) == (403, "event_paused")
    assert raised.value.request_id == raised.value.headers["X-Request-Id"]


def test_unknown_model_is_an_invalid_request_which_names_those_there_are(proxy: Proxy) -> None:
    with pytest.raises(error.InvalidRequestError, match="gpt-4o-mini") as raised:
        ChatCompletion.create(messages=POEM, model="gpt-17")

    assert (raised.value.http_status, raised.value.code, raised.value.param) == (404, "model_not_found", "model")


def test_filtered_prompt_is_an_invalid_request_with_azures_reason(proxy: Proxy) -> None:
    with pytest.raises(error.InvalidRequestError) as raised:
        ChatCompletion.create(messages=[{"role": "user", "content": "[[content-filter]]"}])

    assert raised.value.code == "content_filter"
    assert raised.value.json_body["error"]["innererror"]["code"] == "ResponsibleAIPolicyViolation"


@pytest.mark.parametrize(
    ("kind", "raises", "code"),
    [
        ("errorEvent", error.APIError, None),
        ("reset", error.APIError, "backend_broke_off"),
        # Nothing that reads only the HTTP can tell: the end is a proper one, but for the missing [DONE].
        ("truncate", error.APIConnectionError, None),
    ],
)
def test_stream_whose_backend_breaks_off_raises_after_what_had_come(
    proxy: Proxy, kind: str, raises: Type[error.OpenAIError], code: Optional[str]
) -> None:
    proxy.plan({"kind": kind, "after": 3})
    stream = ChatCompletion.create(messages=POEM, stream=True)
    chunks = [next(stream), next(stream)]

    with pytest.raises(raises) as raised:
        chunks.extend(stream)

    assert raised.value.code == code


@pytest.mark.parametrize("leave", [lambda stream: stream.close(), lambda stream: None], ids=["closed", "forgotten"])
def test_stream_that_is_left_ends_at_the_backend(proxy: Proxy, leave: Callable[[Any], None]) -> None:
    proxy.plan({"kind": "hold", "after": 5})
    stream = ChatCompletion.create(messages=LONG, stream=True)
    next(stream)
    proxy.served("held=1")

    leave(stream)
    del stream
    gc.collect()

    assert [request["state"] for request in proxy.served("ended=1")] == ["cancelled"]


async def _text(stream: openai_proxy.AsyncStream) -> str:
    return "".join([chunk.choices[0].delta.get("content") or "" async for chunk in stream if chunk.choices])
