"""What the questions of a check share: how sessions are opened, and a destination of our own to send to."""

from __future__ import annotations

import dataclasses
import secrets
import threading
import time

from stomptui.application.check.addresses import AddressSearch
from stomptui.application.check.answers import Answer, CheckStopped, CutShort, Ended, NotPossible, Refused, Silent
from stomptui.application.check.channel import Channel
from stomptui.application.check.mark import Mark
from stomptui.application.check.sessions import SHORT, CheckSession, Opened
from stomptui.application.task_connections import BackPressureSink, BoundedEventQueue
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, ConnectionGone, NotReached, open_client
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.own_destination import OwnDestination
from stomptui.connection.events import Progress
from stomptui.protocol.frame import Frame

WAIT = 2.0
"""Seconds that a server has for each answer."""
CONNECT_WAIT = 5.0
"""Seconds for each CONNECT after the first."""


CLEAN_UP = 20.0
"""Seconds for what has to be removed at the end."""
CLEAN_UP_STOPPED = 0.8
"""The same where a person waits for it to stop; also for the sessions to end before that."""


class NoConnected(NotReached):
    """The server was reached, and did not answer CONNECT with CONNECTED."""


class CheckContext:
    """The sessions of one check. For one thread, but for `stop`.

    Args:
        connection: To which broker, and as whom.
        wait: Seconds that the server has for each answer.
    """

    def __init__(self, connection: Connection, wait: float = WAIT) -> None:
        self.connection = connection.for_side_connection()
        self.wait = wait
        self.dialect: Dialect = BROKERS.named(connection.dialect)
        """That of the broker once it was reached."""
        self.known: dict[str, Answer] = {}
        """Answers that were found out along with others, by key."""
        self.mark = Mark()
        """Tells our messages from others."""
        self.remains: list[str] = []
        """What may stay on the broker, empty, in words."""
        self.unemptied: list[str] = []
        """What may stay there with messages, in words."""
        self.own_come_back: bool | None = None
        """Whether a session gets what it sends itself; None while that is not known."""
        self._stopped = False
        self._sessions: list[CheckSession] = []
        self._opening: BoundedEventQueue | None = None
        self._search: AddressSearch | None = None
        self._channel: Channel | None = None
        self._no_channel: CutShort | None = None
        self._used: list[OwnDestination] = []
        """Destinations that something must be sent for at the end, or of which something may stay."""

    def stop(self) -> None:
        """End what is waited for; from any thread."""
        self._stopped = True
        if self._opening is not None:
            self._opening.wake()
        if self._search is not None:
            self._search.cancel()
        for session in list(self._sessions):
            session.wake()

    def check_stopped(self) -> None:
        """Raises CheckStopped if it was stopped."""
        if self._stopped:
            raise CheckStopped

    # Sessions

    def find_address(self) -> list[str]:
        """Go to the first of several addresses that answers; returns why those before it did not.

        Raises:
            NotReached: None does, or one refuses the login.
            CheckStopped: The check was stopped.
        """
        if len(self.connection.in_turn) == 1:
            return []
        self._search = AddressSearch(self.connection)
        self.check_stopped()
        self.connection, reasons = self._search.run()
        return reasons

    def open(
        self, versions: tuple[str, ...] = (), heart_beat: tuple[int, int] = (0, 0), timeout: float = CONNECT_WAIT
    ) -> CheckSession:
        """A session of its own.

        Args:
            versions: What `accept-version` offers; that of the connection by default.
            heart_beat: Asked for.
            timeout: Seconds, unless the connection has less.

        Raises:
            NotReached: There is none; a NoConnected if the server was reached.
            CheckStopped: The check was stopped.
        """
        self.check_stopped()
        wanted = dataclasses.replace(
            self.connection,
            versions=versions or self.connection.versions,
            heart_beat=heart_beat,
            timeout=min(timeout, self.connection.timeout),
        )
        events = self._opening = BoundedEventQueue()
        gate = BackPressureSink(events)
        try:
            client, connected = open_client(
                lambda: BlockingClient.make(wanted, gate, events, BROKERS),
                lambda: "stopped" if self._stopped else None,
            )
        except NotReached as error:
            reached = False
            while (event := events.get(0.0)) is not None:
                reached = reached or (isinstance(event, Progress) and event.stage == "CONNECT")
            raise (NoConnected(str(error), error.server_text, error.url) if reached else error) from error
        except ConnectionGone as error:
            raise CheckStopped from error
        finally:
            self._opening = None
        self.dialect = client.dialect
        session = CheckSession(
            client, events, Opened(Frame(b""), connected.heart_beat), self.wait, self._is_stopped, self.mark
        )
        # The event that it is up comes before the frame itself.
        try:
            frame = session.wait_for(lambda frame: frame.command == "CONNECTED", 1.0)
            session.connected = Opened(frame, connected.heart_beat)
        except CutShort:
            pass
        self._sessions.append(session)
        return session

    def _is_stopped(self) -> bool:
        return self._stopped

    def session(self) -> CheckSession:
        """The same for a question that is not about connecting.

        Raises:
            NotPossible: There is none any more; says why.
        """
        try:
            return self.open()
        except NotReached as error:
            raise NotPossible(f"there is no session any more, because {error}") from error

    # Destinations of our own

    def own_topic(self) -> OwnDestination:
        """A destination that nothing stays of."""
        return self._note(self.dialect.own_topic(secrets.token_hex(6)))

    def own_queue(self) -> OwnDestination:
        """A queue that may stay, which is then said."""
        return self._note(self.dialect.own_queue(secrets.token_hex(6)))

    def _note(self, destination: OwnDestination) -> OwnDestination:
        if destination.remains or destination.removal:
            self._used.append(destination)
        return destination

    def subscribe(self, session: CheckSession, destination: OwnDestination, ack: str = "auto") -> str:
        """Subscribe, and wait a moment until that is done; returns the id.

        Raises:
            Refused, Ended: As of `CheckSession`.
        """
        id = session.next_id("subscription")
        added = self.dialect.subscribe_headers(destination.name, destination.subscribe)
        lines = [("id", id), ("destination", destination.name), ("ack", ack), *destination.subscribe, *added]
        session.send("SUBSCRIBE", lines)
        # Some servers handle a SEND right behind it earlier.
        session.still_there(0.1)
        return id

    def send(self, session: CheckSession, destination: OwnDestination, text: bytes, length: bool = True) -> bytes:
        """Send a message with a text there; returns its body."""
        body = self.mark.body(text)
        counted = [("content-length", str(len(body)))] if length else []
        headers = [("destination", destination.sent_to), *destination.send, self.mark.header, *counted]
        session.send("SEND", headers, body)
        return body

    def unsubscribe(self, session: CheckSession, destination: OwnDestination, id: str) -> None:
        """End a subscription."""
        session.send("UNSUBSCRIBE", [("id", id), *self.dialect.unsubscribe_headers(destination.name)])

    def channel(self) -> Channel:
        """A way to send messages to ourselves, kept until it ends or something did not come.

        Raises:
            NotPossible: There is none here; says why.
        """
        self.check_stopped()
        if self._no_channel is not None:
            raise NotPossible("no message comes back from a destination of our own")
        if self._channel is None or self._channel.over:
            try:
                self._channel = self.new_channel(self.own_topic())
            except (Silent, Refused, Ended) as error:
                if self.own_come_back is None:
                    self._no_channel = error
                said = f": {error.answer.text}" if error.answer.text else ""
                raise NotPossible(f"no message comes back from a destination of our own{said}") from error
        return self._channel

    def leave_channel(self) -> None:
        """Use another one from now on: what did not come may still come on this one."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.reader.close()
            channel.writer.close()

    def new_channel(self, destination: OwnDestination, ack: str = "auto") -> Channel:
        """A new one, through which a first message came.

        Raises:
            Silent, Refused, Ended: None comes.
            NotPossible: There is no session.
        """
        reader = self.session()
        id = self.subscribe(reader, destination, ack)
        if self.own_come_back is not False:
            channel = Channel(reader, reader, destination, id, self.mark)
            if self._passes(channel, ack):
                self.own_come_back = True
                return channel
        if destination.one_session:
            raise Silent
        channel = Channel(reader, self.session(), destination, id, self.mark)
        if not self._passes(channel, ack):
            raise Silent
        if self.own_come_back is None:
            self.own_come_back = False
        return channel

    def _passes(self, channel: Channel, ack: str) -> bool:
        """Whether a message comes. Sent twice: the SUBSCRIBE may have been handled later than the first."""
        for again in (False, True):
            channel.send([], self.mark.body(b"stomptui check"))
            try:
                message = channel.next(self.wait / 2)
            except Silent:
                continue
            self.mark.comes = self.mark.in_header(message)
            if ack != "auto":
                self.acknowledge(channel.reader, message)
            if again:
                # Of two that were sent the other one may come yet.
                channel.reader.quiet_for(channel.subscription, SHORT)
            return True
        return False

    def acknowledge(self, session: CheckSession, message: Frame, receipt: str = "") -> None:
        """Send the ACK of a message, as this broker reads it."""
        self.answer_message(session, message, "ACK", receipt)

    def answer_message(self, session: CheckSession, message: Frame, command: str, receipt: str = "") -> None:
        """Send ACK or NACK.

        Raises:
            NotPossible: Nothing names the message.
        """
        try:
            lines = self.dialect.acknowledgement.ack_headers(message, session.version)
        except ValueError as error:
            raise NotPossible(str(error)) from error
        session.send(command, [*lines, ("receipt", receipt)] if receipt else lines)

    # The end

    def finish(self) -> None:
        """End all sessions, and remove what can be removed; what may stay is in `remains` and `unemptied` then."""
        seconds = CLEAN_UP_STOPPED if self._stopped else CLEAN_UP
        self._end_sessions(min(seconds, 2.0))
        # What was found has to be cleaned up after a stop, too.
        self._stopped = False
        limit = threading.Timer(seconds, self.stop)
        limit.daemon = True
        limit.start()
        try:
            self._remove()
        finally:
            limit.cancel()
            self._end_sessions(0.0)

    def _end_sessions(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for session in self._sessions:
            session.close()
        for session in self._sessions:
            session.join(max(0.0, until - time.monotonic()))
            session.drop()

    def _remove(self) -> None:
        while self._used:
            destination = self._used[0]
            try:
                if destination.removal:
                    self._send_removal(destination)
                else:
                    self._empty(destination)
                    self.remains.append(destination.remains)
            except CutShort:
                (self.remains if destination.removal else self.unemptied).append(destination.remains)
            except CheckStopped:
                self.unemptied.append(destination.remains)
            self._used.pop(0)

    def abandon(self) -> None:
        """Leave what is not removed yet; from any thread."""
        self.unemptied += [each.remains for each in self._used]

    def _send_removal(self, destination: OwnDestination) -> None:
        for removal in destination.removal:
            session = self.session()
            receipt = session.next_id("removal")
            session.send("SEND", [*removal.headers, ("receipt", receipt)], removal.body)
            session.receipt(receipt)
            session.close()
            session.join()

    def _empty(self, destination: OwnDestination) -> None:
        """Take out what a question that was cut short has left."""
        session = self.session()
        subscription = self.subscribe(session, destination)
        session.take_all(subscription)
        session.close()
        session.join()
