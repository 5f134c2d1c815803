"""Server-sent events, out of bytes that arrive in pieces of any size."""

from typing import Iterator, List, Optional

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventDecoder:
    """Takes the bytes of a stream and gives the data of its events.

    Lines end with LF, CR or CRLF; an event may have several lines of data; comments and fields other than ``data`` are left out. Text is
    only decoded in whole lines, so it does not matter where the network cuts a character in two.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._data: List[str] = []
        self._is_first_line = True
        self._was_return = False

    def feed(self, received: bytes) -> Iterator[str]:
        """The data of the events that these bytes complete."""
        if self._was_return and received.startswith(b"\n"):
            # The other half of a CRLF whose first half has ended the line already.
            received = received[1:]
            self._was_return = False
        if not received:
            return
        self._was_return = received.endswith(b"\r")
        for piece in received.splitlines(keepends=True):
            self._line += piece
            if piece.endswith((b"\r", b"\n")):
                yield from self._end_line()

    def end(self) -> Optional[str]:
        """The data of an event that was not closed by an empty line before the stream ended."""
        for data in self._end_line():
            return data
        return self._end_event()

    def _end_line(self) -> Iterator[str]:
        line = bytes(self._line).rstrip(b"\r\n")
        self._line.clear()
        if self._is_first_line and line.startswith(_BYTE_ORDER_MARK):
            line = line[len(_BYTE_ORDER_MARK) :]
        self._is_first_line = False
        if not line:
            data = self._end_event()
            if data is not None:
                yield data
            return
        field, _, value = line.partition(b":")
        if field == b"data":
            self._data.append((value[1:] if value.startswith(b" ") else value).decode("utf-8", "replace"))

    def _end_event(self) -> Optional[str]:
        if not self._data:
            return None
        data = "\n".join(self._data)
        self._data.clear()
        return data
