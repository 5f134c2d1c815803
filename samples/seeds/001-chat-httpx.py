#!/usr/bin/python3
# "Chat completion with Python and httpx" of the guide "Chat completions API": as it stands there, but for the host, the quotes
# around the event code, and what it leaves to the reader: the import, and what to do if the answer is not 200.
import os
import sys

import httpx

PROXY_URL = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")

request = {
    "max_tokens": 256,
    "temperature": 1,
    "messages": [
        {
            "role": "system",
            "content": "You are an AI assistant that writes poems in the style of William Shakespeare."
        },
        {
            "role": "user",
            "content": "Write a poem about indian elephants"
        }
    ]
}

url = PROXY_URL + "/api/v1/chat/completions"

headers = {"openai-event-code": "hackathon/githubuser"}

response = httpx.post(url=url, headers=headers, json=request, timeout=30)

if response.status_code == 200:
    print(response.json())

if response.status_code != 200:
    sys.exit(response.text)
