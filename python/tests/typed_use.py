"""What a type checker makes of calls. Nobody runs this; test_package.py has it checked."""

from typing import Union

import openai_proxy
from openai_proxy import AsyncStream, ChatCompletion, Completion, Embedding, Model, OpenAIObject, Stream, error

MESSAGES = [{"role": "user", "content": "Hello"}]


def calls(is_stream: bool) -> None:
    openai_proxy.api_key = "hackathon/ann"
    whole: OpenAIObject = ChatCompletion.create(MESSAGES, 5, 0.5, stop=["a"], tools=[])
    said_so: OpenAIObject = ChatCompletion.create(messages=MESSAGES, stream=False)
    stream: Stream = ChatCompletion.create(messages=MESSAGES, stream=True)
    either: Union[OpenAIObject, Stream] = ChatCompletion.create(messages=MESSAGES, stream=is_stream)
    text: OpenAIObject = Completion.create(prompt="Hello", request_timeout=(1, 2.5))
    texts: Stream = Completion.create("Hello", stream=True)
    vectors: OpenAIObject = Embedding.create(["one", "two"], model="text-embedding-3-small")
    models: OpenAIObject = Model.list(api_base="http://127.0.0.1:8080")
    print(whole.choices[0].message.content, said_so, either, text, vectors, models, *stream, *texts)


async def acalls(is_stream: bool) -> None:
    whole: OpenAIObject = await ChatCompletion.acreate(MESSAGES)
    either: Union[OpenAIObject, AsyncStream] = await Completion.acreate("Hello", stream=is_stream)
    vectors: OpenAIObject = await Embedding.acreate("one")
    async with await ChatCompletion.acreate(MESSAGES, stream=True) as stream:
        async for chunk in stream:
            print(chunk.choices, whole, either, vectors)


def errors() -> None:
    try:
        ChatCompletion.create(messages="Hello")  # type: ignore[arg-type]
    except error.RateLimitError as refused:
        print(refused.headers["retry-after"], refused.code, refused.param, refused.request_id)
