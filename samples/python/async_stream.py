#!/usr/bin/python3
# Two chat completions at the same time, each streamed.
import asyncio
import os

import openai_proxy

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")


async def poem(animal):
    messages = [{"role": "user", "content": "Write a poem about the " + animal}]
    text = ""
    async with await openai_proxy.ChatCompletion.acreate(messages=messages, stream=True) as stream:
        async for chunk in stream:
            for choice in chunk.choices:
                text += choice.delta.get("content") or ""
    return text


async def main():
    for text in await asyncio.gather(poem("elephant"), poem("tiger")):
        print(text, end="\n\n")


asyncio.run(main())
