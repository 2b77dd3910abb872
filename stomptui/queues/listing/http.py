"""GET requests for JSON to a management API: same login as the connection, bounded in time and size.

No redirect is followed and nothing is tried twice, so the password goes to the server that was named and to no other.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stomptui.config.connection import Connection
from stomptui.config.files.logs import hide_secrets
from stomptui.config.management import Management, is_loopback
from stomptui.connection import connect_errors
from stomptui.connection.blocking_client import ClientError, NoAnswer, RequestRefused
from stomptui.connection.errors import ConnectError
from stomptui.connection.masking import sent_secrets, without_sent
from stomptui.connection.transport.connecting.tls import build_context

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

CONNECTING = 4.0
"""Seconds to get through."""
SILENCE = 6.0
"""Seconds without a byte after which an answer is given up."""
WHOLE = 20.0
"""Seconds for an answer from beginning to end."""
LARGEST = 8 << 20
"""Bytes of an answer that are read: some 40,000 queues."""
SAID = 300
"""Characters of an error's body that are told."""
_LOOKED_AT = 64 << 10
"""Characters of it that are looked at."""


_loading = threading.Lock()


def _load() -> None:
    """Import urllib3, whole: it takes a moment, and threads that import parts of it at the same time may get halves."""
    with _loading:
        import urllib3  # noqa: F401


class StatusError(ClientError):
    """The server answered with something else than 200."""

    def __init__(self, status: int, text: str, server_text: str) -> None:
        super().__init__(text, server_text)
        self.status = status


