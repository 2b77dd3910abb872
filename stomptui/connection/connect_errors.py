"""Texts for a connection that failed or broke: DNS, TCP, TLS certificates, refused CONNECT; and the field to blame."""

from __future__ import annotations

import errno
import re
import socket
import ssl

from stomptui.config.connection import Connection
from stomptui.connection.errors import ConnectError, Want
from stomptui.connection.session_state import ConnectStage

TEXT_LIMIT = 4000
"""Characters of a server's own text that are kept."""


def place(host: str, port: int) -> str:
    """An address within a sentence: "127.0.0.1 port 61613"."""
    return f"{host} port {port}"


def lookup_failed(host: str, error: Exception) -> ConnectError:
    """Why the name of a host could not be looked up."""
    if isinstance(error, socket.gaierror):
        if error.errno == getattr(socket, "EAI_AGAIN", None):
            return ConnectError(f"the name {host} could not be looked up: no name server answers", "host")
        return ConnectError(f"the name {host} is not known", "host")
    if isinstance(error, UnicodeError):
        return ConnectError(f"{host} cannot be the name of a host", "host")
    return ConnectError(f"the name {host} could not be looked up: {error}", "host")


def connect_failed(host: str, port: int, failures: list[tuple[str, OSError]]) -> ConnectError:
    """Why no address of a host could be connected to.

    Args:
        host: As typed.
        port: The port.
        failures: (address, error) of each address tried.
    """
    if all(_refused(error) for _, error in failures):
        tried = "" if len(failures) == 1 else f" (tried {' and '.join(address for address, _ in failures)})"
        return ConnectError(f"nothing listens on {place(host, port)}{tried}", "port")
    if len(failures) == 1:
        return ConnectError(_unreachable(place(host, port), failures[0][1]), "host")
    return ConnectError("; ".join(_unreachable(place(address, port), error) for address, error in failures), "host")


def _refused(error: OSError) -> bool:
    return error.errno == errno.ECONNREFUSED


def _unreachable(where: str, error: OSError) -> str:
    if _refused(error):
        return f"nothing listens on {where}"
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return f"no answer from {where}: a wrong address, or a firewall in between"
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL):
        return f"there is no way to {where} from here"
    if error.errno in (errno.ECONNRESET, errno.ENOTCONN, errno.EPIPE):
        return f"{where} cut the connection as soon as it was there"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"this machine does not allow a connection to {where}"
    return f"no connection to {where}: {error.strerror or error}"


NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL")
"""OpenSSL's reason codes for an answer that is not TLS."""


def handshake_failed(error: Exception, server_name: str, host: str, port: int, first: bytes) -> ConnectError:
    """Why a TLS handshake failed; `first` are the first bytes that the server sent, b"" if they were not seen."""
    where = place(host, port)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error, server_name)
    code = getattr(error, "reason", None) or ""
    if code in NO_TLS or (first and first[0] not in range(0x14, 0x18)):
        text = first.decode("utf-8", "replace").strip()
        return ConnectError(f"{where} does not speak TLS", "transport", text[:TEXT_LIMIT])
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError)):
        return ConnectError(
            f"{where} closed the connection during the TLS handshake: it may not speak TLS", "transport"
        )
    alert = _alert(error)
    if alert:
        return alert
    if isinstance(error, ssl.SSLError):
        return ConnectError(f"the TLS handshake with {where} failed: {_openssl(error)}", "transport")
    return ConnectError(f"the TLS handshake with {where} failed: {error}", "server_name")


def _alert(error: Exception) -> ConnectError | None:
    """The error for a TLS alert that we have a text for; None for all others."""
    code = getattr(error, "reason", None) or str(error)
    if "CERTIFICATE_REQUIRED" in code or "HANDSHAKE_FAILURE" in code:
        return ConnectError("the server wants a client certificate", "cert_file", code)
    if any(word in code for word in ("UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN", "CERTIFICATE_EXPIRED")):
        return ConnectError("the server does not accept our client certificate", "cert_file", code)
    if "PROTOCOL_VERSION" in code or "UNSUPPORTED_PROTOCOL" in code:
        return ConnectError("the server speaks no TLS version from 1.2 on", "transport", code)
    if "UNRECOGNIZED_NAME" in code:
        return ConnectError("the server has no certificate for that server name", "server_name", code)
    return None


def _certificate(error: ssl.SSLCertVerificationError, server_name: str) -> ConnectError:
    code, text = error.verify_code, error.verify_message
    if code in (62, 64):
        return ConnectError(f"the server's certificate is not for {server_name}", "server_name", text)
    if code == 10:
        return ConnectError("the server's certificate has expired", "tls", text)
    if code == 9:
        return ConnectError("the server's certificate is not valid yet (or the clock here is wrong)", "tls", text)
    if code == 18:
        return ConnectError("the server's certificate is self-signed and not trusted here", "ca_file", text)
    if code in (2, 19, 20, 21):
        return ConnectError("the server's certificate is signed by nobody trusted here", "ca_file", text)
    return ConnectError(f"the server's certificate is not to be trusted: {text}", "ca_file", text)


