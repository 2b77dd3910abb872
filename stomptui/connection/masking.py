"""What a server says, without the secrets that it was sent: it may repeat them, as a redirect does with a query."""

from __future__ import annotations

import base64
import html
import json
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, quote_plus

from stomptui.config.connection import Connection
from stomptui.config.secret_names import MASK, without_secrets_in_urls
from stomptui.connection.connect_errors import TEXT_LIMIT
from stomptui.protocol.escapes import escape
from stomptui.protocol.marker import Batch

_SHORTEST = 4
"""Characters of a secret that is looked for: shorter ones are parts of words."""
_MASK = MASK.encode()
_MEANT = frozenset(
    b"version server session heart-beat receipt-id subscription message-id content-length content-type".split()
)
"""Headers that say what a frame is about. A password may be a word such as `queue`, and their values must stay."""
_HEX = re.compile(r"%[0-9A-F]{2}")
_HEADERS_END = re.compile(rb"\n\r?\n")


def sent_secrets(connection: Connection) -> tuple[str, ...]:
    """The secrets of a connection as a server may repeat them, longest first; not a password that is the login too."""
    whole = set(connection.secrets())
    for name, value in (*connection.headers, *connection.handshake_headers()):
        whole |= set(_parts(name, value))
    if connection.passcode:
        whole.add(_basic(f"{connection.login}:{connection.passcode}"))
    found = {form for each in whole if _encodable(each) for form in _forms(each)}
    known = {connection.login, connection.ws_login}
    return tuple(
        sorted((each for each in found if len(each) >= _SHORTEST and each not in known), key=len, reverse=True)
    )


def _parts(name: str, value: str) -> Iterator[str]:
    """The secrets within a header value that a server may tell without the rest: cookies, and what Basic encodes."""
    if name.strip().lower() == "cookie":
        for cookie in value.split(";"):
            yield cookie.partition("=")[2].strip().strip('"')
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(rest.strip(), validate=True).decode("utf-8").partition(":")[2]
        except ValueError:
            pass  # it is no login then


def _basic(login: str) -> str:
    return base64.b64encode(login.encode("utf-8", "surrogatepass")).decode()


def _encodable(secret: str) -> bool:
    try:
        secret.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _forms(secret: str) -> Iterator[str]:
    """A secret as it stands in a text, a URL, a STOMP header, HTML, JSON, and in an HTTP header read as Latin-1."""
    escaped = {quote(secret, safe=safe, errors="replace") for safe in ("", "/", "/=+:")}
    escaped.add(quote_plus(secret, errors="replace"))
    yield secret
    yield from escaped
    yield from (_HEX.sub(lambda found: found[0].lower(), each) for each in escaped)
    yield escape(secret, "1.2")
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield secret.encode("utf-8", "surrogateescape").decode("latin-1")


def without_sent(text: str, secrets: Iterable[str]) -> str:
    """A text of a server with these secrets masked, and with what its URLs hold of others."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return without_secrets_in_urls(text)


def cut_without_sent(text: str, secrets: Sequence[str]) -> str:
    """As `without_sent`, for a text that may be cut off at `TEXT_LIMIT`, in the middle of a secret too."""
    if len(text) >= TEXT_LIMIT:
        ends = (size for each in secrets for size in range(len(each), _SHORTEST - 1, -1) if text.endswith(each[:size]))
        if cut := max(ends, default=0):
            text = text[:-cut] + MASK
    return without_sent(text, secrets)


def raw_without_sent(raw: bytes, secrets: Iterable[bytes]) -> bytes:
    """Bytes of a server with these secrets masked."""
    for secret in secrets:
        raw = raw.replace(secret, _MASK)
    return raw


def frame_without_sent(raw: bytes, secrets: Sequence[bytes]) -> bytes:
    """The bytes of a frame with these secrets masked in its headers and its body.

    A content-length that was right is right for the masked body too.
    """
    end = _HEADERS_END.search(raw)
    if end is None:
        return raw_without_sent(raw, secrets)
    body = raw[end.end() :]
    shown = raw_without_sent(body, secrets)
    command, *lines = raw[: end.start()].split(b"\n")
    for index, line in enumerate(lines):
        name, colon, value = line.partition(b":")
        if name == b"content-length" and value.strip() == str(len(body)).encode():
            lines[index] = name + colon + value.replace(str(len(body)).encode(), str(len(shown)).encode())
        elif name not in _MEANT:
            lines[index] = name + colon + raw_without_sent(value, secrets)
    return b"\n".join([raw_without_sent(command, secrets), *lines]) + end[0] + shown


def batch_without_sent(batch: Batch, secrets: Sequence[bytes]) -> Batch:
    """The batch with these secrets masked where a server speaks of the connection: in all that is no MESSAGE."""
    if not batch.others or not any(secret in batch.data for secret in secrets):
        return batch
    others = set(batch.others)
    data, marks, place = bytearray(), array("I"), 0
    for index in range(len(batch)):
        begin, end = batch.marks[2 * index], batch.marks[2 * index + 1]
        raw = batch.data[begin:end]
        data += batch.data[place:begin]
        marks.append(len(data))
        data += frame_without_sent(raw, secrets) if index in others else raw
        marks.append(len(data))
        place = end
    return Batch(bytes(data + batch.data[place:]), marks, batch.odd, batch.others)
