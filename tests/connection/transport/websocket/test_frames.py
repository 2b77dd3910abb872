"""WebSocket messages as bytes, both ways."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stomptui.connection.transport.websocket.frames import (
    BINARY,
    PING,
    TEXT,
    WebSocketError,
    WebSocketMessage,
    WebSocketMessageReader,
    close_reason,
    mask,
    messages_of,
    pack,
)
from tests.support.websocket import frame

LIMIT = 1 << 20


def unpack(data: bytes) -> list[tuple[int, bytes]]:
    """What we wrote, as a server reads it."""
    found = []
    while data:
        size, position = data[1] & 0x7F, 2
        if size == 126:
            size, position = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, position = int.from_bytes(data[2:10], "big"), 10
        key = data[position : position + 4]
        payload = data[position + 4 : position + 4 + size]
        found.append((data[0], mask(payload, key)))
        data = data[position + 4 + size :]
    return found


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_masking_twice_gives_what_was_there(payload: bytes, key: bytes) -> None:
    masked = mask(payload, key)
    assert mask(masked, key) == payload
    assert masked == bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_every_length_is_written_as_servers_read_it(size: int) -> None:
    assert unpack(pack(TEXT, b"x" * size)) == [(0x81, b"x" * size)]


def test_what_is_small_is_one_message() -> None:
    assert unpack(messages_of(b"SEND\n\nhi\0")) == [(0x81, b"SEND\n\nhi\0")]
    assert unpack(messages_of(b"\n")) == [(0x81, b"\n")]
    assert len(unpack(messages_of(b"x" * 8192, 8192))) == 1


def test_nothing_is_cut_unless_asked() -> None:
    assert unpack(messages_of(b"x" * 100_000)) == [(0x81, b"x" * 100_000)]


def test_what_is_no_text_is_a_binary_message() -> None:
    assert unpack(messages_of(b"SEND\n\n\xff\0")) == [(0x82, b"SEND\n\n\xff\0")]


@given(st.text(max_size=200), st.integers(4, 40))
def test_text_is_never_cut_inside_a_character(text: str, limit: int) -> None:
    parts = unpack(messages_of(text.encode(), limit))
    assert "".join(payload.decode() for _, payload in parts) == text
    assert all(opcode == 0x81 and len(payload) <= limit for opcode, payload in parts)


@given(st.binary(max_size=200), st.integers(4, 40))
def test_anything_arrives_whole(data: bytes, limit: int) -> None:
    parts = unpack(messages_of(data, limit))
    assert b"".join(payload for _, payload in parts) == data
    assert len({opcode for opcode, _ in parts}) == 1


def test_a_large_frame_is_cut_into_messages_that_tomcat_takes() -> None:
    parts = unpack(messages_of(b"\xff" * 20_000, 8192))
    assert [len(payload) for _, payload in parts] == [8192, 8192, 3616]


WIRE = [
    (frame(TEXT, b"one\0"), WebSocketMessage(TEXT, b"one\0")),
    (frame(TEXT, b"tw", final=False) + frame(PING, b"!") + frame(0, b"o\0"), None),
    (frame(BINARY, b"\xff" * 70_000), WebSocketMessage(BINARY, b"\xff" * 70_000)),
    (frame(TEXT, b""), WebSocketMessage(TEXT, b"")),
    (frame(TEXT, b"x" * 200), WebSocketMessage(TEXT, b"x" * 200)),
]
DATA = b"".join(data for data, _ in WIRE)
EXPECTED = [
    WebSocketMessage(TEXT, b"one\0"),
    WebSocketMessage(PING, b"!"),
    WebSocketMessage(TEXT, b"two\0"),
    WebSocketMessage(BINARY, b"\xff" * 70_000),
    WebSocketMessage(TEXT, b""),
    WebSocketMessage(TEXT, b"x" * 200),
]


@given(st.lists(st.integers(0, len(DATA)), max_size=12))
def test_the_same_messages_however_the_bytes_are_cut(cuts: list[int]) -> None:
    reader = WebSocketMessageReader(LIMIT)
    edges = [0, *sorted(cuts), len(DATA)]
    found = [message for begin, end in itertools.pairwise(edges) for message in reader.feed(DATA[begin:end])]
    assert found == EXPECTED
    assert reader.unfinished == 0


def test_the_same_messages_byte_by_byte() -> None:
    reader = WebSocketMessageReader(LIMIT)
    data = frame(TEXT, b"x" * 300) + frame(PING, b"") + frame(TEXT, b"y", final=False) + frame(0, b"z")
    found = [message for index in range(len(data)) for message in reader.feed(data[index : index + 1])]
    assert found == [WebSocketMessage(TEXT, b"x" * 300), WebSocketMessage(PING, b""), WebSocketMessage(TEXT, b"yz")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (frame(TEXT, b"x", first=0xC1), "compressed"),
        (frame(3, b"x"), "unknown kind"),
        (b"\x81\x81aaaax", "masked"),
        (frame(PING, b"x", final=False), "control frame"),
        (frame(PING, b"x" * 126), "control frame"),
        (frame(0, b"x"), "mixed up"),
        (frame(TEXT, b"x", final=False) + frame(TEXT, b"x"), "mixed up"),
        (b"\x81\x7f" + (1 << 40).to_bytes(8, "big"), "larger than"),
        (frame(TEXT, b"x" * 900_000, final=False) + frame(0, b"x" * 900_000), "larger than"),
    ],
)
def test_what_cannot_be_followed_is_said(data: bytes, words: str) -> None:
    with pytest.raises(WebSocketError, match=words):
        WebSocketMessageReader(LIMIT).feed(data)


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "without a reason"),
        (b"\x03\xe8STOMP died", "it is done (1000 STOMP died)"),
        ((4500).to_bytes(2, "big"), "we read too slowly, or it saw no CONNECT in time (4500)"),
        ((4999).to_bytes(2, "big") + b"\xff", "it gave a code of its own (4999 \ufffd)"),
    ],
)
def test_why_it_was_closed_is_told_in_words(payload: bytes, words: str) -> None:
    assert words in close_reason(payload)
