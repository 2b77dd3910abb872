"""Bracketed pastes: whatever is between the marks is text, even if the end mark is lost."""

from __future__ import annotations

import re

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
PASTE_SILENCE = 1.0
"""Seconds without a character after which the end mark may be lost."""
KEY_SILENCE = 0.05
"""Seconds without another character after which what came by itself was a key, and no part of the paste."""

_KEY = re.compile(r"(?:.|\x1b.|\x1b?\x1b(?:\[[0-?]*[ -/]*[@-~]|O[0-9;]*[ -~]))", re.DOTALL)
# Mouse and focus, which a terminal reports at any time.
_REPORTS = re.compile(r"(?:\x1b\[<[0-9;]+[Mm]|\x1b\[[IO])+\Z")


class Paste:
    """Collects a paste, in pieces of any size.

    Once it has been silent for long, it is handed on without an end mark and *in doubt*: single keys end it then, and
    more text at once belongs to it still.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._tail = ""
        """The last characters: the end mark may come in two pieces."""
        self._in_doubt = False

    @property
    def patience(self) -> float:
        """Seconds to wait for more before `give_up`."""
        return KEY_SILENCE if self._in_doubt else PASTE_SILENCE

    @property
    def unfinished(self) -> bool:
        """Whether something came that is not handed on yet."""
        return bool(self._pieces or self._tail)

    def feed(self, data: str) -> str | None:
        """Take text; what comes behind the paste once its end is known, else None."""
        text = self._tail + data
        end = text.find(PASTE_END)
        start = text.find(PASTE_START, 0, end if end >= 0 else None) if self._in_doubt else -1
        if start >= 0:
            # The next one begins: the end of this one was lost.
            return self._end(text[:start], text[start:])
        if end >= 0:
            return self._end(text[:end], text[end + len(PASTE_END) :])
        cut = max(0, len(text) - len(PASTE_END) + 1)
        self._pieces.append(text[:cut])
        self._tail = text[cut:]
        return None

    def _end(self, text: str, rest: str) -> str:
        self._pieces.append(text)
        self._tail = ""
        return rest

    def give_up(self) -> str | None:
        """Nothing more came for `patience`: what is no part of the paste if that has ended, else None."""
        text = "".join(self._pieces) + self._tail
        if self._in_doubt and _KEY.fullmatch(text):
            self._pieces, self._tail = [], ""
            return text
        reports = _REPORTS.search(text)
        rest = reports[0] if reports else None
        text = text.removesuffix(rest or "")
        self._in_doubt = True
        self._tail = "" if reports else _begun(text)
        self._pieces = [text.removesuffix(self._tail)]
        return rest

    def take(self) -> str:
        """The text so far, which is then handed on."""
        text = "".join(self._pieces)
        self._pieces = []
        return text


def _begun(text: str) -> str:
    """The end of the text as far as it may be the beginning of the end mark."""
    return next((PASTE_END[:n] for n in range(len(PASTE_END) - 1, 0, -1) if text.endswith(PASTE_END[:n])), "")
