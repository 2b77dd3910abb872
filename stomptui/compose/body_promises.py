"""Whether a body is what its headers promise: JSON, XML, a charset. In a long body that is found out after typing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from stomptui.compose.content import false_headers, names_charset, xml_problem
from stomptui.compose.json_check import json_fault

CHECKED = 4 << 20
"""A body longer than this many characters is not checked."""
AT_ONCE = 32 << 10
"""A body longer than this many characters is not checked at each key, but once the person has stopped typing."""


class PromisedBody(NamedTuple):
    """A body, and what is promised of it."""

    body: str | bytes
    content_type: str = ""
    content_encoding: str = ""

    @property
    def promises(self) -> bool:
        """Whether all of the body has to be read to know whether it is what its headers say."""
        kind = self.content_type
        return is_json(kind) or is_xml(kind) or names_charset(kind)


def broken_promises(promised: PromisedBody) -> list[str]:
    """What of its headers a body is not, for a person. Takes 40 ms for a megabyte."""
    body, content_type, content_encoding = promised
    if len(body) > CHECKED:
        return []
    wrong = json_problem(body) if is_json(content_type) else xml_problem(body) if is_xml(content_type) else None
    return [*([] if wrong is None else [wrong]), *false_headers(body, content_type, content_encoding)]


class PromiseChecks:
    """What is known of a body while a person types in it.

    A short body is checked when it is asked about. For a long one the answer is that of the last check, and `due` says
    what to pass to `broken_promises`, off the event loop, and the answer of which to `take`.
    """

    def __init__(self) -> None:
        self._known: Hashable = None
        self._of: object = None
        self._found: Sequence[str] = ()
        self.due: tuple[Hashable, object, PromisedBody] | None = None
        """What was asked about, and is not known: its edition, what it is a body of, and the body."""

    def of(self, promised: PromisedBody, edition: Hashable, whose: object, typed: bool) -> Sequence[str]:
        """What of its headers a body is not, as far as that is known.

        Args:
            promised: The body.
            edition: The same as long as nothing is changed in the draft.
            whose: What the body is one of: the answers of another do not hold.
            typed: Whether a person typed in it, so that the last answer says more than none.
        """
        self.due = None
        if len(promised.body) <= AT_ONCE or not promised.promises:
            return broken_promises(promised)
        if edition != self._known or whose is not self._of:
            self.due = edition, whose, promised
            if whose is not self._of or not typed:
                return ()
        return self._found

    def take(self, edition: Hashable, whose: object, found: Sequence[str]) -> None:
        """Take the answer of a check."""
        self._known, self._of, self._found = edition, whose, found


def is_json(content_type: str) -> bool:
    """Whether a content-type promises JSON."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("application/json", "text/json") or kind.endswith("+json")


def is_xml(content_type: str) -> bool:
    """Whether a content-type promises XML."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in ("application/xml", "text/xml") or kind.endswith("+xml")


def json_problem(body: str | bytes) -> str | None:
    """Why a body is not JSON (RFC 8259), with line and column; None if it is."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
    except UnicodeDecodeError:
        return "not JSON: not UTF-8"
    fault = json_fault(text)
    return None if fault is None else fault.text
