"""Finding out the type, delivery limit and existence of a queue of RabbitMQ before it is peeked into."""

from __future__ import annotations

from stomptui.brokers.rabbitmq.delivery_limit import rabbitmq_deliveries
from stomptui.brokers.rabbitmq.names import no_queue, why_unknown
from stomptui.brokers.rabbitmq.peek.peeked_queue import RabbitMQQueue
from stomptui.brokers.rabbitmq.peek.streams import StreamCheck, read
from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers
from stomptui.brokers.rabbitmq.targets.queue_facts import QueueFacts
from stomptui.brokers.rabbitmq.targets.target_limits import leaving
from stomptui.connection.dialect.base import Dialect
from stomptui.connection.subscriptions.delivery_limit import Deliveries
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext
from stomptui.queues.leaving import Leaving
from stomptui.queues.peek.peek_values import QueueSurvey


class RabbitMQSurvey:
    """Asks about one queue, and fills in what is known of it.

    Args:
        context: Opens connections.
        dialect: The broker.
        facts: Tells of queues.
        queue: The queue; kept up to date.
    """

    def __init__(self, context: AccessContext, dialect: Dialect, facts: QueueFacts, queue: RabbitMQQueue) -> None:
        self._context = context
        self._dialect = dialect
        self._facts = facts
        self._queue = queue
        self._is_told = False
        """Whether the queue is known to be there by a subscription that was tried."""

    def run(self) -> QueueSurvey:
        """Ask, and leave nothing behind. Raises `ClientError`."""
        queue = self._queue
        if not queue.name:
            return QueueSurvey(notice="", refusal=no_queue(queue.destination))
        heard = self._facts.hear(queue.name)
        exists, queue.kind = heard.exists, heard.kind
        if exists is False:
            return QueueSurvey(notice="", exists=False, refusal=f"there is no queue {shown(queue.name)}")
        if not queue.kind and (refusal := self._read()):
            return QueueSurvey(notice="", exists=exists, refusal=refusal)
        if exists is None and self._is_told:
            exists = True
        if queue.kind in ("classic", "stream"):
            queue.deliveries = Deliveries(counted=False, kind=queue.kind)
        else:
            queue.deliveries = rabbitmq_deliveries(self._context, self._dialect, queue.name, queue.kind)
            queue.kind = queue.kind or queue.deliveries.kind
        if queue.kind != "stream":
            queue.leaving = self.found_leaving(heard)
        unknown = "" if exists else f"Whether there is such a queue cannot be found out {why_unknown(queue.name)}. "
        return QueueSurvey(
            " ".join(filter(None, (unknown + queue.leaving.loss, queue.notice, *queue.leaving.notes))),
            queue.kind,
            exists,
            holds=queue.kind != "stream",
            ask=queue.is_last_peek or bool(queue.leaving.loss),
            leaving=queue.leaving,
        )

    def found_leaving(self, heard: DeclareAnswers) -> Leaving:
        """What becomes of the queue when we leave."""
        settings, _ = self._facts.settings(self._queue.name, heard, wait=False)
        known = heard.exists is True or settings.readers is not None
        return leaving(shown(self._queue.destination), settings, known)

    def _read(self) -> str:
        """Find out by reading what the declaration did not tell; why the queue cannot be peeked at, "" if it can."""
        found, text = read(self._context, self._queue.name)
        name = shown(self._queue.name)
        if found is StreamCheck.STREAM:
            self._queue.kind = "stream"
        self._is_told = found in (StreamCheck.STREAM, StreamCheck.OTHER)
        return {
            StreamCheck.MISSING: f"there is no queue {name}",
            StreamCheck.EXCLUSIVE: f"another connection has {name} for itself (exclusive): nobody else may read it",
            StreamCheck.DENIED: f"this user may not read from {name}, and is not told whether it is there",
            StreamCheck.DOWN: f"{name} does not answer: {text}",
        }.get(found, "")
