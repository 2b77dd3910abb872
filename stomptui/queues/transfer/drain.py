"""Draining a queue: all its messages are exported to a file, and removed from the queue.

A message is acknowledged only once it is in the file and the file is on the disk. A crash or a lost connection between
the two leaves it in both places, the file and the queue: it can be there twice, and is never lost.
"""

from __future__ import annotations

from collections.abc import Callable

from stomptui.connection.blocking_client import ClientError
from stomptui.protocol.names import shown
from stomptui.queues.access import QueueAccess
from stomptui.queues.actions.action import Action
from stomptui.queues.peek.peek_values import QueueSurvey
from stomptui.queues.transfer.drain_pipeline import DrainPipeline
from stomptui.queues.transfer.refill_targets import NeedsYes
from stomptui.queues.transfer.result import TransferResult
from stomptui.queues.transfer.sink import MessageSink, SinkPlace
from stomptui.queues.transfer.transfer import TransferKind

QUIET = 1.0
"""Seconds in which nothing comes, after which a queue is taken to be empty: no broker says that it was the last."""
NOTHING = "nothing was drained"
IN_BOTH = "{place} and perhaps in the queue too"


class Drain:
    """One draining; `run` blocks, in the thread of its `Transfer`.

    Args:
        access: The way into the queue; nobody else uses it from here on.
        open_sink: Makes what is written to, `MessageFile` with its arguments by custom; called once nothing else can
            be refused.
        limit: How many messages to take at most; None for all that come until the queue is quiet.
        quiet: Seconds without a message after which the queue is taken to be empty.
        survey: What is known of the queue, if it was asked already.
        incomplete: Whether messages are taken too of which STOMP may not show all; by default they stay.
        accepts: The losses that the person said yes to, as `losses` has them.
    """

    kind = TransferKind.DRAIN

    def __init__(
        self,
        access: QueueAccess,
        open_sink: Callable[[], MessageSink],
        limit: int | None = None,
        quiet: float = QUIET,
        survey: QueueSurvey | None = None,
        incomplete: bool = False,
        accepts: tuple[str, ...] = (),
    ) -> None:
        self.access = access
        self.limit = limit
        self.quiet = quiet
        self.incomplete = incomplete
        self.result = TransferResult("drained", IN_BOTH.format(place=SinkPlace.FILE.value))
        self._open_sink = open_sink
        self._survey = survey
        self._accepts = accepts

    def run(self, progress: Callable[[TransferResult], None]) -> TransferResult:
        """Drain, until the queue is quiet, the limit is reached, or somebody stops it.

        Args:
            progress: Called with the result so far, after each batch.

        Raises:
            NeedsYes: What is not drained would be lost, and nobody agreed to that.
            ClientError: Nothing could be begun.
            FileError: The file cannot be written, and nothing was taken.
        """
        survey = self._survey or self.access.reader.survey()
        refusal = drain_refusal(self.access) or survey.refusal
        taking = self.access.taking
        if refusal or taking is None:
            raise ClientError(refusal)
        if new := tuple(loss for loss in losses(survey) if loss not in self._accepts):
            raise NeedsYes(new, NOTHING)
        if why := self.access.context.stopped():
            self.result.stopped = why
            return self.result
        sink = self._open_sink()
        self.result.doubt_text = IN_BOTH.format(place=sink.place.value)
        if sink.note:
            self.result.notes.append(sink.note)
        try:
            DrainPipeline(
                self.access,
                taking,
                sink,
                self.result,
                limit=self.limit,
                quiet=self.quiet,
                expected=survey.depth or 0,
                incomplete=self.incomplete,
            ).run(progress)
            if sink.spared:
                self.result.notes.append("The file is as it was: there was nothing to write.")
        finally:
            sink.close()
        return self.result

    def close(self) -> None:
        """Return what was delivered and not written, and end the connections."""
        self.access.close()


def losses(survey: QueueSurvey) -> tuple[str, ...]:
    """What is lost by a drain that does not drain everything, each in a sentence; needs a yes."""
    loss = survey.leaving.loss
    return (f"{loss} What is not drained by then is lost.",) if loss else ()


def drain_facts(access: QueueAccess, place: SinkPlace = SinkPlace.FILE) -> list[str]:
    """What is to be said before a queue is drained, in whole sentences, the most important first."""
    loses = access.forwarding.messages.loses
    return [
        *([loses] if loses else []),
        f"If the connection breaks, a message can be {place.value} and in the queue; none is lost.",
    ]


def drain_refusal(access: QueueAccess, place: SinkPlace = SinkPlace.FILE) -> str:
    """Why nothing can be drained there, as far as that is known without asking the broker; "" if it can."""
    dialect = access.dialect
    if refusal := access.context.change_refusal:
        return refusal
    if access.taking is None:
        return f"{dialect.title} cannot be drained: a message would be gone before it is {place.value}"
    if not dialect.is_queue(access.queue):
        return "only a queue can be drained: what was sent to a topic is not kept"
    if misread := dialect.misread(access.queue, access.version):
        return f"“{shown(access.queue)}”: {misread}"
    return access.actions.refusal(Action("delete"))
