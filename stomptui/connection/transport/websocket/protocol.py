"""STOMP over WebSocket: frames in messages instead of a stream, pings, close codes."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator

from stomptui.config.connection import Connection
from stomptui.config.secret_names import path_without_secrets
from stomptui.connection import connect_errors
from stomptui.connection.close_codes import TOO_LARGE
from stomptui.connection.ending import wants_login
from stomptui.connection.errors import ConnectError, SessionError, Want
from stomptui.connection.transport.connecting import other_servers
from stomptui.connection.transport.connecting.attempt import ConnectAttempt
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.connecting.unfinished_answer import unfinished_answer
from stomptui.connection.transport.heartbeats import HeartbeatClock
from stomptui.connection.transport.input_ended import InputEnded
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.send_queue import SendQueue
from stomptui.connection.transport.timers import Timer
from stomptui.connection.transport.websocket.frames import (
    CLOSE,
    PING,
    PONG,
    WebSocketError,
    WebSocketMessage,
    WebSocketMessageReader,
    close_reason,
    messages_of,
    pack,
)
from stomptui.connection.transport.websocket.inflating import DEFLATE, Inflater, extensions
from stomptui.connection.transport.websocket.pings import PingTimer
from stomptui.connection.transport.websocket.upgrade import open_websocket
from stomptui.protocol.marker import Batch, FrameError, FrameMarker

_SOCKJS_SESSION = re.compile(r"/[^/]+/[^/]+/websocket/?$")


class WebSocketProtocol:
    """How WebSocket messages carry the frames of one connection; a `NetworkProtocol`.

    Frames are sent in text messages where that is possible, each in one unless `largest_message` is set. The end of a
    received message ends a frame, whatever content-length says.

    Args:
        connection: Where to and as whom.
        limits: The largest frames to accept.
        queue: Where answers to pings go.
        clock: The heart-beats agreed, and when bytes were received and sent.
        connected: Returns whether CONNECTED has come.
    """

    def __init__(
        self,
        connection: Connection,
        limits: Limits,
        queue: SendQueue,
        clock: HeartbeatClock,
        connected: Callable[[], bool],
    ) -> None:
        self.missing_end = "a content-length"
        self.behind_first: bytes | None = None
        self.largest_message = 0
        self._connection = connection
        self._limits = limits
        self._queue = queue
        self._pings = PingTimer(clock, queue, connected)
        self._marker = FrameMarker(limits.max_header, limits.max_frame)
        self._largest = limits.max_frame + limits.max_header
        self._reader = WebSocketMessageReader(self._largest)
        self._close_code = 1000
        self._begun = False
        """Whether a message has come that is not a heart-beat."""

    @property
    def timers(self) -> tuple[Timer, ...]:
        return (self._pings,)

    def establish(self, attempt: ConnectAttempt, deadline: ConnectDeadline) -> tuple[socket.socket, bytes]:
        opened = open_websocket(attempt, deadline)
        if DEFLATE in extensions(attempt.extensions):
            self._reader = WebSocketMessageReader(self._largest, Inflater(self._largest))
        return opened

    def wrap(self, encoded: bytes) -> bytes:
        return messages_of(encoded, self.largest_message)

    def wrap_all(self, frames: Batch) -> bytes:
        return b"".join([self.wrap(frame + b"\0") for frame in frames.frames()])

    # Reading

    between_frames = False
    """Frames stand in messages."""

    def batches(self, data: bytes) -> Iterator[Batch]:
        try:
            messages = self._reader.feed(data)
        except WebSocketError as error:
            # The messages before it are complete and shown.
            yield from self._in_messages(error.messages)
            self._close_code = error.code
            text = error.raw.decode("utf-8", "backslashreplace")
            raise InputEnded(
                f"{error}; what came behind it was not read",
                ConnectError(str(error), "port", text),
                fault=(str(error), error.raw),
                head=b"" if error.code == TOO_LARGE else None,  # its head was not read
            ) from error
        yield from self._in_messages(messages)

    def _in_messages(self, messages: list[WebSocketMessage]) -> Iterator[Batch]:
        payloads: list[bytes] = []
        for opcode, payload in messages:
            if opcode < CLOSE:
                payloads.append(payload)
            elif opcode == CLOSE:
                yield from self._in_payloads(payloads)
                raise _closed(payload)
            elif opcode == PING:
                self._answer_ping(payload)
            else:
                self._pings.answered = True
        yield from self._in_payloads(payloads)

    def _in_payloads(self, payloads: list[bytes]) -> Iterator[Batch]:
        first = next((payload for payload in payloads if payload.strip(b"\r\n")), None)
        if first is None and not self._marker.unfinished:
            return
        if not self._begun and first is not None:
            self._begun = True
            self._check_first(first)
        if not self._marker.unfinished and (joined := _joined(payloads, self._limits)):
            yield joined
            return
        for payload in payloads:
            # An end of line alone is a heart-beat, also between two parts of a frame.
            if len(payload) <= 2 and not payload.strip(b"\r\n"):
                continue
            batch = self._marker.feed_message(payload)
            if batch:
                yield batch

    def _check_first(self, payload: bytes) -> None:
        """Check whether the first message is STOMP; raises ConnectError if it is not."""
        _, nul, behind = payload.partition(b"\0")
        self.behind_first = behind if nul else None
        if other_servers.is_stomp(payload[:64]):
            return
        path = path_without_secrets(self._connection.ws_path).partition("?")[0]
        text = payload.decode("utf-8", "replace").strip()[: connect_errors.TEXT_LIMIT]
        if payload[:1] in (b"o", b"a") and (payload == b"o" or payload[:2] == b"a["):
            target = _SOCKJS_SESSION.sub("/websocket", path)
            raise ConnectError(f"{path} is a SockJS session; plain STOMP is at {target}", "ws_path", text)
        raise ConnectError(f"the WebSocket at {path} does not speak STOMP", "ws_path", text)

    def _answer_ping(self, payload: bytes) -> None:
        try:
            self._queue.put(pack(PONG, payload))
        except SessionError:
            pass  # a server that does not read has no use for the answer

    # The end

    def end_of_stream(self) -> InputEnded:
        reason = "the server ended the connection without closing the WebSocket (1006)"
        failure = ConnectError(f"{reason}, instead of answering CONNECT")
        return InputEnded(reason, failure, f"and {reason}", by_server=True)

    def unfinished_answer(self, then: str) -> ConnectError | None:
        self._keep_rest()
        return unfinished_answer(self._marker, self._connection.versions, then)

    def recover(self) -> tuple[Batch | None, bytes]:
        self._keep_rest()
        return self._marker.recover()

    def _keep_rest(self) -> None:
        """Move the bytes of an unfinished message into the marker, which recovers frames from them."""
        if rest := self._reader.rest():
            self._marker.keep(rest)
            self.missing_end = "the end of a WebSocket message"

    def closing(self) -> bytes:
        return pack(CLOSE, self._close_code.to_bytes(2, "big"))


def _closed(payload: bytes) -> InputEnded:
    reason = close_reason(payload)
    code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
    words = payload[2:].decode("utf-8", "replace").strip()
    wanted = wants_login(code, words)
    field = "ws_headers" if wanted else "ws_message_size" if code == TOO_LARGE else ""
    wants = Want.CREDENTIALS if wanted else Want.NOTHING
    failure = ConnectError(f"{reason} instead of answering CONNECT", field, wants=wants)
    return InputEnded(reason, failure, by_server=True, close_code=code, close_words=words)


def _joined(payloads: list[bytes], limits: Limits) -> Batch | None:
    """One batch of many messages, if each is exactly one frame and its content-length fits; else None."""
    payloads = [payload for payload in payloads if payload.strip(b"\r\n")]
    marker = FrameMarker(limits.max_header, limits.max_frame)
    try:
        batch = marker.feed(b"".join(payloads))
    except FrameError:
        return None
    if batch is None or batch.odd or marker.unfinished or len(batch) != len(payloads):
        return None
    position = 0
    for payload, end in zip(payloads, batch.marks[1::2], strict=True):
        if position + len(payload.rstrip(b"\r\n")) - 1 != end:
            return None
        position += len(payload)
    return batch
