"""Which credentials a connection has, and how to say that the server wants others.

Servers that know tokens seldom say that one has expired. Spring's opaque ERROR, HTTP 401 and 403, and the redirect to
a login are taken for that; silence, and other words for a refused CONNECT, if a token was sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from stomptui.config.connection import Connection
from stomptui.config.secret_names import carries_secret, has_source, spans_in_path
from stomptui.connection.errors import ConnectError, Want

_BASIC = re.compile(r"^www-authenticate: *basic\b", re.IGNORECASE | re.MULTILINE)


class Place(Enum):
    """Where credentials are; the value is the field of `Connection`."""

    CONNECT = "headers"
    HANDSHAKE = "ws_headers"
    PATH = "ws_path"
    LOGIN = "passcode"
    HTTP_LOGIN = "ws_passcode"


STALE = "may be wrong or expired"
COOKIE_WAY = (
    "log in with a browser, and copy the Cookie header that it sends there to the HTTP headers (in a shell: "
    "-H @FILE, where FILE has that line)"
)
_IN_FORM = {
    Place.CONNECT: "in the headers of CONNECT",
    Place.HANDSHAKE: "in the HTTP headers",
    Place.PATH: "in the path",
    Place.LOGIN: "",
    Place.HTTP_LOGIN: "",
}


@dataclass(frozen=True)
class Credential:
    """One of the credentials that were sent."""

    name: str
    place: Place

    @property
    def told(self) -> str:
        """Its name and where it is, for a person."""
        return f"{self.name} {_IN_FORM[self.place]}".rstrip()


def of_connect(connection: Connection) -> list[Credential]:
    """Those in the CONNECT frame beyond login and passcode."""
    return [Credential(name, Place.CONNECT) for name, value in connection.headers if carries_secret(name, value)]


def of_handshake(connection: Connection) -> list[Credential]:
    """Those in the WebSocket handshake."""
    if not connection.transport.websocket:
        return []
    found = [Credential(name, Place.HANDSHAKE) for name, value in connection.ws_headers if carries_secret(name, value)]
    if connection.ws_login:
        found.append(Credential("HTTP login and password", Place.HTTP_LOGIN))
    elif connection.ws_basic:
        found.append(Credential("login and password", Place.LOGIN))
    if spans_in_path(connection.ws_path) or has_source(connection.ws_path):
        found.append(Credential("the token", Place.PATH))
    return found


def all_of(connection: Connection) -> list[Credential]:
    """All that a server knows one by; login and password of CONNECT come last."""
    found = [*of_connect(connection), *of_handshake(connection)]
    if connection.login and not any(each.place is Place.LOGIN for each in found):
        found.append(Credential("login and password", Place.LOGIN))
    return found


def may_be_refused(failure: ConnectError) -> bool:
    """Whether a failure may be about the credentials that were sent."""
    return failure.wants is not Want.NOTHING or failure.field in {place.value for place in Place}


def told(failure: ConnectError, connection: Connection) -> ConnectError:
    """The failure, with the credentials named that the server may want anew."""
    # What the server did not say, of a header that cannot be sent, has nothing to do with credentials.
    upgrade = failure.field == "ws_headers" and (bool(failure.server_text) or failure.wants is not Want.NOTHING)
    if (failure.wants is Want.NOTHING and not upgrade) or failure.field == "passcode":
        return failure
    sent = of_handshake(connection) if upgrade else of_connect(connection)
    names = " or ".join(each.told for each in sent)
    wants, more, field = Want.CREDENTIALS, "", failure.field
    if upgrade or failure.wants is Want.CREDENTIALS:
        if failure.wants is Want.COOKIE and not any(each.name.lower() == "cookie" for each in sent):
            more = f"; {names} {STALE}, or {COOKIE_WAY}" if sent else f": {COOKIE_WAY}"
        elif sent:
            more = f"; {names} {STALE}"
        elif upgrade and _BASIC.search(failure.server_text):
            more, field = ": HTTP login and password have fields of their own", "ws_login"
        elif not upgrade:
            more = ": it goes into the headers of CONNECT, usually as Authorization or X-CSRF-TOKEN"
    elif sent:
        wants, more = Want.MAYBE_CREDENTIALS, f"; {names} {STALE}"
    else:
        wants = Want.NOTHING
    field = sent[0].place.value if sent else field
    return ConnectError(failure.reason + more, field, failure.server_text, failure.instead, wants)
