"""The real server with its simulator, as a process of its own."""

import os
import re
import subprocess
import threading
from pathlib import Path
from typing import Any, Dict, List

import httpx

PATIENCE_SECONDS = 60
REPOSITORY = Path(__file__).resolve().parents[2]

_READY = "Ctrl-C stops the server"
_FREE_PORTS = ["--url", "http://127.0.0.1:0", "--admin-url", "http://127.0.0.1:0", "--simulator-url", "http://127.0.0.1:0"]


class Proxy:
    """A server with the demo event, whose data are in a directory of its own."""

    def __init__(self, data: Path) -> None:
        self._lines: List[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [_dotnet(), str(_server()), "--demo", "--data", str(data), "--simulator-latency", "none", *_FREE_PORTS],
            cwd=str(data.parent),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if not self._ready.wait(PATIENCE_SECONDS) or not self._announced(_READY):
            self.stop()
            raise RuntimeError("The server did not become ready:\n" + "".join(self._lines))
        self.url = self._find(r"clients call +(\S+)")
        self._admin = self._find(r"operators +(\S+)/metrics")
        self._simulator = self._find(r"simulator +(\S+)/ answers")
        self._token = (data / "admin-token").read_text().strip()

    def change_event(self, step: str) -> None:
        """A step in the life of the demo event, such as pause."""
        self._post(f"/api/events/hackathon/{step}", {})

    def issue_key(self, user: str) -> str:
        issued = self._post("/api/events/hackathon/keys", {"user": user})
        return str(issued["key"])

    def plan(self, *faults: Dict[str, Any]) -> None:
        """What goes wrong in the simulator from now on."""
        httpx.put(f"{self._simulator}/simulator/faults", json={"faults": faults}).raise_for_status()

    def begin_anew(self) -> None:
        """Forgets faults and what was served."""
        for what in ("faults", "served"):
            httpx.delete(f"{self._simulator}/simulator/{what}").raise_for_status()

    def served(self, milestone: str = "") -> List[Dict[str, Any]]:
        """The requests that the simulator got; waits for a milestone such as ended=1."""
        answer = httpx.get(f"{self._simulator}/simulator/requests?{milestone}", timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
        return list(answer.json()["requests"])

    def release(self) -> None:
        """Lets go of what a fault of kind hold has stopped."""
        httpx.post(f"{self._simulator}/simulator/release").raise_for_status()

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line)
            if _READY in line:
                self._ready.set()
        # At its end whoever waits need not wait on.
        self._ready.set()

    def _announced(self, text: str) -> bool:
        return any(text in line for line in self._lines)

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, "".join(self._lines))
        assert found is not None, f"nothing matches {pattern} in:\n{''.join(self._lines)}"
        return found.group(1)

    def _post(self, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        answer = httpx.post(self._admin + path, json=body, headers={"authorization": f"Bearer {self._token}"})
        answer.raise_for_status()
        return dict(answer.json())


def _server() -> Path:
    """OPENAIPROXY_SERVER_DLL, or what was built here last."""
    named = os.environ.get("OPENAIPROXY_SERVER_DLL")
    built = [REPOSITORY / f"src/Server/bin/{kind}/net10.0/OpenAIProxy.Server.dll" for kind in ("Release", "Debug")]
    there = [path for path in ([Path(named)] if named else built) if path.is_file()]
    if there:
        return max(there, key=lambda path: path.stat().st_mtime)
    raise FileNotFoundError("There is no server to test against: dotnet build src/Server, or set OPENAIPROXY_SERVER_DLL.")


def _dotnet() -> str:
    return os.environ.get("OPENAIPROXY_DOTNET", "dotnet")


def _environment() -> Dict[str, str]:
    # What the machine that runs the tests tells its own servers is nothing to this one.
    return {name: value for name, value in os.environ.items() if not name.startswith(("OPENAIPROXY_", "ASPNETCORE_", "DOTNET_ENVIRONMENT"))}
