"""The comparison of two frames: their headers by name, their bodies by value, by line or by byte."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stomptui.journal.body import Content, content_of
from stomptui.journal.compare.byte_rows import compare_bytes
from stomptui.journal.compare.json_values import compare_json
from stomptui.journal.compare.rows import ComparedBody, ComparedRow, Difference, row
from stomptui.journal.compare.text_lines import compare_lines
from stomptui.journal.secrets import shown_value
from stomptui.protocol.delivery_headers import OF_ONE_DELIVERY
from stomptui.protocol.frame import Frame
from stomptui.protocol.paired_headers import PairedHeader, paired_headers

OF_DELIVERY = OF_ONE_DELIVERY | {"receipt"}
"""Headers that each delivery, and each send, has its own of. They are shown and not counted."""
BY_VALUE = 8 << 20
"""Characters of JSON up to which it is compared by value."""
BY_LINE = 32 << 20
"""Characters of text up to which it is compared by line."""


@dataclass(frozen=True)
class ComparedMessage:
    """One of the two that are compared."""

    title: str
    """What it is, in a few words."""
    frame: Frame = field(repr=False)
    sent: bool
    """Whether a person sent it, or is about to."""


@dataclass(frozen=True)
class Comparison:
    """What differs between two frames."""

    headers: list[ComparedRow]
    """The command as well, if it differs."""
    body: ComparedBody
    notes: list[str]
    """What is not in the rows, in words."""
    how: str
    """How the bodies were compared: "by value"."""
    same_bytes: bool
    """Whether the frames are the same, byte for byte."""

    @property
    def headers_differ(self) -> int:
        """How many headers differ, without those that each delivery has its own of."""
        return sum(map(_counts, self.headers))

    @property
    def summary(self) -> str:
        """How much differs, in a few words."""
        if self.same_bytes:
            return "the same, byte for byte"
        found = ((self.headers_differ, "header"), (self.body.differences, f"{self.body.unit} of the body"))
        counted = [f"{count:,} {unit if count == 1 else _plural(unit)}" for count, unit in found if count]
        if not counted:
            return "no difference that counts"
        one = len(counted) == 1 and self.headers_differ + self.body.differences == 1
        return f"{' and '.join(counted)} {'differs' if one else 'differ'}"


def _counts(header: ComparedRow) -> bool:
    """Whether a header counts as a difference. Of two lengths the bodies tell."""
    if header.difference is Difference.CHANGED and header.label == "content-length":
        return False
    return header.difference is not Difference.SAME and header.label not in OF_DELIVERY


def _plural(unit: str) -> str:
    first, _, rest = unit.partition(" ")
    return f"{first}s {rest}".rstrip()


def compare(left: ComparedMessage, right: ComparedMessage) -> Comparison:
    """Compare two frames. It may take a second or two where they are large: not for the event loop."""
    mine, other = left.frame, right.frame
    pairs, moved = paired_headers(mine.headers, other.headers)
    # What each delivery has its own of stands behind what may matter.
    pairs.sort(key=lambda pair: pair.name in OF_DELIVERY)
    headers = [_header(pair, left, right) for pair in pairs]
    # A message that is sent comes as a MESSAGE: that alone is no difference.
    if mine.command != other.command and {mine.command, other.command} != {"SEND", "MESSAGE"}:
        headers.insert(0, row("command", mine.command, other.command))
    notes = ["the headers are in another order: not counted"] if moved else []
    body, how = _bodies(mine, other)
    notes += body.notes
    if body.left_out:
        notes.append(f"{body.left_out:,} more differences are not listed")
    if body.left_out_same:
        notes.append(f"{body.left_out_same:,} more that are the same are not listed")
    return Comparison(headers, body, notes, how, mine.raw == other.raw)


def _header(pair: PairedHeader, left: ComparedMessage, right: ComparedMessage) -> ComparedRow:
    made = row(pair.name, pair.left, pair.right)
    masked = tuple(
        shown_value(side.frame.command, pair.name, value, side.sent) if value is not None else None
        for side, value in ((left, pair.left), (right, pair.right))
    )
    if masked == (pair.left, pair.right):
        return made
    return replace(made, masked=(masked[0], masked[1]))


def _bodies(left: Frame, right: Frame) -> tuple[ComparedBody, str]:
    """Two bodies compared as both of them can be, and how that was done."""
    mine, other = content_of(left), content_of(right)
    notes = [f"{side}: {note}" for side, content in (("left", mine), ("right", other)) for note in _opened(content)]
    if mine.data == other.data and left.body != right.body:
        notes.append("the bodies are packed otherwise, and the same inside: not counted")
    body: ComparedBody | None = None
    how = "by line"
    is_json = _both("json", mine, other)
    if is_json and _size(mine, other) > BY_VALUE:
        notes.append(f"more than {BY_VALUE >> 20} MiB of JSON are not compared by value")
    elif is_json:
        try:
            body, how = compare_json(mine.text or "", other.text or ""), "by value"
        except (ValueError, RecursionError):
            notes.append("one of the bodies is no proper JSON or nested too deeply, so they are compared by line")
        except TimeoutError:
            notes.append("comparing by value takes too long here, so they are compared by line")
    if body is None and mine.text is not None and other.text is not None and _size(mine, other) <= BY_LINE:
        body = compare_lines(mine.text, other.text)
        # As long as nothing else differs, so may the bytes of the same text.
        if not body.differences and mine.data != other.data:
            notes.append("the bodies are the same text in other bytes (its charset, or a mark at its beginning)")
    if body is None:
        body, how = compare_bytes(mine.data, other.data), "by byte"
    body.notes = [*notes, *body.notes]
    return body, how


def _both(kind: str, left: Content, right: Content) -> bool:
    return left.kind == kind and right.kind == kind and left.text is not None and right.text is not None


def _size(left: Content, right: Content) -> int:
    return max(len(left.text or ""), len(right.text or ""))


def _opened(content: Content) -> list[str]:
    return [note for note in (*content.notes, *content.faults) if "opened" in note or "decompressed" in note]