class Http:
    """One server. Blocks; for one thread, but for `stop`. Close it, or use it with `with`.

    Args:
        place: Where it is; the paths asked for come after its own.
        connection: Whose login and password are sent, and how certificates are checked.
        verify: Check the certificate even if the connection does not.

    Raises:
        ClientError: The password would travel unencrypted there, and does not where STOMP is spoken.
    """

    def __init__(self, place: Management, connection: Connection, *, verify: bool = False) -> None:
        if connection.transport.encrypted and not place.encrypted and not is_loopback(place.host):
            raise ClientError(f"{place.url} would get the password unencrypted: use https://")
        self.place = place
        self._connection = connection
        self._verify = verify
        self._http: HTTPConnection | None = None
        self._sock: socket.socket | None = None
        """The socket of the latest connection, which an answer without an end takes out of it."""
        self._stopped = False
        self._late = False
        """Whether the time for the latest answer was up before it was whole."""
        token = base64.b64encode(f"{connection.login}:{connection.passcode}".encode("utf-8", "surrogatepass")).decode()
        self._basic = f"Basic {token}" if connection.login else ""
        if self._basic:
            hide_secrets([token])

    def __enter__(self) -> Http:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str) -> Any:
        """The JSON at a path.

        Raises:
            Refused: This user may not.
            StatusError: The server answered something else than 200.
            NoAnswer: It did not answer in time, or not to the end.
            ClientError: There is no such server, or what it answers is no JSON or has no end.
        """
        return self._json(*self.ask("GET", path, {"Authorization": self._basic} if self._basic else {}))

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON that is answered to some JSON; raises as `get` does."""
        lines = {"Content-Type": "application/json", **(headers or {})}
        if self._basic:
            lines["Authorization"] = self._basic
        return self._json(*self.ask("POST", path, lines, json.dumps(body).encode()))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """One request with exactly these headers and no login of its own.

        Returns:
            Status, body and headers of the answer, whatever the status.

        Raises:
            ClientError: As `get`, but for what the status says.
        """
        _load()
        from urllib3.exceptions import HTTPError

        self._late = False
        timer = threading.Timer(WHOLE, self._expire)
        timer.daemon = True
        try:
            connection = self._connected()
            timer.start()
            lines = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "stomptui", **headers}
            connection.request(
                method, self.place.path + path, body=body, headers=lines, preload_content=False, decode_content=False
            )
            response = connection.getresponse()
            read = bytearray()
            while piece := response.read1(1 << 16):
                read += piece
                if len(read) > LARGEST:
                    raise ClientError(f"the answer of {self.place.url} is longer than {LARGEST >> 20} MB")
            # What was cut off looks like an end where no length was said.
            if self._late or self._stopped:
                raise TimeoutError
            return response.status, bytes(read), response.headers
        except ClientError:
            self.close()
            raise
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            self.close()
            raise self._failed(error) from error
        finally:
            timer.cancel()

    def stop(self) -> None:
        """From any thread: what is waited for fails now, and nothing more is asked."""
        self._stopped = True
        self._cut()

    def close(self) -> None:
        connection, self._http = self._http, None
        if connection is not None:
            connection.close()

    # The connection

    def _connected(self) -> HTTPConnection:
        if self._stopped:
            raise ClientError("stopped")
        if self._http is None:
            self._http = self._make()
        connection = self._http
        if connection.sock is None:
            connection.timeout = CONNECTING
            connection.connect()
            self._sock = connection.sock
            if self._stopped:
                raise ClientError("stopped")
            connection.timeout = SILENCE
        return connection

    def _make(self) -> HTTPConnection:
        from urllib3.connection import HTTPConnection, HTTPSConnection

        place = self.place
        if not place.encrypted:
            return HTTPConnection(place.host, place.port)
        tls = replace(self._connection.tls, verify=True) if self._verify else self._connection.tls
        # The name in the certificate was said for the host that speaks STOMP.
        same = place.host.lower() == self._connection.host.strip().lower()
        try:
            context = build_context(tls)
        except ConnectError as error:
            raise ClientError(error.reason) from error
        return HTTPSConnection(
            place.host, place.port, ssl_context=context, server_hostname=(tls.server_name if same else "") or place.host
        )

    def _expire(self) -> None:
        self._late = True
        self._cut()

    def _cut(self) -> None:
        sock = self._sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it is closed already

    # What went wrong

    def _failed(self, error: Exception) -> ClientError:
        """An error of the network or of HTTP, in plain words."""
        from urllib3 import exceptions as e

        place = self.place
        if self._stopped:
            return ClientError("stopped")
        if self._late:
            return NoAnswer(f"no whole answer from {place.url} within {WHOLE:g} s")
        cause = error.__cause__ or (error.args[0] if error.args else None)
        if isinstance(error, e.NameResolutionError) and isinstance(cause, Exception):
            return ClientError(connect_errors.lookup_failed(place.host, cause).reason)
        if isinstance(error, e.NewConnectionError) and isinstance(cause, OSError):
            return ClientError(connect_errors.connect_failed(place.host, place.port, [(place.host, cause)]).reason)
        if isinstance(error, e.ConnectTimeoutError):
            return NoAnswer(
                connect_errors.connect_failed(place.host, place.port, [(place.host, TimeoutError())]).reason
            )
        found = next((x for x in (error, cause) if isinstance(x, ssl.SSLError)), None)
        if found is not None and not isinstance(found, ssl.SSLWantReadError):
            name = self._connection.tls.server_name or place.host
            return ClientError(connect_errors.handshake_failed(found, name, place.host, place.port, b"").reason)
        if isinstance(error, (TimeoutError, e.TimeoutError)):
            return NoAnswer(f"no answer from {place.url} in time")
        if isinstance(error, (http.client.RemoteDisconnected, ConnectionError, e.ProtocolError, e.IncompleteRead)):
            return NoAnswer(f"{place.url} closed the connection before its answer was whole")
        if isinstance(error, http.client.HTTPException):
            return ClientError(f"what answers at {place.url} does not speak HTTP")
        return ClientError(f"{place.url} could not be asked: {error}")

    def _json(self, status: int, body: bytes, headers: Mapping[str, str]) -> Any:
        url = self.place.url
        said = self._shown(body.decode("utf-8", "replace")) if status != 200 else ""
        if status in (401, 403):
            raise RequestRefused(f"{url} refused the login" if self._basic else f"{url} wants a login", said)
        if 300 <= status < 400:
            to = self._shown(headers.get("location", ""))
            raise StatusError(status, f"{url} sends to another place{f': {to}' if to else ''}", said)
        if status == 404:
            raise StatusError(status, f"there is no management at {url}", said)
        if status != 200:
            raise StatusError(status, f"{url} answered with an error (HTTP {status})", said)
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ClientError(
                f"the answer of {url} is no JSON", self._shown(body.decode("utf-8", "replace"))
            ) from error

    def _shown(self, text: str) -> str:
        """What the server says, as far as it is told and without what it repeats of secrets."""
        # Masked before it is cut, which may be in the middle of one.
        return without_sent(text[:_LOOKED_AT], sent_secrets(self._connection)).strip()[:SAID]
