"""Lines of a text that are made on demand, so that a large body opens as fast as a small one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from stomptui.protocol.clean import clean
from stomptui.protocol.joined_characters import safe_cut

Span = tuple[str, str]
"""Clean text and its style: "key", "string", "number", "literal", "punctuation", "tag", "attribute", "comment",
"mark" (stands for what cannot be painted), "dim" or "plain"."""
Line = list[Span]

OPEN: Span = ("", "open")
"""In a line that begins a group, which can be folded up to the line with the `CLOSE` that belongs to it."""
CLOSE: Span = ("", "close")
"""At the beginning of a line that ends a group."""


class NumberedLine(list[Span]):
    """A line that is not at the place of its number.

    Args:
        spans: What it is made of.
        number: How many lines there are before it, hidden ones counted.
        folded: Whether the group that it begins is folded into it.
    """

    def __init__(self, spans: Iterable[Span], number: int, folded: bool = False) -> None:
        super().__init__(spans)
        self.number = number
        self.folded = folded


CHUNK = 128
"""Lines made at a time, about."""
LONGEST = 4096
"""Characters in a line; longer ones go on in the next."""
_KEPT = 16
_TAB = 4


class Lines:
    """Lines in chunks. A chunk is made from a small state and forgotten again, so memory does not grow with them.

    Subclasses make them in `_make`.

    Args:
        start: The state from which the first chunk is made.
    """

    total: int | None = None
    """The number of lines, where it is known without making them."""
    foldable = False
    """Whether there may be groups in it that can be folded."""
    widest: int | None = None
    """Cells in the widest line, where that is known without making them."""

    def __init__(self, start: Any) -> None:
        self._states: list[Any] = [start]
        self._firsts = [0]
        """How many lines there are before each chunk that has been made once, and the one after it."""
        self._made: OrderedDict[int, list[Line]] = OrderedDict()
        self.done = False
        """All chunks have been made once."""
        self.problem = ""
        """Why the rest is shown as it came, "" while it need not be."""

    def _make(self, state: Any) -> tuple[list[Line], Any]:
        """The lines from a state on, and the state after them, None at the end."""
        raise NotImplementedError

    @property
    def known(self) -> int:
        """How many chunks have been made at least once."""
        return len(self._states) - (not self.done)

    @property
    def progress(self) -> float:
        """How much has been made, 0 to 1."""
        return 1.0 if self.done else 0.0

    def chunk(self, index: int) -> list[Line]:
        """The lines of a chunk; only the chunk after the known ones can be asked for, and those before it."""
        made = self._made.get(index)
        if made is None:
            made, following = self._make(self._states[index])
            if index == len(self._firsts) - 1:
                self._firsts.append(self._firsts[-1] + len(made))
            if index == len(self._states) - 1 and not self.done:
                if following is None:
                    self.done = True
                else:
                    self._states.append(following)
            self._made[index] = made
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(index)
        return made

    def numbers(self, index: int) -> Sequence[int]:
        """How many lines there are before each line of a chunk."""
        count = len(self.chunk(index))
        return range(self._firsts[index], self._firsts[index] + count)

    @property
    def known_lines(self) -> int:
        """How many lines have been made at least once."""
        return self._firsts[-1]

    def _forget(self, index: int) -> None:
        """Make this chunk and those after it anew when they are asked for."""
        for made in [made for made in self._made if made >= index]:
            del self._made[made]
        del self._firsts[index + 1 :]

    def all_lines(self) -> list[Line]:
        """Every line; for small texts."""
        lines: list[Line] = []
        index = 0
        while True:
            lines += self.chunk(index)
            index += 1
            if self.done and index >= len(self._states):
                return lines

    def all_text(self) -> str:
        """Every line as text."""
        return "\n".join("".join(text for text, _ in line) for line in self.all_lines())


def plain_lines(text: str, position: int) -> tuple[list[Line], int | None]:
    """A chunk of text as it is, from a position on, and the position after it, None at the end."""
    lines: list[Line] = []
    while len(lines) < CHUNK:
        end = text.find("\n", position, position + LONGEST)
        if end >= 0:
            line, position = text[position:end].removesuffix("\r"), end + 1
        elif position + LONGEST < len(text):
            cut = safe_cut(text, position + LONGEST)
            line, position = text[position:cut], cut
        else:
            lines.append([(paintable(text[position:].removesuffix("\r")), "plain")])
            return lines, None
        lines.append([(paintable(line), "plain")])
    return lines, position


def paintable(text: str) -> str:
    """One line of text, tabs become spaces, cleaned."""
    return clean(text.expandtabs(_TAB) if "\t" in text else text)


def pieces(text: str, style: str) -> list[Span]:
    """A token as spans none of which is longer than a line may be."""
    if len(text) <= LONGEST:
        return [(clean(text), style)]
    spans: list[Span] = []
    at = 0
    while at < len(text):
        cut = safe_cut(text, at + LONGEST)
        spans.append((clean(text[at:cut]), style))
        at = cut
    return spans


class TextLines(Lines):
    """Text as it is."""

    def __init__(self, text: str) -> None:
        super().__init__(0)
        self._text = text

    def _make(self, state: int) -> tuple[list[Line], int | None]:
        return plain_lines(self._text, state)

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1] / max(1, len(self._text))


class ReadyLines(Lines):
    """Lines that were made elsewhere."""

    def __init__(self, lines: list[Line]) -> None:
        super().__init__(0)
        self._all = lines

    def _make(self, state: int) -> tuple[list[Line], Any]:
        return self._all, None
