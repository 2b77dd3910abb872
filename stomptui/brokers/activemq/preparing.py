"""Preparing a message of ActiveMQ to be sent again: headers and body."""

from __future__ import annotations

from collections.abc import Callable

from stomptui.brokers.activemq.peek.cut_texts import CUT, CutTexts
from stomptui.brokers.activemq.transactions.selectors import past
from stomptui.brokers.jms.hidden_content import is_hollow
from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import whole_number
from stomptui.queues.actions.action import PreparedMessage
from stomptui.queues.headers.preparing import MessagePreparer


class ActiveMQPreparer(MessagePreparer):
    """A content-length makes bytes, none makes text.

    Args:
        dialect, login, version: As of `MessagePreparer`.
        cut: Which messages did not come whole.
    """

    origin_headers = frozenset(("original-destination", "originalExpiration", "dlqDeliveryFailureCause"))
    loses = (
        "ActiveMQ shows no message groups over STOMP: messages go on without. "
        "Numbers and booleans in headers go on as text."
    )

    def __init__(self, dialect: Dialect, login: str, version: Callable[[], str], cut: CutTexts) -> None:
        super().__init__(dialect, login, version)
        self._cut = cut

    def _prepare(self, message: Frame, retry: bool, source: str) -> PreparedMessage:
        prepared = super()._prepare(message, retry, source)
        end = message.get("originalExpiration") or ""
        if retry and whole_number(end) and not past(end):
            headers = tuple((name, end if name == "expires" else value) for name, value in prepared.headers)
            prepared = prepared._replace(headers=headers)
        return prepared._replace(problem=CUT) if message in self._cut else prepared

    def edited_problem(self, message: Frame, edited: PreparedMessage) -> str:
        return CUT if message in self._cut else super().edited_problem(message, edited)

    def incomplete(self, message: Frame) -> str:
        if message in self._cut:
            return CUT
        if is_hollow(message):
            return (
                "its body is empty, and if it is a JMS map, object or stream message STOMP does not show what is in it"
            )
        return ""

    def keeps_content_length(self, message: Frame) -> bool:
        return message.get("content-length") is not None

    def origin(self, message: Frame) -> str:
        return message.get("original-destination") or ""
