"""Asking Artemis's management over STOMP: operations of the broker, its queues and addresses, many under way at once.

https://artemis.apache.org/components/artemis/documentation/latest/management.html has the messages. Each call is done
whole or not at all.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from stomptui.connection.blocking_client import (
    ANSWER_TIMEOUT,
    BlockingClient,
    ClientError,
    ConnectionGone,
    RequestRefused,
)
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived, Received
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame, Headers
from stomptui.queues.access_context import AccessContext
from stomptui.queues.refusal_texts import plain

PLACE = "activemq.management"
WINDOW = 100
"""Calls under way at once."""
NO_RIGHT = "this user may not manage the broker"
VERSIONS = ("1.1",)
"""Of a connection for management: there an ERROR does not end it, as it does in 1.2."""


class NoRight(RequestRefused):
    """This user may not manage the broker."""


class Declined(ClientError):
    """The broker has no such resource, or would not do it."""


@dataclass(frozen=True)
class Call:
    """An operation to be done."""

    resource: str
    """"broker", "queue.NAME" or "address.NAME"."""
    operation: str
    arguments: tuple[Any, ...] = ()
    """What JSON can say."""

    @property
    def headers(self) -> Headers:
        """Of the SEND, without those that ask for an answer."""
        return (
            ("destination", PLACE),
            ("_AMQ_ResourceName", self.resource),
            ("_AMQ_OperationName", self.operation),
        )

    @property
    def body(self) -> bytes:
        """Of the SEND; it must go without content-length, which would make it a message of bytes."""
        return json.dumps(self.arguments).encode()


@dataclass(frozen=True)
class CallAnswer:
    """What became of a call."""

    result: Any = None
    failure: str = ""
    """The broker's words if it did not do it."""
    lost: str = ""
    """Why no answer came, so that it may have been done or not."""


