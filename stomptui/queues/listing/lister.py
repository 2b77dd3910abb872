"""Asks a broker for its queues now and every few seconds, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.connection.errors import SessionError
from stomptui.connection.stomp_log import LOGGER, defect
from stomptui.protocol.codec import EncodeError
from stomptui.queues.listing.listing import Listing, QueueLister, Unlisted
from stomptui.queues.refusal_texts import plain

EVERY = 2.0
"""Seconds between the end of one asking and the beginning of the next, unless asking takes long."""
SHARE = 20
"""How many times longer than asking takes it rests, so that a large broker is not kept busy by being watched."""


class Lister:
    """Keeps on asking; all methods may be called from any thread and none waits, but for `join`.

    Args:
        way: How the broker is asked; it is ours alone from here on.
        tell: Called with what came of each asking, in this thread; must not block. Never after `stop`, but for the
            one that is being told at that moment.
        every: Seconds of rest.
    """

    def __init__(self, way: QueueLister, tell: Callable[[Listing | Unlisted], object], every: float = EVERY) -> None:
        self._way = way
        self._tell = tell
        self._every = every
        self._changed = threading.Condition()
        """Notified whenever one of the four below changes."""
        self._wanted = False
        self._paused = False
        self._put_off = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="stomptui-lister", daemon=True)

    @property
    def stopped(self) -> bool:
        """Whether nobody wants to know any more."""
        return self._stopped

    def start(self) -> None:
        """Ask for the first time."""
        self._thread.start()

    def again(self) -> None:
        """Ask now; while it is being asked, again after that."""
        with self._changed:
            self._wanted = True
            self._changed.notify()

    def pause(self) -> None:
        """Ask no more until `resume` or `again`."""
        with self._changed:
            self._paused = True
            self._changed.notify()

    def resume(self) -> None:
        """Keep on asking: now, if it has rested for long enough."""
        with self._changed:
            self._paused = False
            self._changed.notify()

    def put_off(self) -> None:
        """Somebody else has just asked: rest once more before asking again."""
        with self._changed:
            self._put_off = True
            self._changed.notify()

    def stop(self) -> None:
        """Ask no more, and wait for no answer."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._way.stop()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if that did not happen in time. Not for the event loop's thread."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # The thread

    def _run(self) -> None:
        try:
            while not self._stopped:
                self._wanted = False
                began = time.monotonic()
                answer = self._ask()
                if self._stopped:
                    break
                self._tell(answer)
                # A login that is refused again and again gets locked.
                final = isinstance(answer, Unlisted) and answer.final
                self._rest(None if final else max(self._every, SHARE * (time.monotonic() - began)))
        except Exception:
            LOGGER.exception("the list of queues could not be handed over")
        finally:
            self._close()

    def _rest(self, seconds: float | None) -> None:
        """Wait that long, and while it is paused; for ever if that is None. Ends at once when somebody asks."""
        until = None if seconds is None else time.monotonic() + seconds
        with self._changed:
            while not (self._wanted or self._stopped):
                if self._put_off and seconds is not None:
                    until = time.monotonic() + seconds
                self._put_off = False
                if until is None or self._paused:
                    self._changed.wait()
                    continue
                left = until - time.monotonic()
                if left <= 0:
                    return
                self._changed.wait(left)

    def _ask(self) -> Listing | Unlisted:
        try:
            return self._way.ask()
        except ClientError as error:
            LOGGER.info("the queues could not be listed: %s", error)
            return Unlisted(plain(str(error)), error.server_text, isinstance(error, RequestRefused))
        except (SessionError, EncodeError) as error:
            LOGGER.info("the queues could not be listed: %s", error)
            return Unlisted(str(error))
        except Exception as error:
            return Unlisted(defect(error, "the queues could not be listed"))

    def _close(self) -> None:
        try:
            self._way.close()
        except SessionError as error:
            LOGGER.info("the connection for listing queues was closed: %s", error)
        except Exception as error:
            defect(error, "the connection for listing queues could not be closed")
