"""What a server says, without the secrets that it was sent: it may repeat them, as a redirect does with a query."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from stomptui.config.connection import Connection
from stomptui.config.secret_names import MASK, without_secrets_in_urls
from stomptui.connection.errors import ConnectError

_SHORTEST = 4
"""Characters of a secret that is looked for: shorter ones are parts of words."""


def sent_secrets(connection: Connection) -> tuple[str, ...]:
    """The secrets of a connection as a server may repeat them, longest first; not a password that is the login too."""
    found = {each for each in connection.secrets() if len(each) >= _SHORTEST}
    found -= {connection.login, connection.ws_login}
    found |= {quote(each, safe="") for each in found}
    return tuple(sorted(found, key=len, reverse=True))


def without_sent(text: str, secrets: Iterable[str]) -> str:
    """A text of a server with these secrets masked, and with what its URLs hold of others."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return without_secrets_in_urls(text)


def masked_failure(failure: ConnectError, connection: Connection) -> ConnectError:
    """The failure to connect, without the secrets that were sent for the connection."""
    secrets = sent_secrets(connection)
    reason, text = without_sent(failure.reason, secrets), without_sent(failure.server_text, secrets)
    return ConnectError(reason, failure.field, text, failure.instead, failure.wants)
