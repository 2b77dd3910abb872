"""Cuts the characters a terminal sends into tokens: characters, escape sequences, Alt with a key, pastes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from time import monotonic
from typing import NamedTuple

from stomptui.ui.terminal.pastes import PASTE_START, Paste

ESC = "\x1b"
SEQUENCE_DELAY = 0.6
"""Seconds within which what follows the beginning of an escape sequence belongs to it. Over a slow or lossy connection
the rest of one comes late, and read as keys it would type or act; what Alt with [, O, ] or P means waits as long."""
LONGEST_SEQUENCE = 4096
"""Characters of an escape sequence after which it is taken for a broken one."""

# ESC [ [ is how the Linux console begins F1 to F5; ESC [ M has three characters more, which say where the mouse is.
_SEQUENCE = re.compile(r"\x1b(?:\[(?:\[[ -~]|M...|[0-?]*[ -/]*[@-LN-Z\\-~]|[0-?]+[ -/]*[M[])|O[0-9;]*[:-~])", re.DOTALL)
_BEGUN = re.compile(r"\x1b(?:\[(?:\[|M.{0,2}\Z|[0-?]*[ -/]*)|O[0-9;]*)", re.DOTALL)
# What a terminal answers to questions of other programs; never a key.
_ANSWER = re.compile(r"\x1b[]P_^X].*?(?:\x07|\x1b\\)", re.DOTALL)


class Kind(Enum):
    """What a token is."""

    CHARACTER = "a character"
    SEQUENCE = "an escape sequence, known or not"
    ALT = "Alt with the character or sequence that follows an escape"
    ESCAPE = "the Escape key"
    PASTE = "pasted text, without its marks"


class Token(NamedTuple):
    """One thing that was pressed, pasted or reported."""

    kind: Kind
    text: str


class Tokenizer:
    """Cuts what comes in, in pieces of any size. It never waits: call `tick` at its `deadline`.

    Args:
        escape_delay: Seconds within which what follows an escape alone belongs to it.
        clock: Seconds that only go forward.
    """

    def __init__(self, escape_delay: float, clock: Callable[[], float] = monotonic) -> None:
        self._escape_delay = escape_delay
        self._clock = clock
        self._rest = ""
        self._paste: Paste | None = None
        self.deadline: float | None = None
        """When what is unfinished is decided about, by the clock; None if nothing is."""

    def feed(self, data: str) -> Iterator[Token]:
        """What these characters complete."""
        self.deadline = None
        if self._paste is None:
            self._rest += data
            yield from self._cut()
        elif (rest := self._paste.feed(data)) is not None:
            yield from self._pasted(rest)
        else:
            self.deadline = self._clock() + self._paste.patience

    def tick(self) -> Iterator[Token]:
        """Decide about what is unfinished, if its time has come."""
        if self.deadline is None or self._clock() < self.deadline:
            return
        self.deadline = None
        if self._paste is None:
            yield from self._give_up()
            return
        rest = self._paste.give_up()
        yield from self._pasted(rest)

    def _pasted(self, rest: str | None) -> Iterator[Token]:
        """Hand on the paste as far as it is known; what came behind it, None while it may go on."""
        assert self._paste is not None
        if text := self._paste.take():
            yield Token(Kind.PASTE, text)
        if rest is not None:
            self._paste = None
            self._rest = rest
            yield from self._cut()
        elif self._paste.unfinished:
            self.deadline = self._clock() + self._paste.patience

    def _cut(self) -> Iterator[Token]:
        data, at = self._rest, 0
        self._rest = ""
        while at < len(data):
            if data[at] != ESC:
                yield Token(Kind.CHARACTER, data[at])
                at += 1
                continue
            token = self._escaped(data, at)
            if token is None:
                self._rest = data[at:]
                alone = self._rest.strip(ESC) == ""
                self.deadline = self._clock() + (self._escape_delay if alone else SEQUENCE_DELAY)
                return
            if token == (Kind.SEQUENCE, PASTE_START):
                self._paste = Paste()
                yield from self.feed(data[at + len(PASTE_START) :])
                return
            at += len(token.text) + (token.kind is Kind.ALT)
            yield token

    def _escaped(self, data: str, at: int) -> Token | None:
        """The token that begins with the escape at a place, None if more of it may come."""
        if found := _SEQUENCE.match(data, at) or _ANSWER.match(data, at):
            return Token(Kind.SEQUENCE, found[0])
        after = data[at + 1 : at + 2]
        if after == ESC:
            # Some terminals say so that Alt is held with an arrow.
            if found := _SEQUENCE.match(data, at + 1):
                return Token(Kind.ESCAPE, ESC) if found[0] == PASTE_START else Token(Kind.ALT, found[0])
            begun = _BEGUN.match(data, at + 1)
            return None if (begun and begun.end() == len(data)) or at + 2 == len(data) else Token(Kind.ESCAPE, ESC)
        begun = _BEGUN.match(data, at)
        end = begun.end() if begun else len(data)
        if not after or after in "[O]P_^X":
            # Where something else came before the end, what is broken is left out and what came counts.
            long = len(data) - at >= LONGEST_SEQUENCE
            return Token(Kind.SEQUENCE, data[at:end]) if end < len(data) or long else None
        return Token(Kind.ALT, after)

    def _give_up(self) -> Iterator[Token]:
        """Nothing more came in time: what there is, is all there is."""
        rest, self._rest = self._rest, ""
        while rest.startswith(ESC + ESC):
            yield Token(Kind.ESCAPE, ESC)
            rest = rest[1:]
        if rest == ESC:
            yield Token(Kind.ESCAPE, ESC)
        elif len(rest) == 2:
            yield Token(Kind.ALT, rest[1])
        elif rest:
            yield Token(Kind.SEQUENCE, rest)