class ManagementClient:
    """Calls on one line, which may be used for other things too. Answers go to an address of our own.

    Args:
        line: Up and open; `close` leaves it so.
        owned: Whether `close` ends it too.
    """

    def __init__(self, client: BlockingClient, owned: bool = False) -> None:
        self.client = client
        self.reply = f"stomptui.{uuid.uuid4()}"
        """The address for answers, and the id of the subscription to it."""
        self.copies: list[Frame] = []
        """What came to that address and is no answer, in order."""
        self._owned = owned
        self._open = False
        self._secret = str(uuid.uuid4())
        """Begins our correlation ids: a copied message may have any, but not this one."""
        self._count = 0
        self._asked: set[str] = set()
        self._receipts: dict[str, str] = {}
        """Which call a receipt is of."""
        self._answers: dict[str, CallAnswer] = {}
        self._queue = ""

    @classmethod
    def dial(cls, context: AccessContext) -> ManagementClient:
        """Calls on a connection of their own.

        Raises:
            NoRight: This user may not.
            ClientError: There is no connection, or no answer.
        """
        management = cls(context.dial("managing", quiet=True, versions=VERSIONS), owned=True)
        try:
            management.open()
        except ClientError:
            management.close()
            raise
        return management

    def open(self) -> None:
        """See whether this user may, and listen for answers; raises as `dial` does."""
        probe = Call("broker", "getVersion")
        try:
            # It asks for no answer: whoever may not manage could not delete the address that answers go to.
            self.client.ask("SEND", probe.headers, probe.body)
            # A bare name that nobody else has gives a temporary queue, which goes with the subscription.
            self.client.ask("SUBSCRIBE", [("id", self.reply), ("destination", self.reply), ("ack", "auto")])
        except RequestRefused as error:
            raise NoRight(NO_RIGHT, error.server_text) from error
        self._open = True

    @property
    def over(self) -> bool:
        """Whether the connection has ended."""
        return bool(self.client.gone) or self.client.session.state.over

    @property
    def queue(self) -> str:
        """The name of the temporary queue behind the address for answers. Raises `ClientError`."""
        if not self._queue:
            (self._queue,) = self.call(f"address.{self.reply}", "getQueueNames")
        return self._queue

    # Calls

    def call(self, resource: str, operation: str, *arguments: Any) -> Any:
        """Have an operation done, and wait for the result.

        Raises:
            Declined: The broker has no such resource, or would not do it.
            ClientError: No answer came; it may have been done or not.
        """
        (answer,) = self.call_all([Call(resource, operation, arguments)])
        if answer.failure:
            raise Declined(plain(answer.failure), answer.failure)
        return answer.result

    def call_all(self, calls: Iterable[Call]) -> list[CallAnswer]:
        """Have operations done, in this order; what each gave. Raises `ClientError` if one was not answered."""
        names: list[str] = []
        try:
            for call in calls:
                names.append(self._send(call))
            self._wait(lambda: all(name in self._answers for name in names))
        except ClientError:
            self._forget(names)
            raise
        return [self._answers.pop(name) for name in names]

    def run(
        self,
        calls: Iterable[tuple[int, Call]],
        tell: Callable[[int, CallAnswer], None],
        stopped: Callable[[], str | None] = lambda: None,
    ) -> str:
        """Have operations done, in this order, many under way at once.

        Args:
            calls: Each with a number of its own.
            tell: Called with what each gave, as soon as it is known.
            stopped: Asked before each: why no more are to be begun, None to go on.

        Returns:
            Why not all were begun, "" if they were.
        """
        waiting: dict[str, int] = {}
        coming = iter(calls)
        self.client.event_queue.begun = True
        more, ended = True, ""
        while more or waiting:
            try:
                while more and len(waiting) < WINDOW:
                    ended = ended or stopped() or ""
                    item = None if ended else next(coming, None)
                    if item is None:
                        more = False
                    else:
                        waiting[self._send(item[1])] = item[0]
                if waiting:
                    self._wait(lambda: not waiting.keys().isdisjoint(self._answers))
            except ClientError as error:
                ended = ended or (f"the connection ended: {error}" if isinstance(error, ConnectionGone) else str(error))
                more = False
                lost = CallAnswer(lost=str(error))
                told = {name: self._answers.get(name, lost) for name in waiting}
                self._forget(waiting)
                self._answers |= told
            for name in [name for name in self._answers if name in waiting]:
                tell(waiting.pop(name), self._answers.pop(name))
        return ended

    def _send(self, call: Call) -> str:
        self._count += 1
        name = f"{self._secret}-{self._count}"
        answered = (("reply-to", self.reply), ("correlation-id", name))
        self._asked.add(name)
        self._receipts[self.client.post("SEND", (*call.headers, *answered), call.body)] = name
        return name

    def _forget(self, names: Iterable[str]) -> None:
        """Wait for them no longer: answers that come all the same are dropped."""
        for name in names:
            self._asked.discard(name)
            self._answers.pop(name, None)

    def _wait(self, done: Callable[[], bool]) -> None:
        """Read events until it is so; those that are not for this client stay in the event queue."""
        aside: list[Event] = []
        deadline = time.monotonic() + ANSWER_TIMEOUT
        try:
            while not done():
                left = (deadline := self.client.answer_deadline(deadline)) - time.monotonic()
                if left <= 0:
                    raise self.client.no_answer()
                event = self.client.event_queue.get(left)
                if event is None:
                    continue
                if event.session == self.client.number:
                    deadline = time.monotonic() + ANSWER_TIMEOUT
                if not self.hear(event):
                    aside.append(event)
                if self.client.gone:
                    raise ConnectionGone(self.client.gone)
        finally:
            self.client.event_queue.put_back(aside)

    def hear(self, event: Event) -> bool:
        """Take what an event brings; False if it is of interest to others."""
        if event.session != self.client.number:
            return False
        if isinstance(event, Received):
            ours = [frame for frame in self.client.frames(event) if frame.get("subscription") == self.reply]
            for frame in ours:
                self._hear_frame(frame)
            return bool(ours)
        if isinstance(event, ReceiptArrived) and event.receipt in self._receipts:
            name = self._receipts.pop(event.receipt)
            if event.refusal:
                self._note(name, CallAnswer(failure=event.refusal))
            return True
        if isinstance(event, BrokerError) and event.receipt in self._receipts:
            self._note(self._receipts.pop(event.receipt), CallAnswer(failure=event.text))
            return True
        if isinstance(event, Lost):
            self.client.gone = event.server_text or event.reason
        return False

    def _hear_frame(self, frame: Frame) -> None:
        name = frame.get("correlation-id") or ""
        if name in self._asked:
            self._note(name, answer_of(frame))
        elif not name.startswith(self._secret):
            # An answer that nobody waits for any more is no copy of a message.
            self.copies.append(frame)

    def _note(self, name: str, answer: CallAnswer) -> None:
        if name in self._asked:
            self._asked.discard(name)
            self._answers[name] = answer

    # The end

    def close(self) -> None:
        """Listen no more, and leave no address behind."""
        if self._open and not self.over:
            gone = Call("broker", "deleteAddress", (self.reply,))
            try:
                self.client.ask("UNSUBSCRIBE", [("id", self.reply)], timeout=5.0)
                self.client.ask("SEND", gone.headers, gone.body, timeout=5.0)
            except ClientError as error:
                LOGGER.info("the address for answers was not deleted: %s", error)
        self._open = False
        if self._owned:
            (self.client.drop if self.over else self.client.close)()


def answer_of(frame: Frame) -> CallAnswer:
    """What a message from the management says."""
    try:
        told = json.loads(frame.body) if frame.body_size else None
    except (ValueError, RecursionError):
        return CallAnswer(failure="its answer cannot be read")
    result = told[0] if isinstance(told, list) and len(told) == 1 else told
    if frame.get("_AMQ_OperationSucceeded") != "true":
        return CallAnswer(failure=str(result) if result else "it did not say why")
    return CallAnswer(result)
