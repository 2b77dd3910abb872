"""The transport for STOMP over WebSocket: HTTP upgrade, messages in place of a stream, pings, close codes."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable

from stomptui.config.connection import Connection
from stomptui.connection import connect_errors
from stomptui.connection.errors import ConnectError, ConnectionOver, SessionError
from stomptui.connection.transport.connecting import connect, other_servers
from stomptui.connection.transport.connecting.attempt import StompTransport
from stomptui.connection.transport.connecting.connect import ConnectDeadline
from stomptui.connection.transport.connecting.tls import build_context
from stomptui.connection.transport.limits import Limits
from stomptui.connection.transport.websocket import handshake
from stomptui.connection.transport.websocket.frames import (
    CLOSE,
    PING,
    PONG,
    TOO_LARGE,
    WebSocketError,
    WebSocketMessage,
    WebSocketMessageReader,
    close_reason,
    messages_of,
    pack,
)
from stomptui.protocol.marker import Batch, FrameError, FrameMarker

PING_EVERY = 30.0
"""Seconds between pings where no heart-beats were agreed, so that a vanished server is noticed all the same."""
PING_TOLERANCE = 2.5
"""Pings without any sign of life after which a server that used to answer them has vanished."""
INFO_TIMEOUT = 2.0
"""Seconds that asking whether a path is a SockJS endpoint may take."""

_SOCKJS_SESSION = re.compile(r"/[^/]+/[^/]+/websocket/?$")


class WebSocketTransport(StompTransport):
    """Frames in WebSocket messages, text where that is possible.

    The end of a message ends a frame, whatever content-length says. Proxies from the environment are not used.
    """

    ping_every = PING_EVERY

    def __init__(self, connection: Connection, limits: Limits, may_read: Callable[[], bool]) -> None:
        super().__init__(connection, limits, may_read)
        self._reader = WebSocketMessageReader(limits.max_frame + limits.max_header)
        self._open = False
        self._early = b""
        """Bytes that came right behind the HTTP header."""
        self._mid_message = False
        self._close_code = 1000
        self._spoke = False
        self._pinged = 0.0
        self._answers_pings = False

    # Connecting

    def establish(self, deadline: ConnectDeadline) -> socket.socket:
        """A connected, non-blocking socket with an open WebSocket.

        Raises:
            ConnectError: The upgrade was refused, and why.
        """
        key = handshake.make_key(os.urandom(16))
        data = handshake.request(self.connection, key)
        sock = super().establish(deadline)
        try:
            self.progress("WebSocket")
            response = handshake.exchange(sock, data, self.connection, deadline)
            if response.status != 101:
                raise self._refused(response, deadline)
            if not handshake.accepted(response, key):
                raise ConnectError(
                    "what answers opened something else than our WebSocket: a proxy may be in between",
                    "port",
                    response.summary,
                )
        except BaseException:
            sock.close()
            raise
        self._open = True
        self._early = response.body
        return sock

    def _refused(self, response: handshake.HttpResponse, deadline: ConnectDeadline) -> ConnectError:
        path = self.connection.ws_path.partition("?")[0]
        failure = handshake.upgrade_error(response, path)
        if response.status in (200, 400, 404) and self._is_sockjs(path, deadline):
            target = f"{path.rstrip('/')}/websocket"
            return ConnectError(
                f"{path} is a SockJS endpoint: its WebSocket is at {target}", "ws_path", response.summary
            )
        return failure

    def _is_sockjs(self, path: str, deadline: ConnectDeadline) -> bool:
        """Ask `<path>/info`, on a connection of its own; a question that fails says no."""
        connection = self.connection
        until = min(deadline.at, time.monotonic() + INFO_TIMEOUT)
        short = ConnectDeadline(until, self.waker, lambda: self.over, self.selector)
        headers = [
            ("Host", handshake.authority(connection)),
            *connection.handshake_headers(),
            ("Connection", "close"),
        ]
        try:
            data = handshake.get(connection, f"{path.rstrip('/')}/info", headers)
            host = connection.host.strip()
            sock = connect.connect(host, connect.look_up(host, connection.port, short, self.waker), short)
            if connection.transport.encrypted:
                name = connection.tls.server_name or host
                sock = connect.encrypt(sock, build_context(connection.tls), name, host, connection.port, short)
            try:
                return handshake.is_sockjs(handshake.exchange(sock, data, connection, short))
            finally:
                sock.close()
        except (ConnectError, OSError):
            return False

    def timed_out(self) -> ConnectError:
        where = connect_errors.place(self.connection.host, self.connection.port)
        seconds = f"{self.connection.timeout:g} s"
        if self.stage == "WebSocket":
            hint = "" if self.connection.transport.encrypted else ", or wants TLS"
            return ConnectError(
                f"connected to {where}, but no answer to the WebSocket handshake within {seconds}: "
                f"it may not speak HTTP{hint}",
                "port",
            )
        if self.stage == "CONNECT" and (response := self.unfinished_answer(f"and nothing more came within {seconds}")):
            return response
        if self.stage == "CONNECT":
            return ConnectError(
                f"the WebSocket is open, but no CONNECTED came within {seconds}: "
                "it may not speak STOMP, or none of the versions offered",
                "ws_path",
            )
        return super().timed_out()

    # Messages

    def wrap(self, encoded: bytes) -> bytes:
        return messages_of(encoded)

    def _run_once(self) -> None:
        if self._early:
            early, self._early = self._early, b""
            try:
                self.take(early)
            except FrameError as error:
                raise self._not_followed(error) from error
        super()._run_once()

    def take(self, data: bytes) -> None:
        try:
            messages = self._reader.feed(data)
        except WebSocketError as error:
            # The messages before it are complete and shown.
            self._take_messages(error.messages)
            self._close_code = error.code
            if self.connected:
                self.notify("fault", (str(error), error.raw))
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
                self._response(payload)
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
            batch = self.marker.feed_message(payload)
            if batch:
                self.deliver(batch)
            if self.over:
                return

    def _take_first(self, payload: bytes) -> None:
        """Check whether the first message is STOMP; raises ConnectError if it is not."""
        self._spoke = True
        if other_servers.is_stomp(payload[:64]):
            return
        path = self.connection.ws_path.partition("?")[0]
        text = payload.decode("utf-8", "replace").strip()[: connect_errors.TEXT_LIMIT]
        if payload[:1] in (b"o", b"a") and (payload == b"o" or payload[:2] == b"a["):
            target = _SOCKJS_SESSION.sub("/websocket", path)
            raise ConnectError(f"{path} is a SockJS session: plain STOMP is at {target}", "ws_path", text)
        raise ConnectError(f"the WebSocket at {path} does not speak STOMP", "ws_path", text)

    def _response(self, payload: bytes) -> None:
        try:
            self.out_queue.put(pack(PONG, payload))
        except SessionError:
            pass  # a server that does not read has no use for the answer

    # The end

    def _closed(self, payload: bytes) -> ConnectError | ConnectionOver:
        reason = close_reason(payload)
        if self.connected:
            return ConnectionOver(reason)
        field = "ws_headers" if payload[:2] == (1008).to_bytes(2, "big") else ""
        return ConnectError(f"{reason} instead of answering CONNECT", field)

    def _end_of_stream(self) -> ConnectError | ConnectionOver:
        reason = "the server ended the connection without closing the WebSocket (1006)"
        if self.connected:
            return ConnectionOver(reason)
        if response := self.unfinished_answer(f"and {reason}"):
            return response
        return ConnectError(f"{reason}, instead of answering CONNECT", "")

    def unfinished_answer(self, then: str) -> ConnectError | None:
        self._keep_rest()
        return super().unfinished_answer(then)

    def _recover(self) -> None:
        self._keep_rest()
        super()._recover()

    def _keep_rest(self) -> None:
        """Move the bytes of an unfinished message into the marker, which recovers frames from them."""
        if rest := self._reader.rest():
            self.marker.keep(rest)
            self.missing_end = "the end of a WebSocket message"

    def cleanup(self) -> None:
        self._mid_message = self._mid_message or self.out_queue.unsent > 0
        super().cleanup()

    def send_close(self, sock: socket.socket) -> None:
        # Inside a message that is half written a close frame would be taken for the rest of it.
        if self._open and not self._mid_message:
            try:
                sock.send(pack(CLOSE, self._close_code.to_bytes(2, "big")))
            except OSError:
                pass  # it is gone already
        super().send_close(sock)

    # Pings

    def _pings(self) -> bool:
        return self.connected and not self.heartbeats.send_every and not self.heartbeats.receive_every

    def _due_in(self, listening: bool) -> float | None:
        due = super()._due_in(listening)
        if not self._pings():
            return due
        ping = max(0.0, max(self._pinged, self.heartbeats.last_sent) + self.ping_every - time.monotonic())
        return ping if due is None else min(due, ping)

    def _check_timers(self, now: float, quiet: bool) -> None:
        super()._check_timers(now, quiet)
        if not self._pings():
            return
        if now >= max(self._pinged, self.heartbeats.last_sent) + self.ping_every:
            self._pinged = now
            if not self.out_queue:
                self.out_queue.put(pack(PING, b""))
        silence = self.heartbeats.idle(now)
        if quiet and self._answers_pings and silence > self.ping_every * PING_TOLERANCE:
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
