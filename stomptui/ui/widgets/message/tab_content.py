"""What each tab of a message shows: its lines, and what is said of the frame above them."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.widget import Widget

from stomptui.journal.body import SHOWN_AS_BYTES
from stomptui.journal.views.hex_view import HexLines, columns_for
from stomptui.journal.views.lines import Line, Lines, ReadyLines, TextLines
from stomptui.journal.views.registry import body_lines
from stomptui.journal.views.wire_view import WireLines
from stomptui.protocol.clean import clean
from stomptui.protocol.marker import NO_NUL
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.message.header_lines import header_lines
from stomptui.ui.widgets.message.personal_body import PersonalBody
from stomptui.ui.widgets.message.shown_frame import ShownFrame
from stomptui.ui.widgets.message.tabs import DetailTab
from stomptui.ui.widgets.message.view_choice import ViewChoice
from stomptui.ui.widgets.reveal import shows_secrets


@dataclass
class TabContent:
    """What one tab shows."""

    lines: Lines | None = None
    """None where nothing is shown."""
    numbered: bool = False
    """Whether its lines have numbers that mean something."""
    view: str | None = None
    """The name of the view that the person chose, None where it is the one that fits."""
    odd: list[str] = field(default_factory=list)
    """What is wrong with the frame, or with its body."""
    about: list[str] = field(default_factory=list)
    """What became of the frame, and how it is shown."""


class TabContents:
    """Assembles what tabs show.

    Args:
        widget: Where it is shown; by its app it is known whether secrets are.
        personal: The person's own views of bodies.
        choice: Which views they chose in place of those that fit.
    """

    def __init__(self, widget: Widget, personal: PersonalBody, choice: ViewChoice) -> None:
        self._widget = widget
        self._personal = personal
        self._choice = choice

    def of_note(self, text: str) -> TabContent:
        """A note in place of a frame."""
        return TabContent(TextLines(text))

    def of(self, shown: ShownFrame, tab: DetailTab, width: int, headers_beside: bool) -> TabContent:
        """What a tab shows of a frame.

        Args:
            shown: The frame.
            tab: The tab.
            width: Cells in a row.
            headers_beside: Whether the headers are on the screen as well.
        """
        frame = shown.frame if shows_secrets(self._widget) else shown.masked
        content = TabContent(
            odd=[*filter(None, (shown.odd, *shown.frame.faults))], about=[*filter(None, (shown.about,))]
        )
        if (tab is not DetailTab.BODY or headers_beside) and frame is not shown.frame:
            content.about.append(f"secrets are hidden; {key_of(self._widget, 'app.reveal')} shows them")
        match tab:
            case DetailTab.BODY:
                self._add_body(content, shown, width)
            case DetailTab.HEADERS:
                content.lines = ReadyLines(header_lines(frame, shown.meanings, width))
            case DetailTab.WIRE:
                content.lines = WireLines(frame, shown.odd != NO_NUL)
            case DetailTab.HEX:
                end = b"" if shown.odd == NO_NUL else b"\0"
                content.lines = HexLines(frame.raw + end, columns_for(width))
        return content

    def _add_body(self, content: TabContent, shown: ShownFrame, width: int) -> None:
        body, error = shown.content, shown.error_text
        if body.kind != "empty" and error and not (body.text or "").startswith(error):
            content.odd += error.splitlines()
        content.about += body.notes
        content.odd += body.faults
        if body.kind == "empty":
            text: list[Line] = [[(clean(line), "plain")] for line in error.splitlines()]
            content.lines = ReadyLines([*text, [("no body", "dim")]])
            return
        chosen = self._choice.of(body)
        if chosen is not None:
            content.lines, problem = body_lines(body, columns_for(width), chosen)
            content.view = chosen.name
            content.about = [note for note in content.about if note != SHOWN_AS_BYTES]
            content.odd += filter(None, [problem])
            content.numbered = not isinstance(content.lines, (HexLines, ReadyLines))
            return
        personal = self._personal.of(shown.frame, body)
        if personal is not None:
            content.odd += filter(None, [personal.note])
        if personal is not None and personal.lines is not None:
            content.lines = personal.lines
        else:
            content.lines, problem = body_lines(body, columns_for(width))
            content.odd += filter(None, [problem])
        content.numbered = not isinstance(content.lines, (HexLines, ReadyLines))
