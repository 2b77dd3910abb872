"""A server that ends a session without a word: that we read too slowly is said where figures say so, and only there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.connection.events import Lost
from stomptui.connection.reading_pace import LONG, ReadingPace
from tests.faults import servers
from tests.support.record import Recorder
from tests.support.websocket import Peer, WebSocketServer, frame

SLOW = "we may have read too slowly"
ABRUPT = "the server ended the connection without closing the WebSocket (1006)"


def floods(count: int, size: int, then: threading.Event) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        peer.greet(servers.connected().rstrip(b"\n"))
        for number in range(count):
            peer.sock.sendall(frame(1, servers.message(b"x" * size, number=number)))
        then.wait(20)
        peer.sock.close()

    return talk


def test_after_a_pause_in_reading_it_is_said_with_the_figures() -> None:
    let_go = threading.Event()
    with WebSocketServer(floods(400, 1000, let_go)) as server, Recorder(server.connection(), max_frames=10) as recorder:
        until = time.monotonic() + 20
        while not recorder.inbox.full:
            assert time.monotonic() < until
            time.sleep(0.01)
        let_go.set()
        time.sleep(LONG + 0.3)
        lost = recorder.lost()
    assert lost.reason.startswith(f"{ABRUPT}; {SLOW}: nothing was read for ")
    assert "bytes had come meanwhile" in lost.reason


def test_without_one_nothing_is_said_of_it() -> None:
    let_go = threading.Event()
    let_go.set()
    with WebSocketServer(floods(400, 1000, let_go)) as server, Recorder(server.connection()) as recorder:
        assert recorder.wait(Lost).reason == ABRUPT


def test_messages_that_were_dropped_count_and_those_of_long_ago_do_not() -> None:
    pace = ReadingPace()
    pace.dropped(0, 100.0)
    assert pace.told(100.0, 0) == ""
    pace.dropped(1200, 100.0)
    pace.dropped(34, 101.0)
    assert pace.told(102.0, 0) == f"{SLOW}: 1,234 messages were dropped that came faster than they are taken"
    assert pace.told(160.0, 0) == ""
    pace.dropped(1, 160.0)
    assert "1 message was dropped" in pace.told(160.0, 0)


def test_a_pause_for_breath_is_none() -> None:
    pace = ReadingPace()
    pace.may_read(False, 100.0, 5)
    pace.may_read(True, 100.0 + LONG / 2, 5)
    assert pace.told(101.0, 5000) == ""
    pace.may_read(False, 102.0, 5000)
    pace.may_read(True, 114.0, 5000)
    assert pace.told(115.0, 817_345) == f"{SLOW}: nothing was read for 12 s, and 812,345 bytes had come meanwhile"
    assert pace.told(150.0, 817_345) == ""
