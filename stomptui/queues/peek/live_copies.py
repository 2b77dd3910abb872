"""Copies of what is sent to a queue from now on, without touching the queue, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Protocol

from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.events import Event, Lost
from stomptui.connection.rate import RateCounter
from stomptui.connection.stomp_log import LOGGER, defect
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.refusal_texts import in_a_line

_numbers = count(1)


class Copies(Protocol):
    """One broker's way of having copies sent to us, from `open` to `close`, which must follow. All methods block."""

    @property
    def client(self) -> BlockingClient:
        """Where the copies come."""

    def open(self) -> None:
        """Have copies sent to us. Raises `ClientError`."""

    def copies(self, event: Event) -> list[Frame]:
        """The copies that an event of the line brings."""

    def close(self) -> str:
        """End it; what is still there at the broker, "" if nothing is."""


MakeCopies = Callable[[AccessContext, BlockingClient, str, str], Copies]
"""Makes the way, of connections for the asking, the line that copies come by, the queue, and the id they carry."""


class CopySubscription:
    """One watch of a queue by copies. All methods may be called from any thread and none but `join` waits.

    Args:
        context: Connections and an event queue, ours alone.
        queue: The destination as the person named it.
        tell: Called when something changed, with a line for the log, "" if there is none; in its thread.
        make: The broker's way.
    """

    def __init__(self, context: AccessContext, queue: str, tell: Callable[[str], None], make: MakeCopies) -> None:
        self.queue = queue
        self.number = next(_numbers)
        self.id = f"copies-{self.number}"
        """The id of its subscription."""
        self.state = "asking"
        """As of `WantedSubscription`: "asking", "on", "refused" or "off"."""
        self.error = ""
        self.total = 0
        self.rate = RateCounter()
        self._context = context
        self._tell = tell
        self._make = make
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"stomptui-tap-{self.number}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; what the broker got for it is removed."""
        self._stopped.set()
        self._context.event_queue.wake()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        copies: Copies | None = None
        client: BlockingClient | None = None
        try:
            client = self._context.dial("watching")
            copies = self._make(self._context, client, self.queue, self.id)
            copies.open()
            self._change("on", f"watching copies of what is sent to {shown(self.queue)}")
            self._watch(copies)
        except ClientError as error:
            self.error = in_a_line(error)
            self._change("refused", f"{shown(self.queue)} is not watched: {self.error}")
        except SessionError as error:
            self.error = str(error)
            self._change("refused", f"{shown(self.queue)} is not watched: {error}")
        except Exception as error:
            self.error = defect(error, "watching a queue failed in an unexpected way")
            self._change("refused", self.error)
        finally:
            self._end(copies, client)

    def _watch(self, way: Copies) -> None:
        while not self._stopped.is_set():
            event = self._context.event_queue.get()
            if event is None:
                continue
            copies = way.copies(event)
            if copies:
                self.total += len(copies)
                self.rate.add(len(copies), time.monotonic())
                self._tell("")
            if isinstance(event, Lost) and event.session == way.client.number:
                way.client.gone = event.reason
                self.error = event.reason
                self._change("off", f"{shown(self.queue)} is watched no longer: {event.reason}")
                return

    def _change(self, state: str, told: str) -> None:
        self.state = state
        self._tell(told)

    def _end(self, copies: Copies | None, client: BlockingClient | None) -> None:
        try:
            if copies is not None and self.state != "refused" and (left := copies.close()):
                self._tell(left)
            if client is not None:
                client.close()
        except Exception:
            LOGGER.exception("watching a queue could not be ended")
