"""httpx, as in the example of chat completions over the event surface."""
import httpx

from listen import listen
from rest import Rest


def post(url, headers, body):
    response = httpx.post(url=url, headers=headers, json=body, timeout=30)
    response.raise_for_status()
    return response.json()


def stream(url, headers, body):
    with httpx.stream("POST", url, headers=headers, json=body, timeout=30) as response:
        response.raise_for_status()
        yield from response.iter_lines()


listen(Rest(post, stream))
