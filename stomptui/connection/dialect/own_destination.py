"""Destinations that only we use: SEND and SUBSCRIBE there disturb nobody."""

from __future__ import annotations

from dataclasses import dataclass

HeaderLines = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OwnSend:
    """A SEND that removes something."""

    headers: HeaderLines
    body: bytes


@dataclass(frozen=True)
class OwnDestination:
    """A destination with a random name."""

    name: str
    """What is subscribed to."""
    target: str = ""
    """What SEND takes, if that is another name."""
    subscribe: HeaderLines = ()
    """Further headers of SUBSCRIBE."""
    send: HeaderLines = ()
    """Further headers of SEND."""
    one_session: bool = False
    """Whether only the session that subscribes can send to it."""
    remains: str = ""
    """What may stay on the broker afterwards, without messages; "the queue ...", or "" if nothing does."""
    removal: tuple[OwnSend, ...] = ()
    """What is sent at the end, once nobody is subscribed to it, so that nothing stays."""

    @property
    def sent_to(self) -> str:
        """The destination of SEND."""
        return self.target or self.name


def own_name(token: str) -> str:
    """The name without the prefix that says what it is.

    Args:
        token: Letters and digits that nobody else has.
    """
    return f"stomptui-check-{token}"
