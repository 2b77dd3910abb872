"""The connection of one client: reading, writing, heart-beats, back-pressure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from stomptui.embedded.options import ServerOptions
from stomptui.embedded.queues import QueueEntry, ServerQueue, ServerSubscription
from stomptui.embedded.refused import FrameRefused
from stomptui.embedded.server_queues import ServerQueues
from stomptui.embedded.session import ClientSession
from stomptui.protocol.frame import Frame
from stomptui.protocol.marker import COMMANDS, Batch, FrameError, FrameMarker

BEATS_MISSED = 3
"""Silent intervals after which a client counts as gone, as on RabbitMQ and ActiveMQ."""
LINGER = 5.0
"""Seconds that a closing connection may take to send its last bytes."""


class ClientConnection(asyncio.Protocol):
    """One client's connection. Frames are collected and sent once per run of the event loop.

    Args:
        options: Those of the broker.
        queues: Those of the broker.
        on_open: Called with the connection once it is open.
        on_close: Called with it once it is closed.
    """

    def __init__(
        self,
        options: ServerOptions,
        queues: ServerQueues,
        on_open: Callable[[ClientConnection], None],
        on_close: Callable[[ClientConnection], None],
    ) -> None:
        self.session = ClientSession(options, queues, self)
        self.closing = False
        self._options = options
        self._on_open = on_open
        self._on_close = on_close
        self._marker = FrameMarker(options.limits.header, options.limits.frame)
        self._transport: asyncio.Transport | None = None
        self._out: list[bytes] = []
        self._out_size = 0
        self._flush_due = False
        self._writing_paused = False
        """Whether the client reads more slowly than we write."""
        self._delivery_blocked = False
        """Whether messages stay in their queues because there was no room."""
        self._loop = asyncio.get_running_loop()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._last_received = self._loop.time()

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(self._options.limits.write_buffer)
        self._on_open(self)
        self._timer("connect", self._options.connect_timeout, self.abort)

    def data_received(self, data: bytes) -> None:
        self._last_received = self._loop.time()
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
        self.session.close()
        self._on_close(self)

    def pause_writing(self) -> None:
        # A client that does not read is not read either, or its answers would pile up without limit.
        self._writing_paused = True
        if self._transport is not None and not self.closing:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._writing_paused = False
        self._last_received = self._loop.time()
        if self._transport is not None and not self.closing:
            self._transport.resume_reading()
        self._unblock()

    # -- writing

    @property
    def has_room(self) -> bool:
        """Whether another message can be written; if not, its queue is served again once there is room."""
        if self.closing or self._writing_paused or self._out_size >= self._options.limits.write_buffer:
            self._delivery_blocked = True
            return False
        return True

    def write(self, data: bytes) -> None:
        """Write a frame, NUL included, at the end of this run of the event loop."""
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
        if self._delivery_blocked and not self._writing_paused and not self.closing:
            self._delivery_blocked = False
            for queue in {s.queue for s in self.session.subscriptions.values()}:
                queue.deliver_ready()

    def write_message(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        return self.session.write_message(subscription, entry)

    def cancelled(self, subscription: ServerSubscription) -> None:
        """Write the ERROR for a subscription whose queue was deleted."""
        self.session.subscriptions.pop(subscription.tag, None)
        id = subscription.id
        named = f"id='{id}'" if id is not None else f"destination='{subscription.queue.destination}'"
        text = f'The server has canceled a subscription.\nNo more messages will be delivered for "{named}".\n'
        self.session.error(FrameRefused("Server cancelled subscription", text), subscription=id)

    def backlog_full(self, subscription: ServerSubscription) -> None:
        """Write the ERROR for a topic subscription with too many unread messages, and close the connection."""
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

    def start_heart_beats(self, send_every: int, expect_every: int) -> None:
        """Begin to keep the heart-beats agreed, in milliseconds, 0 for none; CONNECT came in time."""
        self._cancel("connect")
        if send_every:
            self._beat(send_every / 1000)
        if expect_every:
            self._watch(BEATS_MISSED * expect_every / 1000)

    def _beat(self, seconds: float) -> None:
        self._timer("beat", seconds, self._beat, seconds)
        if self._transport is not None and not self._options.silent and not self._writing_paused:
            self.write(b"\n")

    def _watch(self, seconds: float) -> None:
        late = self._last_received + seconds - self._loop.time()
        if self._writing_paused:
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
        """Close once everything written was sent, after `LINGER` seconds at the latest."""
        if self.closing:
            return
        self._flush()
        self.closing = True
        if self._transport is not None:
            self._transport.close()
            self._timer("linger", LINGER, self._transport.abort)

    def abort(self) -> None:
        """Close at once and without an ERROR, as a broker that stops does."""
        self.closing = True
        if self._transport is not None:
            self._transport.abort()
