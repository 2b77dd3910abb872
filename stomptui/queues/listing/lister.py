"""Asks a broker for its queues now and every few seconds, and for more of a selected one, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from stomptui.connection.blocking_client import ClientError, RequestRefused
from stomptui.connection.errors import SessionError
from stomptui.connection.program_log import LOGGER, defect
from stomptui.protocol.codec import EncodeError
from stomptui.queues.listing.listing import Listing, QueueInfo, QueueLister, Unlisted
from stomptui.queues.listing.selected import SelectedQueue
from stomptui.queues.refusal_texts import plain

EVERY = 2.0
"""Seconds between the end of one asking and the beginning of the next, unless asking takes long."""
SHARE = 20
"""How many times longer than asking takes it rests, so that a large broker is not kept busy by being watched."""
DWELL = 0.3
"""Seconds for which a queue has to be selected before the broker is asked for more of it."""
OLD = 30.0
"""Seconds after which it is asked again for more of the selected queue."""


class Lister:
    """Keeps on asking; all methods may be called from any thread and none waits, but for `join`.

    Args:
        way: How the broker is asked; it is ours alone from here on.
        tell: Called with what came of each asking, in this thread; must not block. Never after `stop`, but for the
            one that is being told at that moment.
        every: Seconds of rest.
        tell_selected: Called in the same way with what is told of a queue after `select`.
    """

    def __init__(
        self,
        way: QueueLister,
        tell: Callable[[Listing | Unlisted], object],
        every: float = EVERY,
        tell_selected: Callable[[SelectedQueue], object] = lambda told: None,
    ) -> None:
        self._way = way
        self._tell = tell
        self._every = every
        self._tell_selected = tell_selected
        self._changed = threading.Condition()
        """Notified whenever one of those below changes."""
        self._wanted = False
        self._paused = False
        self._put_off = False
        self._stopped = False
        self._selected: QueueInfo | None = None
        self._select_at = 0.0
        """When to ask for more of the selected queue."""
        self._idle_until = 0.0
        """Until when it is not asked for, since asking has just taken its time."""
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
            self._select_at = 0.0
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

    def select(self, queue: QueueInfo | None) -> None:
        """Ask for more of this queue, once it stays selected; None for no more of any."""
        with self._changed:
            self._selected = queue
            self._select_at = time.monotonic() + DWELL
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
        while not (self._wanted or self._stopped):
            queue = None
            with self._changed:
                now = time.monotonic()
                if self._put_off and seconds is not None:
                    until = now + seconds
                self._put_off = False
                if not self._paused and until is not None and now >= until:
                    return
                at = self._next_selected(seconds is not None)
                if at is not None and at <= now:
                    queue, self._select_at = self._selected, now + OLD
                else:
                    moments = [at] if at is not None else []
                    moments += [until] if until is not None and not self._paused else []
                    if not (self._wanted or self._stopped):
                        self._changed.wait(max(0.0, min(moments) - now) if moments else None)
            if queue is not None:
                self._ask_selected(queue)

    def _next_selected(self, willing: bool) -> float | None:
        """When to ask for more of the selected queue, None for not at all."""
        if self._paused or self._selected is None or not willing:
            return None
        return max(self._select_at, self._idle_until)

    def _ask_selected(self, queue: QueueInfo) -> None:
        began = time.monotonic()
        try:
            answer = self._way.selected(queue)
        except (ClientError, SessionError, EncodeError) as error:
            LOGGER.info("no more could be learnt of a queue: %s", error)
        except Exception as error:
            defect(error, "no more could be learnt of a queue")
        else:
            if not self._stopped:
                self._tell_selected(answer)
        self._idle_until = time.monotonic() + SHARE * (time.monotonic() - began)

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
