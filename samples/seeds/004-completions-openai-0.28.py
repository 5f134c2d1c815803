#!/usr/bin/python3
# "Azure completions example", written for openai 0.28: the request as that version sends it, byte for byte, for those who have
# the package no more. With the package the example runs as it stands; api_base is the proxy, and api_key the event code.
# OPENAI_API_TYPE is azure (the key as 'api-key') or azure_ad (a token as 'Authorization: Bearer').
import json
import os
import platform
import urllib.parse

import requests

api_type = os.environ.get("OPENAI_API_TYPE", "azure")
api_version = '2023-05-15'
api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")
api_key = os.environ.get("OPENAI_API_KEY", "hackathon/githubuser")
deployment_id = 'gpt-3.5-turbo-instruct'

prompt = "The food was delicious and the waiter"

# What Completion.create(deployment_id=deployment_id, prompt=prompt, stop=".", temperature=0) sends:
about = {
    "bindings_version": "0.28.1", "httplib": "requests", "lang": "python", "lang_version": platform.python_version(),
    "platform": platform.platform(), "publisher": "openai", "uname": " ".join(platform.uname()[:1] + platform.uname()[2:]),
}
headers = {
    "X-OpenAI-Client-User-Agent": json.dumps(about),
    "User-Agent": "OpenAI/v1 PythonBindings/0.28.1",
    **({"Authorization": f"Bearer {api_key}"} if api_type == "azure_ad" else {"api-key": api_key}),
    "Content-Type": "application/json",
}
body = {"prompt": prompt, "stop": ".", "temperature": 0}
url = f"{api_base}/openai/deployments/{urllib.parse.quote_plus(deployment_id)}/completions?api-version={api_version}"
response = requests.Session().request("post", url, headers=headers, data=json.dumps(body).encode(), timeout=600)

response.raise_for_status()
completion = response.json()
print(f"{prompt}{completion['choices'][0]['text']}.")
