"""A server that answers as a test says, however odd that is."""

import json
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any, Callable, Dict, Mapping, NamedTuple, Sequence, Union

PATIENCE_SECONDS = 20
"""How long a test waits for what will have happened long before, if it happens at all."""

NESTED = '{"n":' * 700 + "1" + "}" * 700
"""JSON that Python can read, and that is too deep to make objects of."""

Answer = Callable[["Connection"], None]


class Received(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


class Stub:
    """Listens on a port of its own from its first line to :meth:`close`."""

    def __init__(self) -> None:
        self.answer: Answer = whole({})
        self.requests: "Queue[Received]" = Queue()
        self.connections = 0
        self.client_left = threading.Event()
        """Set when a client has closed its connection in the middle of :func:`events` that wait."""
        self.released = threading.Event()
        """Lets go of everything that waits."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
        self._server.daemon_threads = True
        self._server.stub = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def received(self) -> Received:
        """The next request that came."""
        return self.requests.get(timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    # Or else each answer in several pieces would take 40 ms.
    disable_nagle_algorithm = True

    @property
    def stub(self) -> Stub:
        return self.server.stub  # type: ignore[attr-defined, no-any-return]

    def setup(self) -> None:
        super().setup()
        self.stub.connections += 1

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        headers = {name.lower(): value.encode("latin-1").decode("utf-8") for name, value in self.headers.items()}
        self.stub.requests.put(Received(self.command, self.path, headers, body))
        try:
            self.stub.answer(self)
        except OSError:
            # The client did not wait for all of it.
            self.close_connection = True

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def reset(self) -> None:
        """Ends the connection as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def whole(body: Union[Dict[str, Any], str, bytes], status: int = 200, **headers: str) -> Answer:
    """An answer in one piece; a dictionary is sent as JSON. Header names have _ for -."""
    data = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body

    def answer(connection: Connection) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.begin(status, {"content-type": "application/json", "content-length": str(len(data)), **named})
        connection.wfile.write(data)

    return answer


def events(pieces: Sequence[bytes], end: str = "well", **headers: str) -> Answer:
    """A stream in these pieces, which ends well, is cut off ("broken"), is reset, or waits for the client to leave ("waits")."""

    def answer(connection: Connection) -> None:
        connection.begin(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked", **headers})
        for piece in pieces:
            connection.chunk(piece)
        if end == "well":
            connection.wfile.write(b"0\r\n\r\n")
        elif end == "broken":
            connection.close_connection = True
        elif end == "reset":
            connection.reset()
        else:
            wait_for_the_client_to_leave(connection)

    return answer


def silence(connection: Connection) -> None:
    """No answer at all."""
    wait_for_the_client_to_leave(connection)


def hang_up(connection: Connection) -> None:
    """The connection is closed in place of an answer."""
    connection.close_connection = True


def wait_for_the_client_to_leave(connection: Connection) -> None:
    connection.connection.settimeout(PATIENCE_SECONDS)
    try:
        left = not connection.connection.recv(1)
    except ConnectionResetError:
        left = True
    if left:
        connection.stub.client_left.set()
    connection.close_connection = True


def sse(*data: Any) -> bytes:
    """Events with these data, each given as text or as what becomes JSON."""
    return b"".join(f"data: {item if isinstance(item, str) else json.dumps(item)}\n\n".encode() for item in data)
