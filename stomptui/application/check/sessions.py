"""The sessions of a check: each waits for what it asked with a deadline, and says how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stomptui.application.check.answers import CheckStopped, Ended, Endless, NotPossible, Refused, Silent
from stomptui.application.check.mark import Mark
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.connection.errors import SessionError
from stomptui.connection.events import Event, Lost, Received
from stomptui.protocol.codec import EncodeError
from stomptui.protocol.frame import Frame

AFTER_ERROR = 1.0
"""Seconds that a server has to close the connection after an ERROR."""
SHORT = 0.3
"""Seconds after which what did not come is taken not to come, where something else came already."""
MOST_FRAMES = 1000
"""Frames that may wait to be looked at; then the oldest go."""
MOST_MESSAGES = 100
"""Messages after which they are taken to come without end; no question sends so many to a queue."""
LONGEST_MESSAGES = 5.0
"""Seconds after which the same holds."""
LONGEST_WORDS = 300
"""Characters kept of what a server says; some add a stack trace."""


@dataclass(frozen=True)
class Opened:
    """What CONNECTED said."""

    frame: Frame
    heart_beat: tuple[int, int]
    """Agreed, as of `Session`."""


class CheckSession:
    """One session. For one thread.

    Args:
        client: Opened already.
        events: Where its events are; of no other session.
        connected: What CONNECTED said.
        wait: Seconds that the server has for an answer.
        stopped: Whether the check was stopped.
        mark: Of the check's own messages.
    """

    def __init__(
        self,
        client: BlockingClient,
        events: BlockingEventQueue,
        connected: Opened,
        wait: float,
        stopped: Callable[[], bool],
        mark: Mark,
    ) -> None:
        self.client = client
        self.connected = connected
        self.patience = wait
        self.over = False
        """Whether it has ended."""
        self._events = events
        self._stopped = stopped
        self._mark = mark
        self._frames: list[Frame] = []
        self._count = 0

    @property
    def version(self) -> str:
        """The STOMP version spoken."""
        return self.client.version

    def next_id(self, word: str) -> str:
        """A name that this session has not used."""
        self._count += 1
        return f"check-{word}-{self._count}"

    def send(self, command: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> None:
        """Send a frame with exactly these headers.

        Raises:
            Ended: The session is over.
            NotPossible: STOMP cannot carry it in this version.
        """
        try:
            self.client.session.send(command, headers, body)
        except EncodeError as error:
            raise NotPossible(f"STOMP {self.version} cannot carry it: {error}") from error
        except SessionError as error:
            raise self._gone(error) from error

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are; each call is a WebSocket message of its own. Raises as `send` does."""
        try:
            self.client.session.send_raw(data)
        except SessionError as error:
            raise self._gone(error) from error

    def _gone(self, error: SessionError) -> Ended:
        """The error for what was not sent any more. The reason comes as an event, a moment later."""
        try:
            self.wait_for(lambda frame: False, AFTER_ERROR)
        except Ended as ended:
            return ended
        except (Silent, Refused):
            pass
        self.over = True
        return Ended(str(error))

    def wait_for(self, wanted: Callable[[Frame], bool], seconds: float | None = None) -> Frame:
        """Wait for a frame; those that came before it stay to be waited for.

        Args:
            wanted: Whether it is this one.
            seconds: How long; `patience` by default.

        Raises:
            Silent: It did not come in time.
            Refused: An ERROR came instead, and the session stays.
            Ended: The session ended instead.
            CheckStopped: The check was stopped.
        """
        deadline = time.monotonic() + (self.patience if seconds is None else seconds)
        error: Frame | None = None
        while True:
            # Looked at first: frames may come faster than they are asked for.
            if self._stopped():
                raise CheckStopped
            if (frame := self._pop(wanted)) is not None:
                return frame
            if error is None and (error := self._pop(lambda frame: frame.command == "ERROR")) is not None:
                # Most servers close after it: which it is decides what the answer is.
                deadline = time.monotonic() + AFTER_ERROR
            left = deadline - time.monotonic()
            if self.over:
                raise Ended(words_of(error) if error is not None else "the session is over")
            if left <= 0:
                if error is not None:
                    raise Refused(words_of(error))
                raise Silent
            event = self._events.get(left)
            if isinstance(event, Lost):
                self.over = True
                if not any(map(wanted, self._frames)):
                    raise Ended(words_of(error) if error is not None else event.server_text or event.reason)
            elif event is not None:
                self._take(event)

    def _pop(self, wanted: Callable[[Frame], bool]) -> Frame | None:
        for at, frame in enumerate(self._frames):
            if wanted(frame):
                return self._frames.pop(at)
        return None

    def receipt(self, id: str, seconds: float | None = None) -> None:
        """Wait for a RECEIPT; raises as `wait_for` does."""
        self.wait_for(lambda frame: frame.command == "RECEIPT" and frame.get("receipt-id") == id, seconds)

    def message(self, subscription: str, seconds: float | None = None, sent: bytes | None = None) -> Frame:
        """Wait for a MESSAGE of the check's own; raises as `wait_for` does.

        Args:
            subscription: Its id; a MESSAGE without that header counts too.
            seconds: How long; `patience` by default.
            sent: As of `Mark.is_own`.
        """
        return self.wait_for(lambda frame: _is_of(frame, subscription) and self._mark.is_own(frame, sent), seconds)

    def still_there(self, seconds: float = SHORT) -> None:
        """Let a moment pass in which an ERROR may come; raises Refused or Ended then."""
        try:
            self.wait_for(lambda frame: False, seconds)
        except Silent:
            pass

    def quiet_for(self, subscription: str, seconds: float = SHORT) -> Frame | None:
        """The MESSAGE that comes within a time, None if none does; raises Refused or Ended."""
        try:
            return self.message(subscription, seconds)
        except Silent:
            return None

    def messages(self, subscription: str, first: float = SHORT) -> list[Frame]:
        """The messages of the check's own that come until none comes for a moment.

        Args:
            subscription: Its id.
            first: Seconds that the first one has.

        Raises:
            Endless: They do not cease.
            Refused, Ended: As of `wait_for`.
        """
        found: list[Frame] = []
        until = time.monotonic() + first + LONGEST_MESSAGES
        while (more := self.quiet_for(subscription, SHORT if found else first)) is not None:
            found.append(more)
            if len(found) >= MOST_MESSAGES or time.monotonic() > until:
                raise Endless
        return found

    def take_all(self, subscription: str) -> None:
        """Read whatever comes, of others too, until nothing comes for a moment; raises as `messages` does."""
        until = time.monotonic() + LONGEST_MESSAGES
        for _ in range(MOST_MESSAGES):
            try:
                self.wait_for(lambda frame: _is_of(frame, subscription), SHORT)
            except Silent:
                return
            if time.monotonic() > until:
                break
        raise Endless

    def _take(self, event: Event) -> None:
        if isinstance(event, Received):
            self._frames += [Frame(raw, self.version) for raw in event.batch.frames()]
            del self._frames[:-MOST_FRAMES]

    def wake(self) -> None:
        """Have a wait look whether the check was stopped; from any thread."""
        self._events.wake()

    def close(self) -> None:
        """Begin to disconnect; `join` waits for it."""
        self.client.session.disconnect(1.0)

    def drop(self) -> None:
        """End it at once, without a DISCONNECT."""
        self.over = True
        self.client.drop()

    def join(self, seconds: float = 2.0) -> None:
        """Wait until it is over."""
        self.client.session.join(seconds)


def _is_of(frame: Frame, subscription: str) -> bool:
    return frame.command == "MESSAGE" and frame.get("subscription") in (subscription, None)


def words_of(error: Frame) -> str:
    """What an ERROR says: its `message` header, and the first line of its body if that says more."""
    message = (error.get("message") or "").strip()
    lines = error.body.decode("utf-8", "replace").strip("\0\r\n ").splitlines()
    first = lines[0].strip() if lines else ""
    says_more = first and first not in message and not message.endswith(first) and not first.startswith("\tat ")
    # A stack trace begins with the name of an exception, and the message is there already.
    is_trace = len(lines) > 1 and lines[1].startswith("\tat ")
    text = f"{message}: {first}" if message and says_more and not is_trace else message or first
    return text[:LONGEST_WORDS] or "an ERROR without a text"
