"""Which commands are confirmed by a RECEIPT (STOMP 1.2, "Header receipt")."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from stomptui.application.check.answers import Answer, CutShort, Ended, NotPossible, Refused, Silent, Verdict, no, yes
from stomptui.application.check.context import CheckContext
from stomptui.application.check.question import Question, Section
from stomptui.application.check.sessions import CheckSession
from stomptui.connection.dialect.own_destination import OwnDestination

TOGETHER = ("SUBSCRIBE", "SEND", "ACK", "BEGIN", "COMMIT", "ABORT", "UNSUBSCRIBE")
"""In the order they are sent in."""
_NEEDS = {"ACK": {"SUBSCRIBE", "SEND"}, "UNSUBSCRIBE": {"SUBSCRIBE"}, "COMMIT": {"BEGIN"}, "ABORT": {"BEGIN"}}
"""What must have been sent before."""


def receipt(context: CheckContext, command: str) -> Answer:
    """Whether a command is confirmed. All are asked at once the first time, and one by one where that went wrong."""
    if "receipt-SUBSCRIBE" not in context.known:
        _Exchange(context, TOGETHER).run()
        context.known.setdefault("receipt-SUBSCRIBE", Answer(Verdict.NO_ANSWER))
    if (answer := context.known.pop(f"receipt-{command}", None)) is not None:
        if command == "SUBSCRIBE":
            context.known["receipt-SUBSCRIBE"] = answer
        return answer
    exchange = _Exchange(context, (command,))
    exchange.run()
    if exchange.cut is not None:
        raise exchange.cut
    return context.known.pop(f"receipt-{command}", Answer(Verdict.NO_ANSWER))


class _Exchange:
    """Frames on one session, some of which ask for a receipt.

    Args:
        context: Of the check; what is found out goes to its `known`.
        asked: The commands that ask for one.
    """

    def __init__(self, context: CheckContext, asked: Collection[str]) -> None:
        self.cut: CutShort | None = None
        """What ended it early, None if nothing did."""
        self._context = context
        self._asked = asked
        self._sent = set(asked).union(*(_NEEDS.get(each, set()) for each in asked))
        self._awaited: dict[str, str] = {}
        """The receipts asked for, by command."""

    def run(self) -> None:
        session = self._context.session()
        try:
            self._run(session, self._context.own_topic())
        except (Refused, Ended) as error:
            self.cut = error
            return
        finally:
            session.close()
        for command in self._asked:
            if command not in self._awaited:
                self._context.known.setdefault(f"receipt-{command}", _no_message())

    def _run(self, session: CheckSession, own: OwnDestination) -> None:
        context = self._context
        subscription = session.next_id("subscription")
        if "SUBSCRIBE" in self._sent:
            added = context.dialect.subscribe_headers(own.name, own.subscribe)
            mode = ("ack", "client-individual" if session.version != "1.0" else "client")
            lines = [("id", subscription), ("destination", own.name), mode, *own.subscribe, *added]
            self._send(session, "SUBSCRIBE", lines)
            self._settle(session, "SUBSCRIBE", 0.5)
        if "SEND" in self._sent:
            lines = [("destination", own.sent_to), *own.send, context.mark.header]
            self._send(session, "SEND", lines, context.mark.body())
        if "ACK" in self._sent:
            self._ack(session, subscription)
        if "BEGIN" in self._sent:
            self._send(session, "BEGIN", [("transaction", "check-1")])
        if "COMMIT" in self._sent:
            self._send(session, "COMMIT", [("transaction", "check-1")])
        if "ABORT" in self._sent:
            if "COMMIT" in self._sent:
                session.send("BEGIN", [("transaction", "check-2")])
            self._send(session, "ABORT", [("transaction", "check-2" if "COMMIT" in self._sent else "check-1")])
        if "UNSUBSCRIBE" in self._sent:
            more = context.dialect.unsubscribe_headers(own.name)
            self._send(session, "UNSUBSCRIBE", [("id", subscription), *more])
        seconds = context.wait
        for command in self._asked:
            if self._settle(session, command, seconds) is False:
                # All had that time already.
                seconds = 0.05

    def _ack(self, session: CheckSession, subscription: str) -> None:
        try:
            message = session.message(subscription, self._context.wait / 2)
        except Silent:
            # Then there is nothing to acknowledge.
            return
        try:
            self._context.acknowledge(session, message, self._asks("ACK", session))
        except NotPossible as error:
            # The other commands can be asked about all the same.
            self._context.known["receipt-ACK"] = error.answer

    def _asks(self, command: str, session: CheckSession) -> str:
        """The receipt that a frame is to ask for, "" if none."""
        if command not in self._asked:
            return ""
        self._awaited[command] = session.next_id(f"receipt-{command}")
        return self._awaited[command]

    def _send(self, session: CheckSession, command: str, lines: list[tuple[str, str]], body: bytes = b"") -> None:
        receipt = self._asks(command, session)
        session.send(command, [*lines, ("receipt", receipt)] if receipt else lines, body)

    def _settle(self, session: CheckSession, command: str, seconds: float) -> bool | None:
        """Wait for the receipt of a command; None if none is awaited."""
        if command not in self._awaited or f"receipt-{command}" in self._context.known:
            return None
        try:
            session.receipt(self._awaited[command], seconds)
        except Silent:
            if seconds == self._context.wait or seconds < 0.5:
                self._context.known[f"receipt-{command}"] = Answer(Verdict.NO_ANSWER)
            return False
        self._context.known[f"receipt-{command}"] = yes()
        return True


def _no_message() -> Answer:
    return NotPossible("no message came that could be acknowledged").answer


def disconnect(context: CheckContext) -> Answer:
    session = context.session()
    id = session.next_id("receipt-DISCONNECT")
    session.send("DISCONNECT", [("receipt", id)])
    try:
        session.receipt(id)
    except Ended as ended:
        # That it ends is what was asked for.
        return no("it closes the connection without one", server_text=_own_words(ended))
    finally:
        session.drop()
    return yes()


def _own_words(ended: Ended) -> str:
    text = ended.answer.server_text
    return "" if text.startswith("the broker closed") else text


def _question(command: str) -> Question:
    return Question(
        f"receipt-{command}",
        Section.RECEIPTS,
        f"RECEIPT for {command}",
        f"{command} with a receipt header",
        disconnect if command == "DISCONNECT" else partial(receipt, command=command),
    )


QUESTIONS = tuple(
    _question(command)
    for command in ("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "BEGIN", "COMMIT", "ABORT", "DISCONNECT")
)
