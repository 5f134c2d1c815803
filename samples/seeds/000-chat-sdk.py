#!/usr/bin/python3
# "The Python OpenAI Proxy SDK" of the guide "OpenAI API access": as it stands there, but for the host.
# It needs openai 0.28, whose errors it names; samples/python does without.
''' Example of using the OpenAI Proxy Python SDK '''

import json
import os
import openai.error
import openai_proxy

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")
openai_proxy.api_version = "2023-07-01-preview"
openai_proxy.api_type = "azure"

poem_messages = [
    {
        "role": "system",
        "content": "You are an AI assistant that writes poems in the style of William Shakespeare.",
    },
    {"role": "user", "content": "Write a poem about indian elephants"},
]

try:
    response = openai_proxy.ChatCompletion.create(
        messages=poem_messages,
        max_tokens=256,
        temperature=1.0,
    )

    print(json.dumps(response, indent=4, sort_keys=True))

except openai.error.InvalidRequestError as invalid_request_error:
    print(invalid_request_error)

except openai.error.AuthenticationError as authentication_error:
    print(authentication_error)

except openai.error.PermissionError as permission_error:
    print(permission_error)

except openai.error.TryAgain as try_again:
    print(try_again)

except openai.error.RateLimitError as rate_limit_error:
    print(rate_limit_error)

except openai.error.APIError as api_error:
    print(api_error)

except Exception as exception:
    print(exception)
