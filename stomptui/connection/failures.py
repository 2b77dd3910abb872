"""Whether another attempt to connect can help after one that failed, at another address of the broker too."""

from __future__ import annotations

import re

from stomptui.connection.errors import Want
from stomptui.connection.events import ConnectFailed

SILENCES = 2
"""Failures in a row that other credentials may mend, after which they are asked for."""

_REFUSED_LOGIN = re.compile(
    r"access refused|password is invalid|authentication failed|not authorized|\b(?:401|403)\b", re.IGNORECASE
)


class Failures:
    """Attempts in a row that failed. A refused login is not tried again, and its secrets go to no further address."""

    def __init__(self) -> None:
        self._silences = 0
        """Failures that other credentials may mend, though the server does not say so."""

    def clear(self) -> None:
        """An attempt succeeded."""
        self._silences = 0

    def is_final(self, event: ConnectFailed) -> bool:
        """Count a failure; whether another attempt would fail the same way until the person changes something."""
        self._silences = self._silences + 1 if event.wants is Want.MAYBE_CREDENTIALS else 0
        return _refused(event) or self._silences >= SILENCES


def _refused(event: ConnectFailed) -> bool:
    if event.wants is Want.CREDENTIALS or event.field in ("login", "passcode", "ws_headers"):
        return True
    return bool(_REFUSED_LOGIN.search(event.reason) or _REFUSED_LOGIN.search(event.server_text))
