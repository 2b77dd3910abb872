"""Where messages go in a case: what the person types, which queues are behind it, and how it is taken away again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.interop.keeping.generator import Drawn
from tests.support.brokers.base import ManagedBroker
from tests.support.raw import RawStomp

Undo = Callable[[], object]


@dataclass(frozen=True)
class Loss:
    """A way in which a target does not keep what is confirmed there, and what excuses that.

    Attributes:
        said: Words of which the console has to have said one before.
        kept: Messages that stay there in any case, if so many came.
        which: Whether it can happen to a message.
    """

    said: tuple[str, ...]
    kept: int = 0
    which: Callable[[Drawn], bool] = lambda message: True

    def is_announced(self, words: str) -> bool:
        """Whether it is among all that was said."""
        return any(word in words for word in self.said)


@dataclass
class Place:
    """One target of a case.

    Attributes:
        kind: What is special about it, for the count of what came up.
        destination: What the person types.
        queues: The queues in which messages are then; none where nothing keeps them.
        loss: How what the broker confirms there is not kept; None if all of it is.
        settle: Seconds after which what expires there has expired.
        before: Called before it is recounted: other connections leave then.
        undo: What takes it away, called in reverse order.
    """

    kind: str
    destination: str
    queues: tuple[str, ...]
    loss: Loss | None = None
    settle: float = 0.0
    before: list[Undo] = field(default_factory=list)
    undo: list[Undo] = field(default_factory=list)

    def leave(self) -> None:
        """Let everybody else who has to do with it leave."""
        for action in self.before:
            action()
        self.before.clear()

    def remove(self) -> None:
        self.leave()
        for action in reversed(self.undo):
            with contextlib.suppress(Exception):  # one that went by itself cannot be removed
                action()
        self.undo.clear()


def raw(broker: ManagedBroker) -> RawStomp:
    """A client on a bare socket."""
    client = RawStomp("127.0.0.1", broker.port, timeout=20)
    client.connect()
    return client


Maker = Callable[[str], Place]
"""Makes the target of that name on a broker."""
