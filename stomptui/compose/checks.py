"""Validation of a draft before it is sent: each problem, and the field or header line that it is about."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from stomptui.compose.body_promises import PromisedBody, broken_promises, is_json
from stomptui.compose.draft import Draft
from stomptui.compose.encoded.coding import BodyCoding
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.json_check import place
from stomptui.compose.text_facts import facts_of
from stomptui.config.secret_names import MASK
from stomptui.protocol.codec import name_problem, value_problem

Promises = Callable[[PromisedBody], Iterable[str]]
EXAMPLE = "/queue/orders"
PLAIN_BREAKS = {"\n": "a line break", "\r": "a carriage return"}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a draft.

    Args:
        field: "destination", "header", "body" or "frame".
        index: Which header line, switched-off ones counted; None for the other fields.
        part: "name" or "value" of a header line, else "".
        text: What is wrong, in plain words. May hold the person's own text, so it is never painted as markup.
        severity: An "error" cannot be sent, a "warning" can.
        asks: Whether a warning is hardly meant, so that the person is asked before the draft is sent.
        of_size: Whether it is about how many bytes the body or the frame has.
    """

    field: Literal["destination", "header", "body", "frame"]
    index: int | None
    part: Literal["", "name", "value"]
    text: str
    severity: Literal["error", "warning"]
    asks: bool = True
    of_size: bool = False


def problems(
    draft: Draft, version: str, limit: int | None = None, header_limit: int | None = None, limit_told: str = ""
) -> list[Problem]:
    """What keeps a draft from being sent, and what may go wrong if it is, in the order of the screen.

    Args:
        draft: The draft.
        version: The STOMP version spoken.
        limit: The largest frame the broker takes, in bytes with the NUL, if known.
        header_limit: The most headers of different names the broker takes, if known.
        limit_told: How the largest frame is known, in words; "" says nothing of it.
    """
    return problems_found(broken_promises, draft, version, limit, header_limit, limit_told)


def problems_found(
    promises: Promises,
    draft: Draft,
    version: str,
    limit: int | None = None,
    header_limit: int | None = None,
    limit_told: str = "",
    example: str = EXAMPLE,
) -> list[Problem]:
    """The same, where something else says what of its headers a body is not.

    Args:
        promises: That.
        draft, version, limit, header_limit, limit_told: As of `problems`.
        example: A destination such as people send to there.
    """
    found = [*_destination(draft, version, example), *_headers(draft, version), *_body(draft, promises)]
    found += _frame(draft, version, limit, header_limit, limit_told)
    return found


def first_error(found: Iterable[Problem]) -> Problem | None:
    """The first of some problems that keeps a draft from being sent, None if it can be sent."""
    return next((problem for problem in found if problem.severity == "error"), None)


def _destination(draft: Draft, version: str, example: str) -> Iterator[Problem]:
    text = draft.destination
    if not text:
        yield Problem("destination", None, "", f"a destination is needed, such as {example}", "error")
        return
    wrong = value_problem(text, "SEND", version)
    if wrong:
        yield Problem("destination", None, "", wrong.replace("a header value", "a destination"), "error")
        return
    if text != text.strip():
        # The screen asks about such names by itself.
        yield Problem("destination", None, "", "begins or ends with a blank", "warning", asks=False)
    yield from (Problem("destination", None, "", found, "warning", asks) for found, asks in _escaped(text, version))


def _headers(draft: Draft, version: str) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for index, line in draft.lines():
        parts: tuple[tuple[Literal["name", "value"], str, str | None], ...] = (
            ("name", line.name, name_problem(line.name, "SEND", version)),
            ("value", line.value, value_problem(line.value, "SEND", version)),
        )
        for part, text, wrong in parts:
            if wrong:
                yield Problem("header", index, part, wrong, "error")
            else:
                for found, asks in _escaped(text, version):
                    yield Problem("header", index, part, found, "warning", asks)
        if line.name != line.name.strip() and not parts[0][2]:
            yield Problem("header", index, "name", "the name begins or ends with a blank", "warning")
        if MASK in line.value:
            yield Problem("header", index, "value", "secrets are not saved: type it again", "error")
        yield from _own(draft, index, line.name, line.value)
        if seen[line.name] and line.name:
            yield Problem("header", index, "name", f"a second {line.name}: only the first counts", "warning")
        seen[line.name] += 1


