#!/usr/bin/python3
# What can go wrong, and what to do then. With openai 0.28 installed these are the classes of openai.error.
import os
import sys

import openai_proxy
from openai_proxy import error

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")

messages = [{"role": "user", "content": "Write a poem about indian elephants"}]

try:
    openai_proxy.ChatCompletion.create(messages=messages, model="no-such-model")
except error.InvalidRequestError as wrong:
    print(wrong.http_status, wrong.code, "in", wrong.param)

try:
    response = openai_proxy.ChatCompletion.create(messages=messages, timeout=60)
    print(response.choices[0].message.content)
except error.RateLimitError as wait:
    sys.exit("Try again in " + wait.headers["retry-after"] + " s: " + str(wait))
except (error.AuthenticationError, error.PermissionError) as refused:
    # The message says which rule, and what to do. Trying again does not help.
    sys.exit(str(refused))
except (error.Timeout, error.APIConnectionError) as network:
    sys.exit("The proxy does not answer: " + str(network))
except error.OpenAIError as other:
    sys.exit("Tell the organiser this: " + str(other))
