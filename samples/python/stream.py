#!/usr/bin/python3
# A chat completion, printed while it is written.
import os

import openai_proxy

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")

messages = [{"role": "user", "content": "Write a poem about indian elephants"}]

# Leaving the with ends the answer at the model, also in the middle of it.
with openai_proxy.ChatCompletion.create(messages=messages, stream=True) as stream:
    for chunk in stream:
        # Azure's first chunk has no choices: it says what the content filter found in the prompt.
        for choice in chunk.choices:
            print(choice.delta.get("content") or "", end="", flush=True)
print()
