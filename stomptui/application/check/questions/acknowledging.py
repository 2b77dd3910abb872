"""Ack modes, and what a peek does (STOMP 1.2, "SUBSCRIBE ack Header" and "ACK")."""

from __future__ import annotations

from functools import partial

from stomptui.application.check.answers import Answer, Silent, no, not_asked, yes
from stomptui.application.check.context import CheckContext
from stomptui.application.check.question import Question, Section
from stomptui.connection.dialect.base import AckMode


def mode(context: CheckContext, ack: AckMode) -> Answer:
    context.channel()
    own = context.own_topic()
    reader = context.session()
    writer = reader if context.own_come_back else context.session()
    subscription = context.subscribe(reader, own, ack)
    for body in (b"first", b"second"):
        lines = [("destination", own.sent_to), *own.send, ("content-length", str(len(body)))]
        writer.send("SEND", lines, body)
        try:
            message = reader.message(subscription)
        except Silent as error:
            if body == b"second":
                return no("after an ACK no other message comes")
            raise Silent("no message comes in this mode") from error
        if ack == "auto":
            continue
        if reader.version == "1.2" and message.get("ack") is None:
            reader.close()
            return no("MESSAGE has no ack header to acknowledge it by")
        context.acknowledge(reader, message)
        reader.still_there()
    context.unsubscribe(reader, own, subscription)
    reader.close()
    writer.close()
    return yes()


def peek(context: CheckContext) -> Answer:
    dialect = context.dialect
    if dialect.peek_refusal:
        return no(dialect.peek_refusal)
    if dialect.name == "unknown":
        return not_asked(dialect.peek_meaning)
    return yes(dialect.peek_meaning)


_MODES: tuple[AckMode, ...] = ("auto", "client", "client-individual")

QUESTIONS = (
    *(
        Question(
            f"ack-{each}",
            Section.ACKNOWLEDGING,
            f"takes ack:{each}",
            f"SUBSCRIBE with ack:{each}, and two messages" + ("" if each == "auto" else " that are acknowledged"),
            partial(mode, ack=each),
        )
        for each in _MODES
    ),
    Question(
        "peek",
        Section.ACKNOWLEDGING,
        "can be peeked",
        "not on the wire: what stomptui knows of this broker",
        peek,
        connects_only=True,
    ),
)
