"""The preview of a draft: the frame that it will be, every byte visible."""

from __future__ import annotations

from functools import lru_cache

from textual.app import ComposeResult
from textual.cache import LRUCache
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style as VisualStyle
from textual.visual import Visual
from textual.widget import Widget

from stomptui.compose.draft import Draft
from stomptui.compose.draft_json import without_secrets
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.reveal import shows_secrets

SHOWN = 4096
"""Bytes of the body that are painted; the rest is counted."""


class FramePreview(VerticalScroll):
    """Shows a draft's frame: control characters as ^ and a letter, the NUL at the end as ^@."""

    DEFAULT_CSS = """
    FramePreview {
        height: 1fr;
        scrollbar-size-vertical: 1;
        &:focus { background: $boost; }
    }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = FrameText()
        self._shown: tuple[Draft, str, str] | None = None

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, draft: Draft, version: str, receipt_id: str) -> None:
        """Paint the frame of a draft in a version, with the id its receipt would be asked with."""
        self._shown = (draft, version, receipt_id)
        safe = draft if shows_secrets(self) else without_secrets(draft)
        self._text.show(frame_content(safe, version, receipt_id))

    def secrets_switched(self) -> None:
        if self._shown is not None:
            self.show(*self._shown)


class FrameText(Widget):
    """Text folded at the width, so that no blank is lost as it would be between words."""

    DEFAULT_CSS = "FrameText { height: auto; width: 1fr; text-wrap: nowrap; }"

    def __init__(self) -> None:
        super().__init__()
        self._shown = Content("")
        self._known: dict[tuple[str, tuple[Span, ...]], list[Content]] = {}
        """The lines of the text with their rows: most keys change one line, and the body can be a long one."""
        self._known_width = 0
        self._strips: LRUCache[tuple[str, tuple[Span, ...], VisualStyle, int], Strip] = LRUCache(200)

    def show(self, content: Content) -> None:
        """Paint another text."""
        width = max(2, self.content_size.width)
        before = self._folded(width)
        self._shown = content
        rows = self._folded(width)
        if len(rows) != len(before):
            self.refresh(layout=True)
            return
        # What did not change is neither laid out nor painted again with every key.
        changed = [
            Region(0, y, width, 1)
            for y, (row, old) in enumerate(zip(rows, before, strict=True))
            if row is not old and not row.is_same(old)
        ]
        if changed:
            self.refresh(*changed)

    def _folded(self, width: int) -> list[Content]:
        lines: list[Content] = []
        known = self._known if width == self._known_width else {}
        self._known, self._known_width = {}, width
        for line in self._shown.split("\n", allow_blank=True):
            key = (line.plain, tuple(line.spans))
            rows = known.get(key)
            if rows is None:
                wide = line.expand_tabs(8)
                rows = wide.fold(width) if wide.cell_length > width else [wide]
            self._known[key] = rows
            lines += rows
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._folded(max(2, width)))

    def render(self) -> Content:
        return Content("\n").join(self._folded(max(2, self.content_size.width)))

    def render_line(self, y: int) -> Strip:
        rows = self._folded(max(2, self.content_size.width))
        if self.text_selection is not None or y >= len(rows):
            return super().render_line(y)
        row, style, width = rows[y], self.visual_style, self.size.width
        key = (row.plain, tuple(row.spans), style, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = Visual.to_strips(self, row, width, 1, style)[0]
        return strip.apply_offsets(0, y)


def frame_content(draft: Draft, version: str, receipt_id: str) -> Content:
    """The frame as painted."""
    command, _, head = visible(draft.head(version, receipt_id)).partition("\n")
    lines = head.removesuffix("\n\n").split("\n")
    parts = [Content.styled(command, "bold"), Content("\n")]
    own = len(lines) - draft.receipt - draft.content_length
    for index, line in enumerate(lines):
        name, colon, value = line.partition(":")
        added = index >= own
        parts.append(Content.styled(name + colon, "$text-muted" if added else "$text-primary"))
        parts.append(Content.styled(value, "$text-muted") if added else Content(value))
        parts.append(Content("\n"))
    start = draft.body_start(SHOWN)
    parts += [Content("\n"), Content(visible(start))]
    try:
        more = draft.body_size() - len(start)
    except (OSError, ValueError):
        more = 0
    if more > 0:
        parts.append(Content.styled(f"\n… {more:,} more bytes ", "$text-muted"))
    parts.append(Content.styled("^@", "$text-accent"))
    return Content("").join(parts)


@lru_cache(maxsize=8)
def visible(data: bytes) -> str:
    """Bytes as text that is safe to paint and hides nothing: ^J-style controls, \\xNN for what is not UTF-8."""
    text = data.decode("utf-8", "backslashreplace")
    text = "".join(f"^{chr(ord(c) ^ 0x40)}" if (c < " " and c not in "\n\t") or c == "\x7f" else c for c in text)
    return "\n".join("\t".join(clean(piece) for piece in line.split("\t")) for line in text.split("\n"))
