"""Which classes errors have, beside each openai that may be installed. Each program runs in a Python of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openai_proxy import _own_errors, error
from stub import Stub, whole

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src"

# What the seed's example does, for each class it names and those it does not.
SEED = """
import openai.error
import openai_proxy

openai_proxy.api_key = "hackathon/githubuser"
openai_proxy.api_base = {url!r}

for status, name in {expected}.items():
    try:
        openai_proxy.ChatCompletion.create(messages=[], max_tokens=256, temperature=1.0, headers={{"x-status": str(status)}})
    except getattr(openai.error, name) as it:
        print(status, type(it).__name__, it.http_status, it.code, it.param, it.request_id, it.headers.get("X-Any"), it)
"""


def run(program: str, *beside: str) -> str:
    """What a program prints, with these of the stand-ins installed."""
    places = [str(SOURCE), *(str(HERE / "standins" / name) for name in beside), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_seed_catches_the_errors_of_openai_0_28(stub: Stub) -> None:
    expected = {
        400: "InvalidRequestError",
        401: "AuthenticationError",
        403: "PermissionError",
        409: "TryAgain",
        429: "RateLimitError",
        500: "APIError",
        503: "ServiceUnavailableError",
    }
    described = {"error": {"message": "what is wrong", "type": "t", "param": "p", "code": "c"}}
    stub.answer = lambda connection: whole(described, int(connection.headers["x-status"]), X_Request_Id="r-1", X_Any="any")(connection)

    said = run(SEED.format(url=stub.url, expected=expected), "openai_0_28").splitlines()

    assert said == [f"{status} {name} {status} c p r-1 any Request r-1: what is wrong" for status, name in expected.items()]


@pytest.mark.parametrize("body", ["5", "null", "true", "[1]", '"an error"', "no JSON", ""])
def test_body_that_is_no_object_is_an_error_of_openai_0_28_as_well(stub: Stub, body: str) -> None:
    stub.answer = whole(body, 500)

    assert run(SEED.format(url=stub.url, expected={0: "APIError"}), "openai_0_28").startswith("0 APIError 500 None None None None ")


def test_seed_catches_what_the_network_does() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"

        said = run(SEED.format(url=url, expected={0: "APIConnectionError"}), "openai_0_28")

    assert said.startswith(f"0 APIConnectionError None None None None None Error communicating with {url}")


def test_seed_catches_what_was_never_sent() -> None:
    assert "api_base" in run(SEED.format(url="", expected={0: "InvalidRequestError"}), "openai_0_28")


def test_errors_are_the_very_classes_of_openai_0_28() -> None:
    program = (
        "import openai_proxy.error as ours, openai.error as theirs\n"
        "print([name for name in ours.__all__ if getattr(ours, name) is not getattr(theirs, name)])"
    )

    assert run(program, "openai_0_28") == "[]"


def test_errors_are_our_own_where_there_is_no_openai() -> None:
    assert run("import openai_proxy; print(openai_proxy.error.RateLimitError.__module__)") == "openai_proxy._own_errors"


@pytest.mark.parametrize("beside", ["openai_1", "openai_broken", "openai_partial"])
def test_errors_are_our_own_beside_an_openai_that_has_not_these(beside: str) -> None:
    assert run("import openai_proxy; print(openai_proxy.error.RateLimitError.__module__)", beside) == "openai_proxy._own_errors"


def test_newer_openai_is_not_even_imported() -> None:
    assert run("import sys, openai_proxy; print('openai' in sys.modules)", "openai_1") == "False"


def test_openai_that_exists_only_in_memory_is_found_as_well() -> None:
    program = (
        "import sys; sys.path.insert(0, {place!r}); import openai.error; sys.path.pop(0);"
        "import openai_proxy; print(openai_proxy.error.RateLimitError is openai.error.RateLimitError)"
    ).format(place=str(HERE / "standins" / "openai_0_28"))

    assert run(program) == "True"


def test_own_classes_are_made_and_behave_as_those_of_openai_0_28() -> None:
    program = (
        "import {module} as e, pickle\n"
        "for name in {names}:\n"
        "    kind = getattr(e, name)\n"
        "    more = dict(InvalidRequestError=['p'], SignatureVerificationError=['s']).get(name, [])\n"
        "    it = kind('m', *more, http_body=b'{{}}')\n"
        "    print([base.__name__ for base in kind.__mro__], it, [it], it.user_message, it.http_body)\n"
        "    print(it.http_status, it.headers, it.code, it.error, it.request_id, [pickle.loads(pickle.dumps(it))])"
    )

    theirs = run(program.format(module="openai.error", names=error.__all__), "openai_0_28")
    ours = run(program.format(module="openai_proxy._own_errors", names=error.__all__))

    assert ours == theirs


def test_own_errors_take_every_argument_of_openai_0_28() -> None:
    described = {"error": {"type": "t"}}
    everything: Any = {"http_body": "{}", "http_status": 418, "json_body": described, "headers": {"request-id": "r"}, "code": "c"}

    for made in (_own_errors.APIError("m", *everything.values()), _own_errors.InvalidRequestError("m", "p", **everything)):
        assert (made.http_body, made.http_status, made.code, made.request_id) == ("{}", 418, "c", "r")
        assert made.error is not None and made.error.type == "t"
    assert _own_errors.APIConnectionError("m", should_retry=True).should_retry
