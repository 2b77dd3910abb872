"""The draft of a reply: where to, and what ties it to the message that it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.variables.template import OPEN
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown


@dataclass(frozen=True)
class Reply:
    """A reply that was begun."""

    draft: Draft
    note: str
    """What it was made of, for a person."""


class NoReply(ValueError):
    """A message cannot be replied to; the text says why."""


def begin_reply(
    message: Frame,
    destination: Callable[[str], str] = lambda reply_to: reply_to,
    own_ids: Iterable[str] = ("message-id",),
    receipt: bool = True,
) -> Reply:
    """Begin a reply to a message: its reply-to, what its sender knows it by, and its content-type.

    Args:
        message: What was received.
        destination: The destination of SEND that a `reply-to` means.
        own_ids: Headers by which the sender knows its message, which count where it has no `correlation-id`.
        receipt: Whether to ask for a receipt.

    Raises:
        NoReply: It was not received, or wants no answer.
    """
    if message.command != "MESSAGE":
        raise NoReply("it was sent from here: what can be replied to are messages that were received")
    reply_to = message.get("reply-to")
    if not reply_to:
        raise NoReply("it has no reply-to, so its sender does not say where to answer")
    # As JMS has it, and what waits for answers looks for.
    source = next((name for name in ("correlation-id", *own_ids) if message.get(name)), "")
    taken = [("correlation-id", message.get(source) or "")] if source else []
    if content_type := message.get("content-type"):
        taken.append(("content-type", content_type))
    target = destination(reply_to)
    draft = Draft(target, [HeaderLine(*line) for line in taken], receipt=receipt)
    # What somebody else wrote is sent as it stands.
    draft.variables = not any(OPEN in text for text in (target, *(value for _, value in taken)))
    where = f"a reply to {shown(target)}"
    if not source:
        return Reply(draft, f"{where}, without a correlation-id: the message has none, and no id that its sender knows")
    of = "that of the message" if source == "correlation-id" else f"the {source} of the message, which has none"
    return Reply(draft, f"{where}; the correlation-id is {of}")
