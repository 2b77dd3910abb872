"""A subscription to copies of what is sent to a queue from now on, without touching the queue, in its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Literal, Protocol

from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.errors import SessionError
from stomptui.connection.events import Event, Lost
from stomptui.connection.program_log import LOGGER, defect
from stomptui.connection.rate import RateCounter
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.refusal_texts import in_a_line

_numbers = count(1)


CopyState = Literal["asking", "on", "refused", "off"]


class Copies(Protocol):
    """How one broker sends copies, from `open` to `close`, which must follow. All methods block."""

    @property
    def client(self) -> BlockingClient:
        """The connection that the copies come by."""

    def open(self) -> None:
        """Have copies sent to us. Raises `ClientError`."""

    def copies(self, event: Event) -> list[Frame]:
        """The copies that an event of the connection brings."""

    def close(self) -> str | None:
        """End it; a sentence about what is still there at the broker, None if nothing is."""


MakeCopies = Callable[[AccessContext, BlockingClient, str, str], Copies]
"""Makes the copies of a queue: of what opens connections, the connection they come by, the queue, and the id they
carry."""


class CopySubscription:
    """Watches one queue by copies. All methods may be called from any thread and none but `join` waits.

    Args:
        context: Connections and an event queue, ours alone.
        queue: The destination as the person named it.
        report: Called when something changed, with a line for the log, None if there is none; in its thread.
        make: Makes the broker's copies.
    """

    def __init__(
        self, context: AccessContext, queue: str, report: Callable[[str | None], None], make: MakeCopies
    ) -> None:
        self.queue = queue
        self.number = next(_numbers)
        self.id = f"copies-{self.number}"
        """The id of its subscription."""
        self.state: CopyState = "asking"
        """As of `WantedSubscription`: "asking", "on", "refused" or "off"."""
        self.error: str | None = None
        """Why it is refused or off, None while it is neither."""
        self.total = 0
        self.rate = RateCounter()
        self._context = context
        self._report = report
        self._make = make
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"stomptui-copies-{self.number}", daemon=True)

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

    def _watch(self, source: Copies) -> None:
        while not self._stopped.is_set():
            event = self._context.event_queue.get()
            if event is None:
                continue
            copies = source.copies(event)
            if copies:
                self.total += len(copies)
                self.rate.add(len(copies), time.monotonic())
                self._report(None)
            if isinstance(event, Lost) and event.session == source.client.number:
                source.client.gone = event.reason
                self.error = event.reason
                self._change("off", f"{shown(self.queue)} is watched no longer: {event.reason}")
                return

    def _change(self, state: CopyState, note: str) -> None:
        self.state = state
        self._report(note)

    def _end(self, copies: Copies | None, client: BlockingClient | None) -> None:
        try:
            if copies is not None and self.state != "refused" and (left := copies.close()):
                self._report(left)
            if client is not None:
                client.close()
        except Exception:
            LOGGER.exception("watching a queue could not be ended")
