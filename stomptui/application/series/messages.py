"""The encoded frames of a series: one template with another receipt id each time, or a draft filled for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import uuid4

from stomptui.compose.draft import Draft
from stomptui.compose.variables.fill import fill
from stomptui.compose.variables.sources import Sources
from stomptui.config.files.logs import hide_secrets
from stomptui.config.secret_names import secrets_in

NO_COLUMNS: Mapping[str, str] = {}
PerMessage = Callable[[int, Mapping[str, str]], Draft]
"""Makes the draft of one message, of its number from 1 on and the columns of its line."""


class Messages(Protocol):
    """Where the frames of a series come from."""

    ready: bool
    """Whether `take` neither blocks nor takes its time, so that the thread of the socket may call it."""

    def take(self, receipts: Sequence[bytes], count: int) -> list[bytes]:
        """The next frames, fewer than `count` at the end.

        Args:
            receipts: What they ask for; none if no receipt is wanted.
            count: How many frames.

        Raises:
            ValueError, OSError: The next one cannot be made; those before it were returned.
        """


class SameMessages:
    """The same message again and again, encoded once.

    Args:
        draft: The message.
        version: The STOMP version spoken.
        count: How many there are.

    Raises:
        ValueError, OSError: It cannot be sent as it is.
    """

    ready = True

    def __init__(self, draft: Draft, version: str, count: int) -> None:
        _hide(draft)
        place = uuid4().hex
        whole = replace(draft, receipt=True).encode(version, place)
        # The header line, which stands before whatever the body holds.
        self._before, _, self._after = whole.partition(f"\nreceipt:{place}".encode())
        self._left = count

    def take(self, receipts: Sequence[bytes], count: int) -> list[bytes]:
        count = min(count, self._left)
        self._left -= count
        before, after = self._before, self._after
        if not receipts:
            return [before + after] * count
        before += b"\nreceipt:"
        return [before + receipt + after for receipt in receipts[:count]]


class FilledMessages:
    """A message made for each line of a file, or each number.

    Args:
        per_message: Makes one.
        version: The STOMP version spoken.
        rows: The columns of each, until there are no more.
        check: Why a draft must not be sent, "" if it may.
    """

    ready = False

    def __init__(
        self,
        per_message: PerMessage,
        version: str,
        rows: Iterator[Mapping[str, str]],
        check: Callable[[Draft], str] = lambda draft: "",
    ) -> None:
        self._per_message = per_message
        self._version = version
        self._rows = rows
        self._check = check
        self._made = 0
        self._problem: Exception | None = None

    def take(self, receipts: Sequence[bytes], count: int) -> list[bytes]:
        frames: list[bytes] = []
        while len(frames) < count and self._problem is None:
            try:
                columns = next(self._rows, None)
                if columns is None:
                    break
                receipt = receipts[len(frames)] if receipts else b""
                frames.append(self._frame(self._made + len(frames) + 1, columns, receipt))
            except (ValueError, OSError, LookupError) as error:
                self._problem = error
        if self._problem is not None and not frames:
            raise ValueError(f"message {self._made + 1:,}: {self._problem}") from self._problem
        self._made += len(frames)
        return frames

    def _frame(self, number: int, columns: Mapping[str, str], receipt: bytes) -> bytes:
        draft = self._per_message(number, columns)
        if problem := self._check(draft):
            raise ValueError(problem)
        _hide(draft)
        return replace(draft, receipt=bool(receipt)).encode(self._version, receipt.decode())


def filled(draft: Draft, answers: Mapping[str, str] = NO_COLUMNS, values: Mapping[str, str] = NO_COLUMNS) -> PerMessage:
    """Makes each message of a draft by filling in its variables, if it has any, the columns of a line among them.

    Args:
        draft: The draft.
        answers: What the person answered to `{{prompt}}`, by label.
        values: Those of the chosen set; a column of that name comes before them.
    """

    def environment(name: str) -> str | None:
        value = os.environ.get(name)
        hide_secrets(secrets_in(name, value or ""))
        return value

    return lambda number, columns: fill(
        draft, Sources(counter=number, prompts=answers, columns={**values, **columns}, environment=environment)
    )


def _hide(draft: Draft) -> None:
    hide_secrets(secret for _, line in draft.lines() for secret in secrets_in(line.name, line.value))
