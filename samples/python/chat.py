#!/usr/bin/python3
# A chat completion. The answer is a dictionary whose keys are also attributes.
import json
import os

import openai_proxy

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")

response = openai_proxy.ChatCompletion.create(
    messages=[{"role": "user", "content": "Write a poem about indian elephants"}],
    max_tokens=256,
)

print(json.dumps(response, indent=4, sort_keys=True))
