"""Sends bytes as they are on a side connection of their own, and collects what the broker answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from stomptui.application.side_connections import SideConnections
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.events import Event, Fault, Lost, Received
from stomptui.protocol.durations import elapsed
from stomptui.protocol.raw_pieces import raw_pieces
from stomptui.protocol.server_words import with_server_words

QUIET = 2.0
"""Seconds without an answer after which no more are waited for."""
LONGEST = 30.0
"""Seconds after which no more answers are waited for, however many come."""
ENDING = 2.0
"""Seconds that closing the connection may take."""
KEPT = 200
"""Frames of the answer that are kept; more are counted."""
KEPT_BYTES = 256 << 10
"""Bytes of these."""


@dataclass(frozen=True)
class Answer:
    """A frame that came, or bytes that are none."""

    after: float
    """Seconds since the bytes were sent."""
    raw: bytes
    """Without its NUL."""
    odd: str = ""
    """What is wrong with it, in words."""


@dataclass(frozen=True)
class RawState:
    """How far an exchange is."""

    doing: str
    """What goes on, or how it ended, in words."""
    answers: tuple[Answer, ...] = ()
    more: int = 0
    """Frames that came and are not kept."""
    sent_at: float = 0.0
    """Seconds since the epoch; 0.0 before anything was sent."""
    over: bool = False
    """Whether nothing more will come."""
    version: str = "1.2"
    """The STOMP version spoken."""


class RawExchange:
    """One exchange, in a thread of its own.

    Args:
        connections: Opens the side connection.
        data: What is sent. Nothing is added to it, and nothing else goes out once CONNECTED came.
        changed: Called in that thread whenever there is something new.
    """

    def __init__(self, connections: SideConnections, data: bytes, changed: Callable[[RawState], object]) -> None:
        self._events = BlockingEventQueue()
        self._dial = connections.dialer("", self._events, self._why_stopped, for_the_log=True, heart_beats=False)
        self._data = data
        self._changed = changed
        self._stopped = False
        self._state = RawState("connecting…")
        self._size = 0
        self._sent = 0.0

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="stomptui-raw", daemon=True).start()

    def stop(self) -> None:
        """Wait for no more answers; from any thread."""
        self._stopped = True
        self._events.wake()

    def _why_stopped(self) -> str | None:
        return "stopped" if self._stopped else None

    def _tell(self, state: RawState) -> None:
        self._state = state
        self._changed(state)

    def _run(self) -> None:
        self._tell(self._state)
        try:
            client = self._dial("raw frame")
        except (ClientError, SessionError) as error:
            why = with_server_words(str(error), getattr(error, "server_text", ""))
            self._tell(replace(self._state, doing=f"nothing was sent: {why}", over=True))
            return
        # What came up to now is CONNECTED.
        while self._events.get(0.0) is not None:
            pass
        try:
            self._sent = time.monotonic()
            client.session.send_raw(self._data)
        except SessionError as error:
            self._tell(replace(self._state, doing=f"nothing was sent: {error}", over=True))
        else:
            doing = "waiting for answers…"
            self._tell(replace(self._state, doing=doing, sent_at=time.time(), version=client.version))
            ending = self._collect(client)
            client.drop()
            client.session.join(ENDING)
            # Of an unfinished frame the bytes are told at the end.
            while (event := self._events.get(0.0)) is not None:
                self._take(event)
            self._tell(replace(self._state, doing=ending, over=True))
        finally:
            # No DISCONNECT: behind an unfinished frame it would become a part of it.
            client.drop()

    def _collect(self, client: BlockingClient) -> str:
        """Take what comes; in words, how it ended."""
        last, came = self._sent, client.session.bytes_in
        while True:
            now = time.monotonic()
            if self._stopped:
                return "you stopped waiting: the connection was still open, and is closed from here"
            if now - self._sent > LONGEST:
                return f"answers still came after {LONGEST:g} s: the connection is closed from here"
            event = self._events.get(max(0.0, min(last + QUIET, self._sent + LONGEST) - now))
            if isinstance(event, Lost):
                return f"the connection ended after {elapsed(time.monotonic() - self._sent)}: {event.reason}"
            if event is not None:
                self._take(event)
            if client.session.bytes_in != came:
                last, came = time.monotonic(), client.session.bytes_in
            elif event is None and not self._stopped and time.monotonic() >= last + QUIET:
                return self._quiet()

    def _quiet(self) -> str:
        came = "nothing more" if self._state.answers else "nothing"
        waits = "; the broker waits for the rest" if any(piece.waits for piece in raw_pieces(self._data)) else ""
        return f"{came} came for {QUIET:g} s{waits}. The connection was still open, and is closed from here"

    def _take(self, event: Event) -> None:
        """Keep what an event brings."""
        after = time.monotonic() - self._sent
        match event:
            case Received():
                odd = event.batch.odd
                found = [Answer(after, raw, odd.get(at, "")) for at, raw in enumerate(event.batch.frames())]
            case Fault() if event.raw:
                found = [Answer(after, event.raw, event.text)]
            case _:
                return
        kept, more = list(self._state.answers), self._state.more
        for answer in found:
            if kept and answer.odd and kept[-1].raw == answer.raw:
                # A fault tells of a frame that came.
                kept[-1] = replace(kept[-1], odd=answer.odd)
            elif len(kept) < KEPT and self._size < KEPT_BYTES:
                left = KEPT_BYTES - self._size
                kept.append(answer if len(answer.raw) <= left else replace(answer, raw=answer.raw[:left], odd="cut"))
                self._size += len(answer.raw)
            else:
                more += 1
        self._tell(replace(self._state, answers=tuple(kept), more=more))