def _escaped(text: str, version: str) -> Iterator[tuple[str, bool]]:
    """What a reader may be surprised to find in a name or value that can be carried, and whether to ask about it."""
    for char, called in PLAIN_BREAKS.items():
        if char in text and version != "1.0":
            yield f"holds {called}, sent escaped as \\{'n' if char == chr(10) else 'r'}", True
    if any(0xDC80 <= ord(c) <= 0xDCFF for c in text):
        yield "is not UTF-8: sent as the bytes it came with", False


def _own(draft: Draft, index: int, name: str, value: str) -> Iterator[Problem]:
    """A header line that repeats or contradicts a field or a switch."""
    if name == "destination":
        text = "only the first destination counts, and that is the one in SEND to"
        yield Problem("header", index, "name", text, "warning")
    elif name == "receipt" and draft.receipt:
        yield Problem("header", index, "name", "the receipt switch adds one as well: switch one of them off", "error")
    elif name == "content-length" and draft.content_length:
        text = "the content-length switch adds one as well: switch one of them off"
        yield Problem("header", index, "name", text, "error")
    elif name == "content-length" and value == draft.get("content-length"):
        try:
            size = draft.body_size()
        except (OSError, ValueError):
            return
        if value != str(size):
            text = f"says {value or 'nothing'}, the body has {size:,} bytes"
            yield Problem("header", index, "value", text, "error", of_size=True)


def _body(draft: Draft, promises: Promises) -> Iterator[Problem]:
    if draft.body_file is not None:
        yield from _file(draft)
        return
    if draft.coding is not None and isinstance(draft.body, str):
        yield from _coded(draft, draft.coding, draft.body, promises)
        return
    body = draft.body
    if isinstance(body, str) and (half := facts_of(body).half_character) is not None:
        where = place(body, half)
        yield Problem("body", None, "", f"half a character at {where}: it has no bytes in UTF-8", "error")
        return
    yield from _nul(draft, facts_of(body).has_nul if isinstance(body, str) else b"\0" in body)
    if not body and ("content-type", draft.content_type) in draft.preset:
        return
    for text in promises(PromisedBody(body, draft.content_type, draft.get("content-encoding") or "")):
        yield Problem("body", None, "", text, "warning")


def _nul(draft: Draft, nul: bool) -> Iterator[Problem]:
    if nul and not draft.content_length and draft.get("content-length") is None:
        text = "holds a NUL, which would end the frame: switch content-length on"
        yield Problem("body", None, "", text, "error")


def _coded(draft: Draft, coding: BodyCoding, text: str, promises: Promises) -> Iterator[Problem]:
    """What is wrong with a body that is edited as text, and encoded when it is sent."""
    try:
        data = coding.encode(text)
    except CodingError as error:
        where = "" if error.at is None else f", {place(text, error.at)}"
        yield Problem("body", None, "", f"not {coding.name}: {error}{where}", "error")
        return
    yield from _nul(draft, b"\0" in data)
    if not coding.is_notation and is_json(draft.content_type):
        for wrong in promises(PromisedBody(text, "application/json")):
            yield Problem("body", None, "", wrong, "warning")


def _file(draft: Draft) -> Iterator[Problem]:
    path = draft.body_file
    assert path is not None
    wrong = ""
    try:
        path.stat()
        if not path.is_file():
            wrong = f"not a file: {path}"
        elif not os.access(path, os.R_OK):
            wrong = f"cannot be read: {path}"
    except (OSError, ValueError) as error:
        wrong = f"{getattr(error, 'strerror', None) or 'no such file'}: {path}"
    if wrong:
        yield Problem("body", None, "", wrong, "error")
    elif not draft.content_length and draft.get("content-length") is None and b"\0" in draft.body_start(1 << 16):
        text = "the file holds a NUL, which would end the frame: switch content-length on"
        yield Problem("body", None, "", text, "error")


def _frame(
    draft: Draft, version: str, limit: int | None, header_limit: int | None, limit_told: str
) -> Iterator[Problem]:
    size = draft.size(version)
    if limit is not None and size > limit:
        text = f"{size:,} bytes, the broker takes {limit:,}"
        text += f" {limit_told}; more ends the session" if limit_told else ": the connection would close without a word"
        yield Problem("frame", None, "", text, "warning", of_size=True)
    names = len({name for name, _ in draft.header_lines("1", 0)})
    if header_limit is not None and names > header_limit:
        text = f"{names} headers, the broker takes {header_limit}: the connection would close without a word"
        yield Problem("frame", None, "", text, "warning")
