"""What programs send that call the interface with no client but a library for HTTP."""
import json

from listen import ENOUGH, WEATHER


class Rest:
    """The two ways in the seeds: the event surface with its own header, and Azure's paths with a key or token."""

    def __init__(self, post, stream):
        """post(url, headers, body) gives the answer's JSON; stream(url, headers, body) gives its lines."""
        self.post = post
        self.stream_lines = stream

    def chat(self, order, seen):
        answer = self.post(*call(order, "chat/completions", {"messages": question(order)}))
        seen["text"] = answer["choices"][0]["message"]["content"]
        seen["tokens"] = answer["usage"]["total_tokens"]

    def stream(self, order, seen):
        seen["text"] = ""
        for piece in self.pieces(order):
            seen["chunks"] += 1
            seen["text"] += piece

    def tools(self, order, seen):
        body = {"messages": question(order), "functions": [WEATHER], "function_call": "auto"}
        called = self.post(*call(order, "chat/completions", body))["choices"][0]["message"]["function_call"]
        seen["tool"] = {"name": called["name"], "arguments": json.loads(called["arguments"])}

    def complete(self, order, seen):
        seen["text"] = self.post(*call(order, "completions", {"prompt": order["prompt"]}))["choices"][0]["text"]

    def embed(self, order, seen):
        seen["vector"] = self.post(*call(order, "embeddings", {"input": order["prompt"]}))["data"][0]["embedding"]

    def cancel(self, order, seen):
        pieces = self.pieces(order)
        while seen["chunks"] < ENOUGH:
            next(pieces)
            seen["chunks"] += 1
        pieces.close()

    def pieces(self, order):
        for line in self.stream_lines(*call(order, "chat/completions", {"messages": question(order), "stream": True})):
            if not line.startswith("data: {"):
                continue
            # The event that tells of an error has no choices; the library itself notices that the connection breaks.
            for choice in json.loads(line[len("data: "):]).get("choices", []):
                if text := choice["delta"].get("content"):
                    yield text


def question(order):
    return [{"role": "user", "content": order["prompt"]}]


def call(order, operation, body):
    if order["isAzure"]:
        url = f"{order['endpoint']}/openai/deployments/{order['model']}/{operation}?api-version=2024-10-21"
        return url, {"Authorization": f"Bearer {order['credential']}"}, body
    return f"{order['endpoint']}/{operation}", {"openai-event-code": order["credential"]}, body
