"""What a check found in short: who answers, what works there, and what to beware of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stomptui.application.check.answers import Answer, Verdict
from stomptui.protocol.codec import VERSIONS

AT_LEAST = "at least"
"""How the detail of a size begins that is no limit."""
_ASIDE = (Verdict.NOT_ASKED,)


class Summary(NamedTuple):
    """What was found in short; each text can follow a colon."""

    works: tuple[str, ...] = ()
    beware: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Point:
    """What follows where all of some questions are answered with yes, or one is not."""

    keys: tuple[str, ...]
    works: str = ""
    beware: str | Callable[[list[str]], str] = ""
    """The same for the keys that are not; a function is given them."""


def _unconfirmed(keys: list[str]) -> str:
    commands = [key.removeprefix("receipt-") for key in keys]
    if "SEND" not in commands:
        return f"no RECEIPT for {_listed(commands)}"
    return f"no RECEIPT for {_listed(commands)}: whether it took a message is never told"


def _unacknowledged(keys: list[str]) -> str:
    modes = [f"ack:{key.removeprefix('ack-')}" for key in keys]
    return f"messages cannot be acknowledged with {_listed(modes)}"


def _unfaithful(keys: list[str]) -> str:
    kept = {"order": "their order", "repeats": "repeated ones", "empty": "empty values"}
    return f"headers do not all come as they were sent: {_listed([kept[key.removeprefix('header-')] for key in keys])}"


_POINTS = (
    _Point(("heart-beat-given",), "heart-beats", "no heart-beats: that the server is gone is noticed late"),
    _Point(
        tuple(f"receipt-{command}" for command in ("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "BEGIN", "COMMIT", "ABORT")),
        "receipts",
        _unconfirmed,
    ),
    _Point(("own-messages",), "", "a session does not get what it sends itself"),
    _Point(("message-order",), "the order of messages", "messages may come in another order than they were sent"),
    _Point(tuple(f"header-{what}" for what in ("order", "repeats", "empty")), "headers as they were sent", _unfaithful),
    _Point(
        tuple(f"escape-{what}" for what in ("colon", "line-feed", "backslash", "carriage-return")),
        "any character in them",
        "some characters in header values come changed",
    ),
    _Point(("body-text", "body-text-uncounted", "body-utf-8", "body-empty"), "text", "bodies of text come changed"),
    _Point(("ack-client", "ack-client-individual"), "acknowledgements", _unacknowledged),
    _Point(("commit", "abort"), "transactions", "transactions do not work"),
    _Point(("peek",), "peeking into queues", "queues cannot be peeked into"),
)


def summary_of(answers: Mapping[str, Answer]) -> Summary:
    """The summary of the answers, by their keys; what was not asked is not in it."""
    works: list[str] = []
    beware: list[str] = []
    for text, good in _told(answers):
        (works if good else beware).append(text)
    return Summary(tuple(works), tuple(beware))


def _told(answers: Mapping[str, Answer]) -> Iterator[tuple[str, bool]]:
    spoken = [each for each in VERSIONS if _is_yes(answers.get(f"version-{each}"))]
    if spoken:
        yield f"STOMP {_listed(spoken)}", True
    for point in _POINTS:
        asked = [key for key in point.keys if key in answers and answers[key].verdict not in _ASIDE]
        wrong = [key for key in asked if not _is_yes(answers[key])]
        if wrong and point.beware:
            yield (point.beware if isinstance(point.beware, str) else point.beware(wrong)), False
        elif asked and not wrong and point.works:
            yield point.works, True
        if point.keys[0] == "body-text":
            yield from _of_bytes(answers)
    if _is_yes(answers.get("receipt-header-passed")):
        yield "the receipt header of a SEND is passed on to every reader", False
    size = answers.get("largest-frame")
    if size is not None and isinstance(size.value, int) and size.value and not size.detail.startswith(AT_LEAST):
        yield f"no frame over {size.value:,} bytes", False


def _of_bytes(answers: Mapping[str, Answer]) -> Iterator[tuple[str, bool]]:
    plain, named = answers.get("body-binary"), answers.get("body-octet-stream")
    if plain is None or plain.verdict in _ASIDE:
        return
    if _is_yes(plain):
        yield "any bytes", True
    elif _is_yes(named):
        yield "bytes that are no text come broken, unless sent as application/octet-stream", False
    else:
        yield "bytes that are no text come broken", False


def _is_yes(answer: Answer | None) -> bool:
    return answer is not None and answer.verdict is Verdict.YES


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
