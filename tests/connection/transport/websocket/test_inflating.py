"""A server that compresses its WebSocket messages though nobody asked it to: they are read, and that is told."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable

import pytest

from stomptui.connection.events import Connected, Lost
from stomptui.connection.transport.websocket.inflating import InflateError, Inflater, extensions, unasked
from tests.interop.listening import connected
from tests.support.websocket import TEXT, Peer, WebSocketServer, close_frame, frame, message

CONNECTED_FRAME = b"CONNECTED\nversion:1.2\n\n\0"
ANNOUNCED = ("Sec-WebSocket-Extensions: permessage-deflate;server_max_window_bits=12, permessage-x",)
COMPRESSED_TEXT = 0xC1


class Deflater:
    """What a server compresses with: each message may refer to those before."""

    def __init__(self, afresh: bool = False) -> None:
        self._afresh = afresh
        self._stream = zlib.compressobj(wbits=-12)

    def __call__(self, payload: bytes) -> bytes:
        if self._afresh:
            self._stream = zlib.compressobj(wbits=-12)
        return (self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


def compressing(rest: Callable[[Deflater], bytes], deflate: Deflater) -> Callable[[Peer], None]:
    """Answers CONNECT compressed, then sends what `rest` makes."""

    def talk(peer: Peer) -> None:
        peer.upgrade(extra=ANNOUNCED)
        peer.read_stomp()
        peer.sock.sendall(frame(TEXT, deflate(CONNECTED_FRAME), first=COMPRESSED_TEXT) + rest(deflate))
        peer.wait_for_end()

    return talk


@pytest.mark.parametrize("afresh", [False, True], ids=["referring to those before", "each by itself"])
def test_compressed_messages_are_read_and_told_once(afresh: bool) -> None:
    bodies = [b"first " * 200, b"first " * 199, "not compressed é".encode(), b"in two parts " * 50]

    def rest(deflate: Deflater) -> bytes:
        # In the order in which they are sent: each refers to those before.
        one, two, four = (deflate(message(bodies[index])) for index in (0, 1, 3))
        return b"".join(
            (
                frame(TEXT, one, first=COMPRESSED_TEXT),
                frame(TEXT, two, first=COMPRESSED_TEXT),
                frame(TEXT, message(bodies[2])),
                frame(TEXT, four[:20], final=False, first=0x41),
                frame(0, four[20:]),
            )
        )

    with WebSocketServer(compressing(rest, Deflater(afresh))) as server, connected(server.connection()) as listening:
        assert [frame.body for frame in listening.wait_for_frames("MESSAGE", 4)] == bodies
        told = listening.wait_for(Connected).found
        assert told.startswith("the server compresses its WebSocket messages (permessage-deflate)")


def test_what_cannot_be_decompressed_ends_the_session_with_its_name() -> None:
    broken = frame(TEXT, b"\x07\xff\xff", first=COMPRESSED_TEXT)
    talk = compressing(lambda _: broken, Deflater())
    with WebSocketServer(talk) as server, connected(server.connection()) as listening:
        assert "not compressed as permessage-deflate says" in listening.wait_for(Lost).reason


def test_a_few_bytes_cannot_fill_the_memory() -> None:
    bomb = Deflater()(b"\0" * 5_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(InflateError, match="larger than 100,000 bytes") as raised:
        Inflater(100_000).message(bomb)
    assert raised.value.too_large


def test_a_stream_that_ends_with_its_message_is_begun_again() -> None:
    inflater = Inflater(1000)
    for number in range(3):
        stream = zlib.compressobj(wbits=-15)
        assert inflater.message(stream.compress(b"%d" % number) + stream.flush(zlib.Z_FINISH)) == b"%d" % number


def test_an_empty_message_is_one() -> None:
    inflater = Inflater(1000)
    assert inflater.message(b"\0") == b""
    assert inflater.message(Deflater()(b"after it")) == b"after it"


@pytest.mark.parametrize(
    ("announced", "names", "told"),
    [
        ("", [], ""),
        ("permessage-deflate", ["permessage-deflate"], "compresses"),
        ("x-one; a=1, permessage-deflate; server_no_context_takeover", ["x-one", "permessage-deflate"], "compresses"),
        ("x-one, x-\x1b[2Jtwo", ["x-one", "x-\x1b[2Jtwo"], "not asked for: x-one, x-?[2Jtwo"),
    ],
)
def test_what_a_server_announces_unasked_is_told(announced: str, names: list[str], told: str) -> None:
    assert extensions(announced) == names
    assert told in unasked(announced)
    assert bool(unasked(announced)) == bool(told)


def test_another_extension_is_told_and_does_not_hinder() -> None:
    def talk(peer: Peer) -> None:
        peer.upgrade(extra=("Sec-WebSocket-Extensions: x-odd",))
        peer.read_stomp()
        peer.sock.sendall(frame(TEXT, CONNECTED_FRAME) + close_frame(1000))
        peer.wait_for_end()

    with WebSocketServer(talk) as server, connected(server.connection()) as listening:
        assert listening.wait_for(Connected).found.endswith("not asked for: x-odd")


def test_a_message_of_many_ends_is_refused_at_once() -> None:
    begun = time.monotonic()
    with pytest.raises(InflateError, match="more than 1,000 permessage-deflate streams"):
        Inflater(64 << 20).message(b"\x03\x00" * 600_000)
    assert time.monotonic() - begun < 5


def test_streams_that_end_within_a_message_are_read() -> None:
    def ended(text: bytes) -> bytes:
        stream = zlib.compressobj(wbits=-15)
        return stream.compress(text) + stream.flush()

    inflater, texts = Inflater(1 << 20), [bytes([97 + index % 26]) * (index * 50) for index in range(200)]
    random = bytes(range(256)) * 300
    assert inflater.message(b"".join(map(ended, texts))) == b"".join(texts)
    assert inflater.message(b"\x03\x00" * 1000) == b""
    stored = zlib.compressobj(0, wbits=-15)
    assert inflater.message(stored.compress(random) + stored.flush(zlib.Z_SYNC_FLUSH)[:-4]) == random
