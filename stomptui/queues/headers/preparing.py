"""Preparing a message to be sent again: headers by the rules of the broker, the body byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.dialect.header_rules import Effect, Setting, shortened
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import ActionTarget, PreparedMessage
from stomptui.queues.actions.pipeline import FrameSpec
from stomptui.queues.headers.carrying import pack


class MessagePreparer:
    """Makes messages ready to be sent to a broker, and knows what of them STOMP does not show.

    Args:
        dialect: The broker they go to.
        login: Who we are to it.
        version: The STOMP version that is spoken.
    """

    origin_headers: ClassVar[frozenset[str]] = frozenset()
    """Headers that say where a dead letter came from; they go when it is retried."""
    loses: ClassVar[str] = ""
    """What of a message this broker cannot carry over STOMP, so that a copy lacks it; "" if nothing is known."""

    def __init__(self, dialect: Dialect, login: str, version: Callable[[], str]) -> None:
        self._dialect = dialect
        self._login = login
        self._version = version
        self._last: tuple[tuple[Frame, bool, str | None], PreparedMessage] | None = None
        """The message that was made ready last, and what it was asked for."""

    def prepare(self, message: Frame, retry: bool = False, source: str | None = None) -> PreparedMessage:
        """A message made ready to be sent again, headers in order and body byte for byte.

        Args:
            message: As it came.
            retry: Whether it goes back where it came from, without what says so.
            source: The name of the broker it came from, None for this one; "" to find that out by its headers.
        """
        # The same message is asked about several times in a row: can it go, what does it lose, how is it sent.
        wanted = (message, retry, source)
        if self._last is None or self._last[0] != wanted:
            self._last = wanted, self._prepare(message, retry, self._dialect.name if source is None else source)
        return self._last[1]

    def _prepare(self, message: Frame, retry: bool, source: str) -> PreparedMessage:
        setting = Setting(self._login, version=self._version())
        origin = self.origin_headers if retry else frozenset[str]()
        packed = pack(message.headers, self._dialect.rules, self._dialect.name, setting, source, origin)
        length = self.keeps_content_length(message)
        return PreparedMessage(packed.headers, message.body, length, packed.left_out, packed.problem, packed.changed)

    def edited_problem(self, message: Frame, edited: PreparedMessage) -> str:
        """Why what a person made of a message cannot be sent in its place without losing it, "" if it can."""
        setting = Setting(self._login, version=self._version())
        for name, value in edited.headers:
            verdict = self._dialect.rules.verdict(name, value, setting)
            if verdict.effect is Effect.LOST:
                why = verdict.advice or verdict.why
                return f"with {shortened(name)} {shortened(value)} it would be confirmed, and lost: {why}"
        return ""

    def incomplete(self, message: Frame) -> str:
        """Why what STOMP shows of a message may not be all of it, so that taking it out would lose something; "" if it
        is, as far as can be known."""
        return ""

    def keeps_content_length(self, message: Frame) -> bool:
        """Whether sending it again needs content-length to make the same kind of message."""
        return True

    def origin(self, message: Frame) -> str:
        """The destination a dead letter came from, "" if it does not say."""
        return ""

    def send_frame(self, target: ActionTarget, prepared: PreparedMessage) -> FrameSpec:
        """The SEND for a message, without its receipt."""
        lines = [("destination", self._sent_to(target.destination)), *prepared.headers, *target.headers]
        if prepared.content_length:
            lines.append(("content-length", str(len(prepared.body))))
        return "SEND", tuple(lines), prepared.body

    def _sent_to(self, destination: str) -> str:
        """What SEND calls the destination of a target."""
        return destination
