"""A client program does what the test says: each line it reads is an order, each line it writes is what the client saw."""
import json
import sys

# How many pieces a client has seen when it cancels.
ENOUGH = 2

WEATHER = {
    "name": "get_weather",
    "description": "The weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def listen(actions):
    for line in sys.stdin:
        order = json.loads(line)
        seen = {"chunks": 0}
        try:
            getattr(actions, order["action"])(order, seen)
        except Exception as error:  # Whatever it is, the test is told.
            seen.update(describe(error))
        print(json.dumps(seen), flush=True)


def describe(error):
    response = getattr(error, "response", None)
    status = getattr(error, "http_status", None) or getattr(response, "status_code", None)
    said = said_by(response)
    code = getattr(error, "code", None) or said.get("code")
    return {"error": type(error).__name__, "status": status, "code": code, "message": said.get("message") or str(error)}


def said_by(response):
    """What the proxy said, where the client keeps the answer."""
    try:
        return response.json()["error"]
    except Exception:  # No answer, or one that was streamed and is gone.
        return {}