def _openssl(error: ssl.SSLError) -> str:
    """OpenSSL's own words without its codes: "wrong version number"."""
    return (error.reason or str(error)).replace("_", " ").lower()


def broken(error: OSError) -> str:
    """Why a connection that was up broke."""
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {_openssl(error)}"
    if error.errno == errno.ECONNRESET:
        return "the broker cut the connection (reset)"
    if error.errno == errno.EPIPE:
        return "the broker has closed the connection"
    if isinstance(error, TimeoutError) or error.errno == errno.ETIMEDOUT:
        return "the network lost the broker (no answer to what was sent)"
    return f"the connection broke: {error.strerror or error}"


def broken_before_connected(error: OSError, encrypted: bool) -> ConnectError:
    """Why a connection broke before CONNECTED came."""
    if encrypted:
        alert = _alert(error)  # TLS 1.3 refuses a client's certificate only after the handshake
        if alert:
            return alert
    return ConnectError(f"{broken(error)} instead of answering CONNECT", "port")


def timed_out(connection: Connection, stage: ConnectStage | None) -> ConnectError:
    """Why an attempt to connect has passed its deadline at a stage."""
    where = place(connection.host, connection.port)
    seconds = f"{connection.timeout:g} s"
    if stage == "looking up":
        return ConnectError(f"no name server told the address of {connection.host} within {seconds}", "host")
    if stage == "connecting":
        return ConnectError(f"no answer from {where} within {seconds}: a wrong address, or a firewall", "host")
    if stage == "TLS handshake":
        return ConnectError(
            f"connected to {where}, but no answer to the TLS handshake within {seconds}: it may not speak TLS",
            "transport",
        )
    hint = "" if connection.transport.encrypted else ", or wants TLS"
    if stage == "WebSocket":
        return ConnectError(
            f"connected to {where}, but no answer to the WebSocket handshake within {seconds}: "
            f"it may not speak HTTP{hint}",
            "port",
        )
    if connection.transport.websocket:
        return ConnectError(
            f"the WebSocket is open, but no CONNECTED came within {seconds}: "
            "it may not speak STOMP, or none of the versions offered, or wants a token and does not say so",
            "ws_path",
            wants=Want.MAYBE_CREDENTIALS,
        )
    return ConnectError(
        f"connected to {where}, but no answer to CONNECT within {seconds}: it may not speak STOMP{hint}", "port"
    )


NO_TOKEN = r"ExecutorSubscribableChannel|clientInboundChannel|\btoken\b|\bjwt\b|csrf|forbidden|access is denied"
"""Words for a CONNECT without a token that is taken: Spring names its channel and never the reason."""
_NOT_NOW = r"broker not available|connection to broker closed|not (?:yet )?(?:started|ready)|unavailable"
"""Words for a broker that may take the same CONNECT later."""
_REFUSALS = (
    # First, because the text of ActiveMQ goes on with class names, in which words of the other patterns occur.
    (
        r"already connected from",
        "another connection has this client-id now, and only one at a time may have it",
        "headers",
    ),
    (r"virtual host|vhost", "the broker refused the virtual host", "vhost"),
    (r"heart-?beat", "the broker refused the heart-beat", "heart_beat"),
    (
        r"accept-?version|(?:supported|protocol|stomp) versions?\b"
        r"|\bversions? (?:mismatch|(?:is |are )?not supported)"
        r"|\b(?:un(?:supported|known|acceptable)|incompatible|invalid|no)\b[^\n]{0,30}\bversion",
        "the broker speaks none of the STOMP versions offered",
        "versions",
    ),
    (
        r"access refused|passw|passcode|credential|authenticat|security error|login|log in|not authori[sz]ed"
        r"|bad connect|access denied|user name",
        "the broker refused the login",
        "passcode",
    ),
    (r"client-?id", "the broker refused the client-id", "headers"),
)


def refused_connect(text: str) -> ConnectError:
    """The error for an ERROR frame in answer to CONNECT; `text` is its message and body."""
    for pattern, reason, field in _REFUSALS:
        if re.search(pattern, text, re.IGNORECASE):
            wants = Want.CREDENTIALS if field == "passcode" else Want.NOTHING
            return ConnectError(reason, field, text[:TEXT_LIMIT], wants=wants)
    if re.search(NO_TOKEN, text, re.IGNORECASE):
        return ConnectError("the server wants a token", "headers", text[:TEXT_LIMIT], wants=Want.CREDENTIALS)
    wants = Want.NOTHING if re.search(_NOT_NOW, text, re.IGNORECASE) else Want.MAYBE_CREDENTIALS
    return ConnectError("the broker refused to connect", "", text[:TEXT_LIMIT], wants=wants)
