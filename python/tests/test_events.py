"""Server-sent events, cut in every place."""

from typing import List

import pytest

from openai_proxy._events import EventDecoder

STREAM = ": hello\n\ndata: Grüße\ndata:  李\n\nevent: x\ndata\n\n\n\nid: 1\ndatum: no\ndata: 🐘\n\n"
DATA = ["Grüße\n 李", "", "🐘"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=repr)
def test_data_are_the_same_wherever_the_bytes_are_cut(line_end: str) -> None:
    written = STREAM.replace("\n", line_end).encode()

    for first in range(len(written) + 1):
        for second in range(first, len(written) + 1):
            assert _decoded([written[:first], written[first:second], written[second:]]) == DATA


@pytest.mark.parametrize(
    ("left", "data"),
    [
        (b"", None),
        (b"\n", None),
        (b": c", None),
        (b"data: a", "a"),
        (b"data: a\n", "a"),
        (b"data: a\r\n\r\n", None),
        (b"data: a\n\ndata: b", "b"),
    ],
)
def test_end_gives_what_no_empty_line_had_closed(left: bytes, data: str) -> None:
    decoder = EventDecoder()
    list(decoder.feed(left))

    assert decoder.end() == data


def test_byte_order_mark_is_only_one_at_the_beginning() -> None:
    mark = b"\xef\xbb\xbf"

    assert _decoded([mark[:2], mark[2:] + b"data: a\n\n" + mark + b"data: b\n\n"]) == ["a"]


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert _decoded([b"data: \xff\xfe\n\n"]) == ["\ufffd\ufffd"]


def test_long_line_in_single_bytes_is_read_once() -> None:
    decoder = EventDecoder()
    for _ in range(200_000):
        for _data in decoder.feed(b"x"):
            raise AssertionError("there is no event yet")

    assert decoder.end() is None


def _decoded(pieces: List[bytes]) -> List[str]:
    decoder = EventDecoder()
    return [data for piece in pieces for data in decoder.feed(piece)]
