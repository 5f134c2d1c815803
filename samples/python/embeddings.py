#!/usr/bin/python3
# How near two texts are to a third: embeddings, compared.
import os

import openai_proxy

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = os.environ.get("PROXY_URL", "http://127.0.0.1:8080")

texts = ["an indian elephant", "an african elephant", "a train timetable"]
response = openai_proxy.Embedding.create(input=texts)

first, *others = [item.embedding for item in response.data]
for text, vector in zip(texts[1:], others):
    print(text, "%.3f" % sum(a * b for a, b in zip(first, vector)))
