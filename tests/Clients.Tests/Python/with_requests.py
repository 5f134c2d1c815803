"""requests, as in the example of Azure's completions with a token."""
import requests

from listen import listen
from rest import Rest


def post(url, headers, body):
    response = requests.post(url, headers=headers, json=body)
    response.raise_for_status()
    return response.json()


def stream(url, headers, body):
    with requests.post(url, headers=headers, json=body, stream=True) as response:
        response.raise_for_status()
        # One byte at a time, or the library waits for more than has come.
        yield from response.iter_lines(chunk_size=1, decode_unicode=True)


listen(Rest(post, stream))
