"""The options of the console, as read from the command line and the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stomptui.config.connection import Connection


@dataclass(frozen=True)
class Options:
    """Command line and environment, checked and combined."""

    connection: Connection | None = None
    """What to fill the connection form with, None for the last connection."""
    autoconnect: bool = False
    """Connect to it without asking."""
    subscribe: tuple[str, ...] = ()
    """Destinations to subscribe to; queues without consuming from them."""
    peek: str = ""
    """A queue to peek into, "" for none."""
    work: tuple[str, ...] = ()
    """Queues whose messages wait for the person to acknowledge or reject them."""
    consume: tuple[str, ...] = ()
    """Destinations to consume from."""
    demo: bool = False
    """Start the embedded broker with sample traffic and connect to it."""
    read_only: bool = False
    """Refuse everything that changes something, whatever `connection` says; it says so too."""
    profile: str = ""
    """The profile `connection` came from, "" if none."""
    quiet: bool = False
    """Do not print the counts on leaving."""
    log_file: Path = field(default_factory=lambda: Path("stomptui.log"))
    theme: str | None = None
    library: Path | None = None
    """The directory of saved messages, None for the person's own."""
    warnings: tuple[str, ...] = ()
    """Sentences about unknown keys of the profile."""
    notice: str = ""
    """A message to show once the screen is up, such as that the keyring does not answer; "" for none."""
