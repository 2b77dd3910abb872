"""Finding out beside the main connection what a delivery costs on the queues that are subscribed to."""

from __future__ import annotations

import threading
import time

from stomptui.broker.dialects import Dialect
from stomptui.broker.events import Learned
from stomptui.broker.inbox import Outlet
from stomptui.broker.line import Mailbox
from stomptui.broker.queues import Room
from stomptui.broker.queues.counting import learn
from stomptui.broker.watch import Watch
from stomptui.config.connection import Connection
from stomptui.ui.sides import Sides


class Counting:
    """Asks in threads of its own; what is found out comes as `Learned`.

    Args:
        sides: Opens connections.
        outlet: Where the answer is put.
    """

    def __init__(self, sides: Sides, outlet: Outlet) -> None:
        self._sides = sides
        self._outlet = outlet
        self._asking: set[int] = set()
        """The subscriptions that are asked about, by identity: keys begin anew with each broker."""

    def ask(self, watch: Watch, connection: Connection, dialect: Dialect, session: int) -> None:
        """Begin to find it out for a subscription, unless that is under way."""
        key, destination, same = watch.key, watch.destination, id(watch)
        if same in self._asking:
            return
        self._asking.add(same)
        mailbox = Mailbox()
        room = Room(self._sides.dialer(destination, mailbox), mailbox, login=connection.login, connection=connection)

        def work() -> None:
            try:
                found = learn(room, dialect, destination)
            finally:
                self._asking.discard(same)
            self._outlet.put(Learned(session, time.time(), key, found))

        threading.Thread(target=work, name=f"stomptui-counting-{key}", daemon=True).start()
