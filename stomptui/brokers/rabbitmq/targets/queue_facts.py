"""What a user is told of RabbitMQ's queues and exchanges without touching them: by declarations and the management."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from stomptui.brokers.rabbitmq.names import decoded, encoded, is_unnamed, is_unsayable
from stomptui.brokers.rabbitmq.targets.dead_letters import Exchange, Receiver
from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers, exists, hear
from stomptui.brokers.rabbitmq.targets.queue_settings import SettingsReader
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings, with_management
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, ConnectionGone
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import TargetCount
from stomptui.queues.depths import Count
from stomptui.queues.listing.listing import whole


class QueueFacts(Protocol):
    """Tells of queues; names are percent-encoded as in destinations. All raise `ClientError` if the broker could not be
    asked."""

    one_reader: bool
    """Whether the queue counted last is known to give messages to one consumer alone."""

    def hear(self, name: str) -> DeclareAnswers:
        """What is told of a queue without touching it."""

    def is_there(self, name: str) -> bool | None:
        """Whether a queue exists; None if this user may not ask."""

    def settings(self, name: str, heard: DeclareAnswers, wait: bool = True) -> tuple[RabbitMQQueueSettings, str]:
        """How a queue keeps messages, and what of it is not known, as `ActionTarget.unknown` has it.

        Args:
            name: The queue.
            heard: What is known without the management.
            wait: Whether to wait for policies that the management does not tell yet.
        """

    def count(self, name: str, kind: str) -> Count | None:
        """How many messages a queue of that kind has, None where nobody tells."""

    def depth(self, name: str) -> int | None:
        """Messages in a queue now, None if nobody tells."""

    def target_count(self, name: str) -> TargetCount:
        """How many messages and consumers a queue has that messages are sent to."""

    def exchange(self, name: str) -> Exchange | None:
        """What is told of an exchange, by its own name; None if nobody tells."""

    def receiver(self, name: str) -> Receiver:
        """What is told of a queue that an exchange gives messages to, by its own name."""


class RabbitMQQueueFacts:
    """As RabbitMQ tells them. As `QueueFacts`."""

    def __init__(self, context: AccessContext) -> None:
        self.one_reader = False
        self._context = context
        self._connection: Connection | None = None
        """Where the broker was asked about queues, and as whom."""
        self._asked: SettingsReader | None = None
        """Who tells of queues over HTTP."""

    def hear(self, name: str) -> DeclareAnswers:
        def dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
            client = self._context.dial(word, quiet=quiet, versions=versions)
            self._connection = client.session.connection
            return client

        try:
            return hear(replace(self._context, dial=dial), name)
        except ConnectionGone:
            if not is_unsayable(name):
                raise
            return DeclareAnswers(None)

    def is_there(self, name: str) -> bool | None:
        try:
            return exists(self._context, name)
        except ConnectionGone:
            if not is_unsayable(name):
                raise
            return None

    def settings(self, name: str, heard: DeclareAnswers, wait: bool = True) -> tuple[RabbitMQQueueSettings, str]:
        management = self._management()
        told = management.of(decoded(name), heard.kind, wait) if management is not None else None
        if told is None:
            why = f"; {management.problem}" if management is not None and management.problem else ""
            limits = "" if heard.whole or not heard.exists else "some settings and "
            return heard.settings, f"{limits}policies are unknown, and may keep less{why}"
        settings = with_management(heard.settings, told.queue, told.policy)
        return settings, "" if told.policy is not None else "policies are unknown, and may keep less"

    def _management(self) -> SettingsReader | None:
        """Who tells of queues over HTTP, None where none is to be asked."""
        connection = self._connection or self._context.connection
        if self._asked is None and connection is not None:
            self._asked = SettingsReader(connection, self._context.stopped)
        return self._asked

    def count(self, name: str, kind: str) -> Count | None:
        management = self._management() if kind != "stream" else None
        row = management.count(decoded(name)) if management is not None else None
        if row is None:
            return None
        arguments = row.get("arguments")
        if isinstance(arguments, dict) and arguments.get("x-single-active-consumer") is True:
            self.one_reader = True
        ready, unacked = row.get("messages_ready"), row.get("messages_unacknowledged")
        if not (isinstance(ready, int) and isinstance(unacked, int)):
            return None
        return Count(ready + unacked, unacked, late=kind != "classic")

    def depth(self, name: str) -> int | None:
        row = self._asked.count(decoded(name)) if self._asked is not None else None
        return None if row is None else whole(dict(row).get("messages"))

    def target_count(self, name: str) -> TargetCount:
        row = self._asked.count(decoded(name)) if self._asked is not None and name else None
        # Of other types the count may be old, and what others have unacknowledged is not seen by a peek.
        if row is None or row.get("type") != "classic" or row.get("messages_unacknowledged") != 0:
            return TargetCount()
        return TargetCount(whole(dict(row).get("messages")))

    def exchange(self, name: str) -> Exchange | None:
        management = self._management()
        return management.exchange(name) if management is not None else None

    def receiver(self, name: str) -> Receiver:
        if is_unnamed(name):
            return Receiver(None, RabbitMQQueueSettings())
        there = encoded(name)
        heard = self.hear(there)
        settings, _ = self.settings(there, heard)
        return Receiver(heard.exists, settings, self.depth(there))
