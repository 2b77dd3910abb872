"""Hints about SEND and SUBSCRIBE frames while they are typed: what a broker makes of them, headers it knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from stomptui.connection.dialect.header_rules import Effect, HeaderRules, Setting

HeaderLines = Sequence[tuple[str, str]]


class Hint(NamedTuple):
    """A fact about a SEND or SUBSCRIBE that is being typed, shown beside the field that it is about."""

    field: str
    """ "destination", "header:<name>", "body", "frame" (SEND), or "ack" and "selector" (SUBSCRIBE)."""
    text: str
    asks: bool = False
    """Whether it is probably a mistake, so that the person is asked before the frame is sent."""
    if_missing: bool = False
    """Whether it only says what becomes of a queue that is missing, which is known better once queues are listed."""


SEND_HEADERS = {
    "content-type": "media type of the body, with its charset",
    "transaction": "the transaction this frame belongs to (BEGIN names it)",
}
SUBSCRIBE_HEADERS = {
    "ack": "auto, client (cumulative) or client-individual",
}
CONNECT_HEADERS = {
    "accept-version": "the STOMP versions offered",
    "host": "the virtual host",
    "login": "the user",
    "passcode": "the password",
    "heart-beat": "milliseconds: what we promise, what we ask for",
}
STANDARD_HEADERS = {"SEND": SEND_HEADERS, "SUBSCRIBE": SUBSCRIBE_HEADERS, "CONNECT": CONNECT_HEADERS}

STANDARD_VALUES = {
    "content-type": ("application/json", "application/xml", "text/plain;charset=UTF-8", "application/octet-stream"),
    "ack": ("auto", "client", "client-individual"),
    "content-encoding": ("gzip", "deflate"),
    "priority": tuple("0123456789"),
}


class HintedBroker(Protocol):
    """What hints must know of a broker; a `Dialect` is one. Its members are as there."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def forgets(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, Mapping[str, str]]: ...

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]: ...

    @property
    def header_limit(self) -> int | None: ...

    @property
    def rules(self) -> HeaderRules: ...

    def is_queue(self, destination: str) -> bool: ...

    def is_durable_queue(self, destination: str) -> bool: ...

    def receipt_proves(self, destination: str) -> str: ...

    def peek_warning(self, destination: str) -> str: ...


class Hints:
    """The hints of one broker; the base class has those of an unknown one.

    Args:
        broker: Its dialect.
    """

    def __init__(self, broker: HintedBroker) -> None:
        self.broker = broker

    def known_headers(self, command: str = "SEND") -> dict[str, str]:
        """{header: meaning} for a command: those of STOMP, then those of the broker."""
        return {**STANDARD_HEADERS.get(command, {}), **self.broker.headers.get(command, {})}

    def known_values(self, name: str) -> tuple[str, ...]:
        """Common values of a header."""
        return self.broker.values.get(name) or STANDARD_VALUES.get(name, ())

    def send(
        self,
        destination: str,
        headers: HeaderLines = (),
        content_length_on: bool = True,
        body: bytes = b"",
        receipt: bool = True,
    ) -> list[Hint]:
        """Hints about a SEND before it is sent.

        Args:
            destination: As typed.
            headers: The headers to be sent, repeats included: the first of a name counts.
            content_length_on: Whether content-length will be sent.
            body: The bytes of the body.
            receipt: Whether a receipt will be asked for.
        """
        hints = self.of_broker(destination, first_values(headers), content_length_on, body)
        if self.broker.forgets and self.broker.is_durable_queue(destination) and "persistent" not in dict(headers):
            hints.append(Hint("header:persistent", self.broker.forgets))
        doubt = self.broker.receipt_proves(destination) if destination and receipt else ""
        if doubt and self.broker.name != "unknown":
            hints.insert(0, Hint("destination", doubt))
        limit = self.broker.header_limit
        # Plus those that we add: destination, receipt, content-length.
        count = len({name for name, _ in headers} | {"destination"}) + receipt + content_length_on
        if limit is not None and count > limit:
            hints.append(
                Hint(
                    "frame", f"{self.broker.title} takes at most {limit} headers in a frame, this one has {count}", True
                )
            )
        return hints

    def explain(self, destination: str, refusal: str) -> str:
        """What to do about a SEND that was refused, where the broker's words do not say it; "" where they do."""
        return ""

    def of_broker(self, destination: str, headers: dict[str, str], content_length_on: bool, body: bytes) -> list[Hint]:
        """The broker's own part of `send`; `headers` has only the first of repeated ones."""
        return self.of_headers(headers)

    def of_headers(self, headers: dict[str, str], declares: bool = False) -> list[Hint]:
        """Hints by the rules about headers of a SEND; `declares` as of `Setting`."""
        setting = Setting(declares=declares)
        verdicts = ((name, self.broker.rules.verdict(name, value, setting)) for name, value in headers.items())
        found = {
            name: Hint(f"header:{name}", verdict.advice, verdict.effect is not Effect.KEPT)
            for name, verdict in verdicts
            if verdict.advice
        }
        for name, text, _ in self.broker.rules.schedule(list(headers.items())):
            found.setdefault(name, Hint(f"header:{name}", text))
        known = self.known_headers("SEND")
        alike = {_alike(name): name for name in known}
        for name, value in headers.items():
            advice = _odd(name, value)
            if name not in known and (meant := alike.get(_alike(name))) is not None:
                advice = f"is not {meant}: header names are matched exactly"
            if name not in found and advice:
                found[name] = Hint(f"header:{name}", advice, True)
        return list(found.values())

    def subscribe(
        self, destination: str, ack: str = "auto", selector: str = "", headers: HeaderLines = ()
    ) -> list[Hint]:
        """Hints about a subscription before it is made."""
        if ack == "auto" and self.broker.is_queue(destination):
            return [Hint("ack", "ack auto takes every message out of the queue")]
        warning = self.broker.peek_warning(destination) if self.broker.is_queue(destination) else ""
        return [Hint("ack", warning)] if warning else []


def _alike(name: str) -> str:
    """A header name without what people confuse: case, underscores, blanks."""
    return name.strip().casefold().replace("_", "-")


def _odd(name: str, value: str) -> str:
    """What is odd about the value of a header that most brokers know; "" if nothing."""
    if name in ("priority", "expires", "expiration", "ttl") and not is_whole_number(value):
        return "is commonly a whole number"
    if name == "content-type" and value and "/" not in value:
        return "is no media type, such as application/json"
    return ""


def first_values(headers: HeaderLines) -> dict[str, str]:
    """Headers by name; of repeats the first counts (1.2, "Repeated Header Entries")."""
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name, value)
    return found


def is_whole_number(text: str) -> bool:
    """Whether brokers parse it as an integer."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()
