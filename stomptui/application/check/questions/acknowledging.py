"""Ack modes, and what a peek does (STOMP 1.2, "SUBSCRIBE ack Header" and "ACK")."""

from __future__ import annotations

from functools import partial

from stomptui.application.check.answers import Answer, CutShort, Silent, no, not_asked, yes
from stomptui.application.check.context import CheckContext
from stomptui.application.check.question import Question, Section
from stomptui.application.check.sessions import CheckSession
from stomptui.connection.dialect.base import AckMode
from stomptui.connection.dialect.own_destination import OwnDestination
from stomptui.protocol.frame import Frame


def mode(context: CheckContext, ack: AckMode) -> Answer:
    context.channel()
    own = context.own_topic()
    reader = context.session()
    writer = reader if context.own_come_back else context.session()
    subscription = context.subscribe(reader, own, ack)
    for body in (b"first", b"second"):
        context.send(writer, own, body)
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


def redelivery(context: CheckContext, ack: AckMode) -> Answer:
    """Three messages, of which the second is acknowledged: which of them come again."""
    own = context.own_queue()
    reader = context.session()
    subscription = context.subscribe(reader, own, ack)
    _send_three(context, reader, own)
    shown = [reader.message(subscription)]
    while len(shown) < len(_THREE) and (more := reader.quiet_for(subscription)) is not None:
        shown.append(more)
    if len(shown) == len(_THREE):
        context.acknowledge(reader, shown[1])
        reader.still_there()
    came = [context.mark.text(each.body) for each in _come_again(context, reader, own, subscription, shown[0].body)]
    if len(shown) < len(_THREE):
        # It shows one message after the other: none was acknowledged.
        again = context.mark.text(shown[0].body) in came
        return yes("one message at a time; it comes again") if again else no("one message at a time; it is gone")
    expected = _THREE[2:] if ack == "client" else [_THREE[0], _THREE[2]]
    if sorted(came) == sorted(expected):
        return yes("ACK of the second of three: " + ("the third comes again" if ack == "client" else "the others do"))
    told = ", ".join(body.decode("ascii", "replace") for body in came)
    return no(f"ACK of the second of three: {told or 'none'} came again")


def _send_three(context: CheckContext, reader: CheckSession, own: OwnDestination) -> None:
    writer = reader if own.one_session else context.session()
    for body in _THREE:
        context.send(writer, own, body)
    if writer is not reader:
        writer.close()


def _come_again(
    context: CheckContext, reader: CheckSession, own: OwnDestination, subscription: str, expected: bytes
) -> list[Frame]:
    """What the next readers get once this one is gone.

    Args:
        context, reader, own, subscription: Of who read until now.
        expected: The body of what should be among it; where it is not, one more reader looks.
    """
    if own.one_session:
        context.unsubscribe(reader, own, subscription)
        reader.still_there()
        following, again = reader, context.subscribe(reader, own)
    else:
        # Some queues go with their last reader: the next one is there before.
        following = context.session()
        again = context.subscribe(following, own)
        reader.drop()
    found = following.messages(again, following.patience / 2)
    if not own.one_session and expected not in [frame.body for frame in found]:
        # Some servers give it to nobody who is there already.
        later = context.session()
        found += later.messages(context.subscribe(later, own), later.patience / 2)
        later.close()
    following.close()
    return found


def nack(context: CheckContext) -> Answer:
    """What becomes of a rejected message; whether the NACK is confirmed is noted too."""
    context.known["receipt-NACK"] = not_asked("no message came that could be rejected")
    own = context.own_queue()
    reader = context.session()
    if reader.version == "1.0":
        return not_asked("STOMP 1.0 has no NACK")
    subscription = context.subscribe(reader, own, "client-individual")
    writer = reader if own.one_session else context.session()
    sent = context.send(writer, own, b"rejected", length=False)
    message = reader.message(subscription)
    receipt = reader.next_id("receipt-NACK")
    context.answer_message(reader, message, "NACK", receipt)
    try:
        reader.receipt(receipt)
        context.known["receipt-NACK"] = yes()
    except CutShort as error:
        context.known["receipt-NACK"] = error.answer
        if not isinstance(error, Silent):
            raise
    again = reader.quiet_for(subscription, 1.0)
    if again is not None:
        context.acknowledge(reader, again)
        reader.still_there()
    later = _come_again(context, reader, own, subscription, sent)
    if again is not None:
        return yes("it comes again at once")
    return yes("the next reader gets it") if later else no("it is gone: deleted, or a dead letter")


def receipt_of_nack(context: CheckContext) -> Answer:
    if "nack" not in context.known:
        try:
            context.known["nack"] = nack(context)
        except CutShort as error:
            context.known["nack"] = error.answer
    return context.known["receipt-NACK"]


def what_nack_does(context: CheckContext) -> Answer:
    receipt_of_nack(context)
    return context.known["nack"]


def peek(context: CheckContext) -> Answer:
    dialect = context.dialect
    if dialect.peek_refusal:
        return no(dialect.peek_refusal)
    if dialect.name == "unknown":
        return not_asked(dialect.peek_meaning)
    return yes(dialect.peek_meaning)


_THREE = [b"first", b"second", b"third"]
_LEAVE = "leave an empty queue of its own"
_MODES: tuple[AckMode, ...] = ("auto", "client", "client-individual")

RECEIPT_OF_NACK = Question(
    "receipt-NACK",
    Section.RECEIPTS,
    "RECEIPT for NACK",
    "NACK with a receipt header",
    receipt_of_nack,
    may=("make a dead letter of its own message", _LEAVE),
)
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
    *(
        Question(
            f"redelivery-{each}",
            Section.ACKNOWLEDGING,
            f"redelivers, ack:{each}" if each == "client" else "redelivers, client-individual",
            f"a queue, three messages with ack:{each}, an ACK of the second, and another reader",
            partial(redelivery, ack=each),
            may=(_LEAVE,),
        )
        for each in _MODES[1:]
    ),
    Question(
        "nack",
        Section.ACKNOWLEDGING,
        "NACK returns a message",
        "a queue, a message, NACK, and another reader",
        what_nack_does,
        may=("make a dead letter of its own message", _LEAVE),
    ),
    Question(
        "peek",
        Section.ACKNOWLEDGING,
        "queues can be peeked into",
        "not on the wire: what stomptui knows of this broker",
        peek,
        connects_only=True,
    ),
)
