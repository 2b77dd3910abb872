"""The options of the console, as read from the command line and the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stomptui.config.connection import Connection


@dataclass(frozen=True)
class Options:
    """The command line and the environment, checked and put together."""

    connection: Connection | None = None
    """What to fill the connection form with, None for what was used last."""
    autoconnect: bool = False
    """Connect to it without asking."""
    subscribe: tuple[str, ...] = ()
    """Destinations to look at; queues without consuming from them."""
    peek: str = ""
    """A queue to look into, in a view of its own."""
    work: tuple[str, ...] = ()
    """Queues whose messages wait for the person's ack or nack."""
    consume: tuple[str, ...] = ()
    """Destinations to consume from."""
    demo: bool = False
    """Start a broker of our own with sample traffic and connect to it."""
    profile: str = ""
    """The profile `connection` came from, "" if none."""
    quiet: bool = False
    """Do not print the counts on leaving."""
    log_file: Path = field(default_factory=lambda: Path("stomptui.log"))
    theme: str | None = None
    warnings: tuple[str, ...] = ()
    """What in the profile is not read, in whole sentences."""
    notice: str = ""
    """Something to tell the person once the screen is up, such as a keyring that does not answer."""
