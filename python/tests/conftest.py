"""What every test finds in place: no settings of the machine, and servers to call."""

import asyncio
import inspect
from typing import Iterator, Optional

import pytest

import openai_proxy
from proxy import Proxy
from stub import Stub

KEY = "hackathon/ann"


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Optional[bool]:
    """Runs an asynchronous test as a program is run, to the end of its event loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test begins with what a program begins with, and leaves nothing behind."""
    for name in ("OPENAI_PROXY_API_KEY", "OPENAI_PROXY_API_BASE", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("api_key", "api_base", "api_type", "api_version"):
        monkeypatch.setattr(openai_proxy, name, None)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A server of this test's own, which the module calls."""
    server = Stub()
    monkeypatch.setattr(openai_proxy, "api_base", server.url)
    monkeypatch.setattr(openai_proxy, "api_key", KEY)
    yield server
    server.close()


@pytest.fixture(scope="session")
def running_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    server = Proxy(tmp_path_factory.mktemp("server") / "data")
    yield server
    server.stop()


@pytest.fixture
def proxy(running_proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The real server, which the module calls, as if it had just been started."""
    running_proxy.begin_anew()
    monkeypatch.setattr(openai_proxy, "api_base", running_proxy.url)
    monkeypatch.setattr(openai_proxy, "api_key", KEY)
    yield running_proxy
    running_proxy.begin_anew()
