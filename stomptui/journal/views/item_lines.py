"""Lines of a body of nested items (MessagePack, CBOR), read as they are shown; each format says what one item is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal, NamedTuple

from stomptui.journal.views.hex_view import hex_line
from stomptui.journal.views.lines import CHUNK, CLOSE, LONGEST, OPEN, Line, Lines, Span, pieces

DEEPEST = 1000
"""Items within each other that are shown."""
LARGEST = 64 << 10
"""Characters or bytes of one value that are shown."""
_WIDEST_INDENT = 40
_RAW_COLUMNS = 16

ItemKind = Literal["value", "array", "map", "tag", "break"]


class Item(NamedTuple):
    """One item of a format."""

    kind: ItemKind
    """"tag" for what stands around the item that follows, "break" for what ends a group of unknown length."""
    end: int
    """Where it ends; for a group or a tag, where what is in it begins."""
    text: str = ""
    """A value as it is shown, or what stands before the bracket of a tag."""
    style: str = "plain"
    size: int | None = 0
    """Items of an array or pairs of a map, None where a break ends them."""
    comment: str = ""
    """What it means, "" if there is nothing to say."""


class BrokenItem(ValueError):
    """There is no item; the message says why."""


class CutItem(BrokenItem):
    """The bytes end within the item."""


ReadItem = Callable[[bytes, int], Item]
"""Reads the item that begins at a position; raises `BrokenItem`."""


class _Level(NamedTuple):
    """A group or tag that is open."""

    kind: ItemKind
    left: int | None
    """Items that are to come, keys and values counted; None where a break ends them."""
    on_key: bool
    """Whether the next item is the key of a pair."""


class _ItemState(NamedTuple):
    position: int
    stack: tuple[_Level, ...]
    raw: bool = False
    """The rest is shown in hex."""


_BRACKETS = {"array": ("[", "]"), "map": ("{", "}"), "tag": ("(", ")")}


class ItemLines(Lines):
    """Items one after the other, each value on a line, as CBOR's diagnostic notation has them (RFC 8949, section 8).

    `problem` is set where the bytes are no items; the rest is shown in hex.

    Args:
        data: The bytes.
        read: Reads one item.
        name: The name of the format, for the problem.
    """

    foldable = True

    def __init__(self, data: bytes, read: ReadItem, name: str) -> None:
        super().__init__(_ItemState(0, ()))
        self._data = data
        self._read = read
        self._name = name

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._states[-1].position / max(1, len(self._data))

    def _make(self, state: _ItemState) -> tuple[list[Line], _ItemState | None]:
        position, data = state.position, self._data
        if state.raw:
            return self._rest(position)
        stack = list(state.stack)
        lines: list[Line] = []
        line: Line = []
        while True:
            if not line:
                if not stack and position >= len(data):
                    return lines, None
                if len(lines) >= CHUNK:
                    return lines, _ItemState(position, tuple(stack))
            try:
                item = self._read(data, position)
                if item.kind == "break" and not (stack and stack[-1].left is None and stack[-1].kind != "tag"):
                    raise BrokenItem("a break that ends nothing")
                if item.kind == "break" and stack[-1].kind == "map" and not stack[-1].on_key:
                    raise BrokenItem("a key without a value")
                if item.kind in _BRACKETS and len(stack) >= DEEPEST:
                    raise BrokenItem(f"more than {DEEPEST:,} items within each other")
            except BrokenItem as broken:
                self.problem = f"not {self._name}: byte {position:,}: {broken}"
                return [*lines, line] if line else lines, _ItemState(position, (), raw=True)
            position = item.end
            if item.kind == "break":
                if line:
                    lines.append(line)
                line = _closing(stack)
            elif item.kind == "tag":
                line += [*_indent(line, stack), (f"{item.text}(", "punctuation")]
                line += [(f" /{item.comment}/ ", "comment")] if item.comment else []
                stack.append(_Level("tag", 1, on_key=False))
                continue
            elif item.kind == "value" or item.size == 0:
                line += _indent(line, stack)
                is_key = bool(stack) and stack[-1].on_key and item.style == "string"
                text = item.text if item.kind == "value" else "".join(_BRACKETS[item.kind])
                line = self._add(lines, line, text, "key" if is_key else item.style)
                line += [(f" /{item.comment}/", "comment")] if item.comment else []
            else:
                opening = _BRACKETS[item.kind][0] + ("_" if item.size is None else "")
                line += [*_indent(line, stack), (opening, "punctuation"), OPEN]
                lines.append(line)
                line = []
                pairs = item.kind == "map"
                left = None if item.size is None else item.size * (1 + pairs)
                stack.append(_Level(item.kind, left, on_key=pairs))
                continue
            line = self._after(lines, line, stack, position)

    def _after(self, lines: list[Line], line: Line, stack: list[_Level], position: int) -> Line:
        """An item is complete: end what it completes; returns the line that goes on."""
        while stack:
            top = stack[-1]
            if top.kind == "tag":
                stack.pop()
                line.append((")", "punctuation"))
                continue
            left = None if top.left is None else top.left - 1
            if top.on_key:
                stack[-1] = _Level(top.kind, left, on_key=False)
                line.append((": ", "punctuation"))
                return line
            stack[-1] = _Level(top.kind, left, on_key=top.kind == "map")
            if left == 0:
                lines.append(line)
                line = _closing(stack)
                continue
            if left is not None or self._data[position : position + 1] != b"\xff":
                line.append((",", "punctuation"))
            lines.append(line)
            return []
        lines.append(line)
        return []

    def _add(self, lines: list[Line], line: Line, text: str, style: str) -> Line:
        """Add a value, which may be long: then it takes lines of its own; returns the last of them."""
        if len(text) <= LONGEST:
            return [*line, *pieces(text, style)]
        first, *others = pieces(text, style)
        lines.append([*line, first])
        lines += [[other] for other in others[:-1]]
        return [others[-1]]

    def _rest(self, position: int) -> tuple[list[Line], _ItemState | None]:
        """The bytes that are no items, in hex."""
        lines: list[Line] = []
        while position < len(self._data) and len(lines) < CHUNK:
            lines.append(hex_line(self._data, position, _RAW_COLUMNS))
            position += _RAW_COLUMNS
        return lines, None if position >= len(self._data) else _ItemState(position, (), raw=True)


def well_formed_start(read: ReadItem, start: bytes, whole: bool) -> bool:
    """Whether bytes are one item, or the first part of one.

    Args:
        read: Reads one item.
        start: The bytes.
        whole: Whether that is all of them.
    """
    position = 0
    open_now: list[int | None] = [1]
    while open_now:
        if open_now[-1] == 0:
            open_now.pop()
            continue
        if position >= len(start):
            return not whole
        try:
            item = read(start, position)
        except CutItem:
            return not whole
        except BrokenItem:
            return False
        position = item.end
        left = open_now[-1]
        if item.kind == "break":
            if left is not None:
                return False
            open_now.pop()
            continue
        open_now[-1] = None if left is None else left - 1
        if item.kind == "tag":
            open_now.append(1)
        elif item.kind in ("array", "map"):
            open_now.append(None if item.size is None else item.size * (1 + (item.kind == "map")))
        if len(open_now) > DEEPEST:
            return False
    return position == len(start) if whole else position >= len(start)


def taken(data: bytes, position: int, size: int) -> bytes:
    """Some bytes.

    Raises:
        CutItem: There are fewer.
    """
    if position + size > len(data):
        raise CutItem(f"it ends too early: {size:,} bytes needed, {max(0, len(data) - position):,} there")
    return data[position : position + size]


def quoted(text: str) -> str:
    """Text as JSON has it, cut where it is long."""
    if len(text) <= LARGEST:
        return json.dumps(text, ensure_ascii=False)
    return f"{json.dumps(text[:LARGEST], ensure_ascii=False)} … {len(text) - LARGEST:,} more characters"


def hexed(data: bytes, begin: int, end: int) -> str:
    """Bytes as diagnostic notation has them, cut where there are many."""
    if end - begin <= LARGEST:
        return f"h'{data[begin:end].hex()}'"
    return f"h'{data[begin : begin + LARGEST].hex()}' … {end - begin - LARGEST:,} more bytes"


def number_text(value: float) -> str:
    """A floating-point number, exactly; NaN and the infinities as JavaScript calls them."""
    text = repr(value)
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(text, text)


def _indent(line: Line, stack: list[_Level]) -> list[Span]:
    """What a line begins with; nothing if it has begun."""
    return [] if line or not stack else [("  " * min(_depth(stack), _WIDEST_INDENT), "plain")]


def _depth(stack: list[_Level]) -> int:
    return sum(level.kind != "tag" for level in stack)


def _closing(stack: list[_Level]) -> Line:
    """The line that ends the innermost group, and takes it from the stack."""
    level = stack.pop()
    return [CLOSE, ("  " * min(_depth(stack), _WIDEST_INDENT), "plain"), (_BRACKETS[level.kind][1], "punctuation")]
