"""Whether a session that the server ended for its token or login is followed by another attempt, or by a question."""

from __future__ import annotations

from typing import NamedTuple

from stomptui.config.connection import Connection
from stomptui.config.header_sources import has_sources
from stomptui.connection import credentials
from stomptui.connection.credentials import Credential, Place
from stomptui.connection.ending import Ending
from stomptui.connection.events import Lost
from stomptui.connection.short_sessions import SHORT

_LOGINS = (Place.LOGIN, Place.HTTP_LOGIN)


class Question(NamedTuple):
    """What a person is asked for."""

    reason: str
    field: str
    """The field of `Connection`."""


class LoginEnds:
    """Sessions that ended so, one after the other."""

    def __init__(self) -> None:
        self._before: int | None = None
        """`Lost.credentials` of the session before, if it ended so; else None."""

    def question(self, lost: Lost, lasted: float, connection: Connection) -> Question | None:
        """What to ask for, None if another attempt may help.

        Credentials that are read anew, and a login, which each session makes anew, are tried once more.

        Args:
            lost: How the session ended.
            lasted: Seconds that it was up.
            connection: As it was asked for, with the sources of its headers.
        """
        before, self._before = self._before, None
        sent = credentials.all_of(connection) if lost.ending is Ending.LOGGED_OUT else []
        if not sent:
            return None
        self._before = lost.credentials
        read_anew = has_sources(connection)
        fresh = read_anew or all(each.place in _LOGINS for each in sent)
        again = before is not None and (lasted < SHORT or (read_anew and before == lost.credentials))
        if fresh and not again:
            return None
        # A login is seldom what ends beside a token.
        tokens = [each for each in sent if each.place not in _LOGINS] or sent
        names = " or ".join(each.told for each in tokens)
        kind = "login" if all(_is_login(each) for each in tokens) else "token"
        return Question(f"the server wants a new {kind}; {names} may have expired", tokens[0].place.value)


def _is_login(credential: Credential) -> bool:
    return credential.place in _LOGINS or credential.name.lower() == "cookie"
