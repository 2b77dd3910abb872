"""Carrying out an action on ActiveMQ: portion by portion in transactions, which move both or neither."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from stomptui.brokers.activemq.transactions.selectors import Chosen, SelectingConsumer, portions
from stomptui.brokers.activemq.transactions.transactions import Part, transact
from stomptui.connection.blocking_client import BlockingClient, ClientError, NotReached
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, Action, MessageOutcome, Tell
from stomptui.queues.actions.confirmed_actions import settling_frame
from stomptui.queues.actions.pipeline import Job, Pipeline, Step
from stomptui.queues.sending.forwarding import Forwarding
from stomptui.queues.unacked_messages import UnackedMessages


class MovedElsewhere:
    """Moves what another session has, on the connection of that session.

    Args:
        forwarding: How messages get to their targets.
        unacked: What the other session has; kept up to date.
        action: What to do.
        tell: Called with the outcome of each message.
    """

    def __init__(self, forwarding: Forwarding, unacked: UnackedMessages, action: Action, tell: Tell) -> None:
        self._forwarding = forwarding
        self._unacked = unacked
        self._action = action
        self._tell = tell

    def run(self, chosen: Sequence[Chosen]) -> str:
        """Do all of it, or as much as can be done; why it ended early, "" if it did not."""
        client, frames = self._unacked.client, self._unacked.frames
        assert client is not None, "what another session has came on its connection"

        def told(index: int, outcome: MessageOutcome) -> None:
            if outcome.state == DONE:
                self._unacked.discard(index)
            self._tell(index, outcome)

        for portion in portions(chosen):
            if why := self._forwarding.context.stopped():
                return why
            parts = [part(self._forwarding, self._action, client, item, frames[item.index]) for item in portion]
            if why := transact(client, parts, told):
                return why
        return ""

    def close(self) -> None:
        """The connection is not ours to end."""


class BrowsedRun:
    """Takes what was browsed, portion by portion, and does with it what is wanted, on a connection of its own.

    Args:
        forwarding: How messages get to their targets.
        action: What to do.
        tell: Called with the outcome of each message.
    """

    def __init__(self, forwarding: Forwarding, action: Action, tell: Tell) -> None:
        self._forwarding = forwarding
        self._action = action
        self._tell = tell
        self._client: BlockingClient | None = None

    def open(self) -> BlockingClient:
        """Open the connection that takes messages, and sends them, in place of the one before. Raises
        `ClientError`."""
        versions = self._forwarding.sender.versions if self._action.sends else ()
        client = self._client = self._forwarding.context.dial(self._action.present, versions=versions)
        return client

    def close(self) -> None:
        """End the connection."""
        client, self._client = self._client, None
        if client is not None:
            (client.drop if client.gone else client.close)()

    def run(self, chosen: Sequence[Chosen]) -> str:
        """Do all of it, or as much as can be done; why it ended early, "" if it did not."""
        client, stopped = self._client, self._forwarding.context.stopped
        assert client is not None, "it is opened first"
        taker = SelectingConsumer(client, stopped)
        waiting = deque(portions(chosen))
        try:
            while waiting:
                portion = waiting.popleft()
                if why := stopped():
                    return why
                deliveries = taker.take(portion)
                if why := stopped():
                    return why
                there = [(item, deliveries[item.id]) for item in portion if item.id in deliveries]
                for item in portion:
                    if item.id not in deliveries:
                        self._tell(item.index, MessageOutcome(FAILED, taker.missing(item)))
                undone: set[int] = set()
                why = self._do(client, there, undone)
                if not undone:
                    if why:
                        return why
                    continue
                # The broker ended the connection, which undoes the transaction, over one of them: alone each has its
                # own answer, on another connection.
                if len(undone) > 1:
                    waiting.extendleft([item] for item, _ in reversed(there) if item.index in undone)
                client.drop()
                client = self.open()
                taker = SelectingConsumer(client, stopped, taker)
            taker.let_go()
        except ClientError as error:
            return str(error) if isinstance(error, NotReached) else error.server_text or str(error)
        return ""

    def _do(self, client: BlockingClient, there: Sequence[tuple[Chosen, Frame]], undone: set[int]) -> str:
        """Do it with one portion; why nothing more can be done, "" if it can."""
        action, tell = self._action, self._tell

        def again(indexes: Sequence[int], why: str) -> bool:
            """Of several nobody knows which it was; of one alone that is known."""
            undone.update(indexes)
            if len(indexes) == 1:
                told = f"the broker ended the connection when it was sent, and it stays here: {why}"
                tell(indexes[0], MessageOutcome(FAILED, told))
            return True

        if action.sends:
            parts = [part(self._forwarding, action, client, item, delivery) for item, delivery in there]
            return transact(client, parts, tell, again)
        lost = MessageOutcome(DOUBT, "whether the broker took it out is not known")
        jobs = [
            Job(item.index, iter([Step(client, (settling_frame(action, delivery, client),), lost=lost)]))
            for item, delivery in there
        ]
        pipeline = Pipeline(self._forwarding.context.event_queue, tell)
        pipeline.run(jobs)
        return pipeline.ended


def part(forwarding: Forwarding, action: Action, client: BlockingClient, item: Chosen, delivery: Frame) -> Part:
    """The frames that move one message."""
    assert item.target is not None, "only actions that send have parts"
    prepared = forwarding.prepared(action, item.message)
    send = forwarding.messages.send_frame(item.target, prepared)
    return Part(item.index, send, settling_frame(action, delivery, client))
