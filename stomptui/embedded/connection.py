"""The socket side of a session: bytes in, bytes out, heart-beats, back-pressure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from stomptui.embedded.queues import QueueEntry, ServerQueue, ServerSubscription
from stomptui.embedded.refused import FrameRefused
from stomptui.embedded.session import ClientSession
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import COMMANDS, Batch, FrameError, FrameMarker

if TYPE_CHECKING:
    from stomptui.embedded.broker import EmbeddedServer

BEATS_MISSED = 3
"""A client is gone when it was silent for that many intervals (RabbitMQ and ActiveMQ alike)."""
LINGER = 5.0
"""Seconds that a closing connection may take to get rid of its last bytes."""


class ClientConnection(asyncio.Protocol):
    """One client's connection. What is written is gathered and goes out once per turn of the loop."""

    def __init__(self, broker: EmbeddedServer) -> None:
        self.broker = broker
        self.session = ClientSession(broker, self)
        self.closing = False
        self._marker = FrameMarker(broker.limits.header, broker.limits.frame)
        self._transport: asyncio.Transport | None = None
        self._out: list[bytes] = []
        self._out_size = 0
        self._flush_due = False
        self._choked = False
        """The socket does not take our bytes as fast as we write them."""
        self._blocked = False
        """A message had to wait because there was no room; queues are to be pumped again."""
        self._loop = asyncio.get_running_loop()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._last_heard = self._loop.time()

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(self.broker.limits.write_buffer)
        self.broker.connections.add(self)
        self._timer("connect", self.broker.connect_timeout, self.abort)

    def data_received(self, data: bytes) -> None:
        self._last_heard = self._loop.time()
        try:
            batch = self._marker.feed(data)
        except FrameError as error:
            if error.batch is not None:
                self._handle(error.batch)
            self._refuse(FrameRefused("Malformed frame", f"{error}\n", fatal=True), None)
            return
        if batch is not None:
            self._handle(batch)

    def _handle(self, batch: Batch) -> None:
        for index, raw in enumerate(batch.frames()):
            if self.closing:
                return
            frame = Frame(raw, self.session.version or "1.2")
            try:
                if index in batch.odd and frame.command.encode() in COMMANDS:
                    raise FrameRefused("Malformed frame", f"{batch.odd[index]}\n", fatal=True)
                self.session.handle(frame)
            except FrameRefused as refused:
                self._refuse(refused, frame)

    def eof_received(self) -> bool:
        self.finish()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.closing = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._out.clear()
        self.broker.connections.discard(self)
        self.session.close()
        self.broker.gone()

    def pause_writing(self) -> None:
        # Who does not read its answers is not read either, or their number would have no bound.
        self._choked = True
        if self._transport is not None and not self.closing:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._choked = False
        self._last_heard = self._loop.time()
        if self._transport is not None and not self.closing:
            self._transport.resume_reading()
        self._unblock()

    # -- writing

    @property
    def can_take(self) -> bool:
        if self.closing or self._choked or self._out_size >= self.broker.limits.write_buffer:
            self._blocked = True
            return False
        return True

    def write(self, data: bytes) -> None:
        """Write a frame, NUL included, some time this turn."""
        if self.closing:
            return
        self._out.append(data)
        self._out_size += len(data)
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        if self._out and self._transport is not None:
            data = b"".join(self._out)
            self._out.clear()
            self._out_size = 0
            self._transport.write(data)
        self._unblock()

    def _unblock(self) -> None:
        if self._blocked and not self._choked and not self.closing:
            self._blocked = False
            for queue in {s.queue for s in self.session.subscriptions.values()}:
                queue.pump()

    def hand(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        return self.session.hand(subscription, entry)

    def overflowed(self, subscription: ServerSubscription) -> None:
        queue: ServerQueue = subscription.queue
        self.session.error(
            FrameRefused(
                "Slow consumer",
                f"{len(queue.ready)} messages ({queue.size} bytes) of {queue.destination} wait for this client, "
                "more than this broker keeps; they are dropped and the connection ends\n",
            ),
            subscription=subscription.id,
        )
        self.finish()

    def _refuse(self, refused: FrameRefused, frame: Frame | None) -> None:
        self.session.error(refused, frame)
        if refused.fatal:
            self.finish()

    # -- heart-beats and the end

    def connected(self, send_every: int, expect_every: int) -> None:
        """The session is up; times in milliseconds, 0 for none."""
        self._cancel("connect")
        if send_every:
            self._beat(send_every / 1000)
        if expect_every:
            self._watch(BEATS_MISSED * expect_every / 1000)

    def _beat(self, seconds: float) -> None:
        self._timer("beat", seconds, self._beat, seconds)
        if self._transport is not None and not self.broker.silent and not self._choked:
            self.write(b"\n")

    def _watch(self, seconds: float) -> None:
        late = self._last_heard + seconds - self._loop.time()
        if self._choked:
            late = seconds
        if late <= 0:
            self.abort()
        else:
            self._timer("watch", late, self._watch, seconds)

    def _timer(self, name: str, seconds: float, call: Callable[..., object], *args: object) -> None:
        self._cancel(name)
        self._timers[name] = self._loop.call_later(seconds, call, *args)

    def _cancel(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def finish(self) -> None:
        """Close once what was written is out, but not later than `LINGER` seconds."""
        if self.closing:
            return
        self._flush()
        self.closing = True
        if self._transport is not None:
            self._transport.close()
            self._timer("linger", LINGER, self._transport.abort)

    def abort(self) -> None:
        """Close at once and without a word, as a broker that stops does."""
        self.closing = True
        if self._transport is not None:
            self._transport.abort()
