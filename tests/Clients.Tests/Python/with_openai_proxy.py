"""openai_proxy, the package for programs written for openai 0.28."""
import json

import openai_proxy

from listen import ENOUGH, WEATHER, listen


class Package:
    def chat(self, order, seen):
        answer = openai_proxy.ChatCompletion.create(**question(order))
        seen["text"] = answer.choices[0].message.content
        seen["tokens"] = answer.usage.total_tokens

    def stream(self, order, seen):
        seen["text"] = ""
        for chunk in openai_proxy.ChatCompletion.create(stream=True, **question(order)):
            seen["chunks"] += 1
            seen["text"] += chunk.choices[0].delta.get("content", "")

    def tools(self, order, seen):
        answer = openai_proxy.ChatCompletion.create(functions=[WEATHER], function_call="auto", **question(order))
        called = answer.choices[0].message.function_call
        seen["tool"] = {"name": called.name, "arguments": json.loads(called.arguments)}

    def complete(self, order, seen):
        seen["text"] = openai_proxy.Completion.create(prompt=order["prompt"], **place(order)).choices[0].text

    def embed(self, order, seen):
        seen["vector"] = openai_proxy.Embedding.create(input=order["prompt"], **place(order)).data[0].embedding

    def cancel(self, order, seen):
        with openai_proxy.ChatCompletion.create(stream=True, **question(order)) as stream:
            for chunk in stream:
                if chunk.choices[0].delta.get("content"):
                    seen["chunks"] += 1
                if seen["chunks"] == ENOUGH:
                    return


def place(order):
    return {"api_base": order["endpoint"], "api_key": order["credential"], "model": order["model"]}


def question(order):
    return {"messages": [{"role": "user", "content": order["prompt"]}], **place(order)}


listen(Package())
