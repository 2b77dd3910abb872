"""Why a session that was up has ended, as far as close codes and the server's words tell.

The words are those of Spring 6 and 7, Tomcat, RabbitMQ and its STOMP relay; close codes are in `close_codes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from stomptui.connection.close_codes import FORBIDDEN, OWN, TOO_LARGE, UNAUTHORIZED

WATCHED = 20.0
"""Seconds before the end of which the frames that were sent are told."""


class Ending(Enum):
    """Why a session that was up has ended."""

    OTHER = "other"
    """By us, by the network, or for a reason of its own that no frame of ours has brought about."""
    REFUSED = "refused"
    """The server sent an ERROR and closed: it did not like something that we sent."""
    UNEXPLAINED = "unexplained"
    """The server closed without a word: it may not have liked something, or be gone."""
    LOGGED_OUT = "logged out"
    """The login or token that let us in holds no longer."""
    TOO_SLOW = "too slow"
    """We read more slowly than the server sends."""
    TOO_LARGE = "too large"
    """A frame or WebSocket message of ours was."""
    MISSED_BEATS = "missed heart-beats"
    """The server saw no heart-beat of ours in time."""
    STOPPED = "stopped"
    """The server, or the broker behind it, goes away or restarts."""


@dataclass(frozen=True)
class SentFrame:
    """A frame that was sent shortly before the end and that nothing has answered."""

    command: str
    """"" for bytes that a person typed."""
    age: float
    """Seconds between it and the ERROR, or the end without one."""
    subscription: str = ""
    """The `id` of a SUBSCRIBE."""
    destination: str = ""


_CODES = {
    1001: Ending.STOPPED,
    **dict.fromkeys(UNAUTHORIZED | FORBIDDEN, Ending.LOGGED_OUT),
    TOO_LARGE: Ending.TOO_LARGE,
    1012: Ending.STOPPED,
    1013: Ending.STOPPED,
    4413: Ending.TOO_LARGE,
    4500: Ending.TOO_SLOW,
    4503: Ending.STOPPED,
}
_WORDS = (
    # Spring's words for a client whose heart-beats it missed; our own DISCONNECT is answered so too, and is no loss.
    (re.compile(r"^\s*Session closed\.?\s*$"), Ending.MISSED_BEATS),
    (re.compile(r"buffer size limit|frame size|message size|too (?:large|big|long)", re.IGNORECASE), Ending.TOO_LARGE),
    (
        re.compile(r"connection to broker closed|broker not available|server shutdown|shutting down", re.IGNORECASE),
        Ending.STOPPED,
    ),
    (
        re.compile(
            r"(?:token|jwt|session|login|credentials?|cookie)[^\n]{0,40}?(?:expired|revoked|no longer valid)"
            r"|(?:expired|revoked)[ _]?(?:\w+ )?(?:token|jwt|session|login|credential|cookie)"
            r"|\blogged out\b|\blog ?in again\b|\bre-?authenticate\b|\bunauthenticated\b",
            re.IGNORECASE,
        ),
        Ending.LOGGED_OUT,
    ),
)


_LOGIN = re.compile(r"session|log(?:ged|in|out)|auth|token|expire|credential", re.IGNORECASE)
_TOLD = {
    Ending.LOGGED_OUT: "logged out: ",
    Ending.TOO_SLOW: "too slow: ",
    Ending.TOO_LARGE: "too large: ",
    Ending.MISSED_BEATS: "missed heart-beats: the server saw none of ours in time; ",
}


SOON = 2.0
"""Seconds before the end within which a SEND is blamed that nothing else can be blamed instead of."""
_LIMIT = re.compile(r"limit(?: of)? (\d{1,3}(?:[,.]\d{3})+|\d{1,12})(?: bytes|\s*$)", re.IGNORECASE)


def limit_in(error: str) -> int | None:
    """The largest frame that a server takes, in bytes, as an ERROR of Spring tells it; None if none is told."""
    found = _LIMIT.search(error)
    return int(re.sub(r"[,.]", "", found[1])) if found else None


def blames_send(ending: Ending, unanswered: Sequence[SentFrame]) -> bool:
    """Whether the last SEND without an answer ended the session, as far as can be told."""
    recent = [frame for frame in unanswered if frame.age <= SOON and frame.command not in ("UNSUBSCRIBE", "ACK")]
    sends = [frame for frame in recent if frame.command == "SEND"]
    if ending is Ending.TOO_LARGE:
        return bool(sends)
    return ending is Ending.REFUSED and len(sends) == len(recent) == 1


def wants_login(close_code: int | None, reason: str) -> bool:
    """Whether a server that closed instead of answering CONNECT wants a login or token, as far as it tells."""
    if close_code in UNAUTHORIZED | FORBIDDEN:
        return True
    return close_code in OWN and bool(_LOGIN.search(reason))


def told(ending: Ending, reason: str) -> str:
    """Why a session has ended, in words: ours for how it ended before the reason that TCP or WebSocket gave."""
    return _TOLD.get(ending, "") + reason


def ending_of(by_server: bool, close_code: int | None, error: str, reason: str = "") -> Ending:
    """Why a session has ended.

    Args:
        by_server: Whether the server ended it, as far as TCP and WebSocket tell.
        close_code: The code of the WebSocket's close, None without one.
        error: The text of an ERROR just before, "" without one.
        reason: The words of the close, "" without any.
    """
    if error:
        told_why = f"{error}\n{reason}" if close_code in FORBIDDEN else error
        return next((ending for words, ending in _WORDS if words.search(told_why)), Ending.REFUSED)
    if close_code in FORBIDDEN and reason and not _LOGIN.search(reason):
        return Ending.REFUSED
    if close_code is not None and (ending := _CODES.get(close_code)):
        return ending
    if close_code in OWN and (found := next((ending for words, ending in _WORDS if words.search(reason)), None)):
        return found
    return Ending.UNEXPLAINED if by_server else Ending.OTHER
