"""STOMP over WebSocket: the same engine, with HTTP before it and messages instead of a stream."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable

from stomptui.config.connection import Connection
from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError, ConnectionOver, SessionError
from stomptui.connection.transport import connect, other_servers, websocket_handshake
from stomptui.connection.transport.connect import ConnectDeadline
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.tcp import StompTransport
from stomptui.connection.transport.tls import build_context
from stomptui.connection.transport.websocket_frames import (
    CLOSE,
    PING,
    PONG,
    TOO_LARGE,
    MessageReader,
    WebSocketError,
    WebSocketMessage,
    closed,
    messages_of,
    pack,
)
from stomptui.protocol.marker import Batch, FrameError, FrameMarker

PING_EVERY = 30.0
"""Seconds between pings where no heart-beats were agreed, so that a vanished server is noticed all the same."""
PING_PATIENCE = 2.5
"""Pings without any sign of life after which a server that used to answer them has vanished."""
INFO_PATIENCE = 2.0
"""Seconds for the question whether a path is SockJS."""

_SOCKJS_SESSION = re.compile(r"/[^/]+/[^/]+/websocket/?$")


class WebSocketTransport(StompTransport):
    """Frames in WebSocket messages, text where that is possible.

    A message's end ends a frame, whatever content-length says. Proxies from the environment are not used.
    """

    ping_every = PING_EVERY

    def __init__(self, connection: Connection, limits: Limits, may_read: Callable[[], bool]) -> None:
        super().__init__(connection, limits, may_read)
        self._reader = MessageReader(limits.max_frame + limits.max_header)
        self._open = False
        self._early = b""
        """What came right behind the HTTP header."""
        self._mid_message = False
        self._close_code = 1000
        self._spoke = False
        self._pinged = 0.0
        self._answers_pings = False

    # The way there

    def establish(self, patience: ConnectDeadline) -> socket.socket:
        """A socket that speaks WebSocket.

        Raises:
            ConnectError: The upgrade was refused, and why.
        """
        key = websocket_handshake.make_key(os.urandom(16))
        data = websocket_handshake.request(self.connection, key)
        sock = super().establish(patience)
        try:
            self.progress("WebSocket")
            answer = websocket_handshake.exchange(sock, data, self.connection, patience)
            if answer.status != 101:
                raise self._refused(answer, patience)
            if not websocket_handshake.accepted(answer, key):
                raise ConnectError(
                    "what answers opened something else than our WebSocket: a proxy may be in between",
                    "port",
                    answer.words,
                )
        except BaseException:
            sock.close()
            raise
        self._open = True
        self._early = answer.body
        return sock

    def _refused(self, answer: websocket_handshake.HttpAnswer, patience: ConnectDeadline) -> ConnectError:
        path = self.connection.ws_path.partition("?")[0]
        failure = websocket_handshake.refused(answer, path)
        if answer.status in (200, 400, 404) and self._is_sockjs(path, patience):
            better = f"{path.rstrip('/')}/websocket"
            return ConnectError(f"{path} is a SockJS endpoint: its WebSocket is at {better}", "ws_path", answer.words)
        return failure

    def _is_sockjs(self, path: str, patience: ConnectDeadline) -> bool:
        """Ask `<path>/info`, on a connection of its own; a question that fails says no."""
        connection = self.connection
        until = min(patience.deadline, time.monotonic() + INFO_PATIENCE)
        short = ConnectDeadline(until, self.waker, lambda: self.over, self.selector)
        headers = [
            ("Host", websocket_handshake.authority(connection)),
            *connection.handshake_headers(),
            ("Connection", "close"),
        ]
        try:
            data = websocket_handshake.get(connection, f"{path.rstrip('/')}/info", headers)
            host = connection.host.strip()
            sock = connect.connect(host, connect.look_up(host, connection.port, short, self.waker), short)
            if connection.transport.encrypted:
                name = connection.tls.server_name or host
                sock = connect.encrypt(sock, build_context(connection.tls), name, host, connection.port, short)
            try:
                return websocket_handshake.is_sockjs(websocket_handshake.exchange(sock, data, connection, short))
            finally:
                sock.close()
        except (ConnectError, OSError):
            return False

    def too_late(self) -> ConnectError:
        where = connect_errors.place(self.connection.host, self.connection.port)
        seconds = f"{self.connection.timeout:g} s"
        if self.stage == "WebSocket":
            hint = "" if self.connection.transport.encrypted else ", or wants TLS"
            return ConnectError(
                f"connected to {where}, but no answer to the WebSocket handshake within {seconds}: "
                f"it may not speak HTTP{hint}",
                "port",
            )
        if self.stage == "CONNECT" and (answer := self.unfinished_answer(f"and nothing more came within {seconds}")):
            return answer
        if self.stage == "CONNECT":
            return ConnectError(
                f"the WebSocket is open, but no CONNECTED came within {seconds}: "
                "it may not speak STOMP, or none of the versions offered",
                "ws_path",
            )
        return super().too_late()

    # What crosses the wire

    def wrap(self, encoded: bytes) -> bytes:
        return messages_of(encoded)

    def _turn(self) -> None:
        if self._early:
            early, self._early = self._early, b""
            try:
                self.take(early)
            except FrameError as error:
                raise self._not_followed(error) from error
        super()._turn()

    def take(self, data: bytes) -> None:
        try:
            messages = self._reader.feed(data)
        except WebSocketError as error:
            # What came whole before it is shown.
            self._take_messages(error.messages)
            self._close_code = error.code
            if self.connected:
                self.tell("fault", (str(error), error.raw))
                if error.code == TOO_LARGE:
                    self.over_limit = b""  # its head was not read
                raise ConnectionOver(f"{error}; what came behind it was not read") from error
            text = error.raw.decode("utf-8", "backslashreplace")
            raise ConnectError(str(error), "port", text) from error
        self._take_messages(messages)

    def _take_messages(self, messages: list[WebSocketMessage]) -> None:
        payloads: list[bytes] = []
        for opcode, payload in messages:
            if opcode < CLOSE:
                payloads.append(payload)
            elif opcode == CLOSE:
                self._take(payloads)
                raise self._closed(payload)
            elif opcode == PING:
                self._answer(payload)
            else:
                self._answers_pings = True
        self._take(payloads)

    def _take(self, payloads: list[bytes]) -> None:
        first = next((payload for payload in payloads if payload.strip(b"\r\n")), None)
        if first is None and not self.marker.unfinished:
            return
        if not self._spoke and first is not None:
            self._take_first(first)
        if not self.marker.unfinished and (batch := _joined(payloads, self.limits)):
            self.deliver(batch)
            return
        for payload in payloads:
            # An end of line alone is a heart-beat, also between two parts of a frame.
            if len(payload) <= 2 and not payload.strip(b"\r\n"):
                continue
            batch = self.marker.whole(payload)
            if batch:
                self.deliver(batch)
            if self.over:
                return

    def _take_first(self, payload: bytes) -> None:
        """The first message tells who is there."""
        self._spoke = True
        if other_servers.is_stomp(payload[:64]):
            return
        path = self.connection.ws_path.partition("?")[0]
        text = payload.decode("utf-8", "replace").strip()[: connect_errors.TEXT_LIMIT]
        if payload[:1] in (b"o", b"a") and (payload == b"o" or payload[:2] == b"a["):
            better = _SOCKJS_SESSION.sub("/websocket", path)
            raise ConnectError(f"{path} is a SockJS session: plain STOMP is at {better}", "ws_path", text)
        raise ConnectError(f"the WebSocket at {path} does not speak STOMP", "ws_path", text)

    def _answer(self, payload: bytes) -> None:
        try:
            self.outbox.put(pack(PONG, payload))
        except SessionError:
            pass  # a server that does not read has no use for the answer

    # The end

    def _closed(self, payload: bytes) -> ConnectError | ConnectionOver:
        reason = closed(payload)
        if self.connected:
            return ConnectionOver(reason)
        field = "ws_headers" if payload[:2] == (1008).to_bytes(2, "big") else ""
        return ConnectError(f"{reason} instead of answering CONNECT", field)

    def _end_of_stream(self) -> ConnectError | ConnectionOver:
        reason = "the server ended the connection without closing the WebSocket (1006)"
        if self.connected:
            return ConnectionOver(reason)
        if answer := self.unfinished_answer(f"and {reason}"):
            return answer
        return ConnectError(f"{reason}, instead of answering CONNECT", "")

    def unfinished_answer(self, then: str) -> ConnectError | None:
        self._keep_rest()
        return super().unfinished_answer(then)

    def _let_go(self) -> None:
        self._keep_rest()
        super()._let_go()

    def _keep_rest(self) -> None:
        """Make what can be made of a message that has begun and not ended."""
        if rest := self._reader.rest():
            self.marker.keep(rest)
            self.held_back_by = "the end of a WebSocket message"

    def cleanup(self) -> None:
        self._mid_message = self._mid_message or self.outbox.unsent > 0
        super().cleanup()

    def goodbye(self, sock: socket.socket) -> None:
        # Inside a message that is half written a close frame would be taken for the rest of it.
        if self._open and not self._mid_message:
            try:
                sock.send(pack(CLOSE, self._close_code.to_bytes(2, "big")))
            except OSError:
                pass  # it is gone already
        super().goodbye(sock)

    # Signs of life

    def _pings(self) -> bool:
        return self.connected and not self.pulse.send_every and not self.pulse.hear_every

    def _due_in(self, listening: bool) -> float | None:
        due = super()._due_in(listening)
        if not self._pings():
            return due
        ping = max(0.0, max(self._pinged, self.pulse.last_sent) + self.ping_every - time.monotonic())
        return ping if due is None else min(due, ping)

    def _keep_time(self, now: float, quiet: bool) -> None:
        super()._keep_time(now, quiet)
        if not self._pings():
            return
        if now >= max(self._pinged, self.pulse.last_sent) + self.ping_every:
            self._pinged = now
            if not self.outbox:
                self.outbox.put(pack(PING, b""))
        silence = self.pulse.quiet(now)
        if quiet and self._answers_pings and silence > self.ping_every * PING_PATIENCE:
            raise ConnectionOver(f"nothing heard for {silence:.0f} s, nor an answer to WebSocket pings")


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
