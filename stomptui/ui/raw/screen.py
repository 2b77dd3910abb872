"""The screen of raw mode: a frame typed byte for byte, and beside it what the broker answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from stomptui.application.raw_exchange import Answer, RawExchange, RawState
from stomptui.application.side_connections import SideConnections
from stomptui.compose.raw_frame import MOST, NOTATION, RawFacts, facts_of, to_bytes
from stomptui.config.secret_names import MASK
from stomptui.journal.secrets import masked_frame
from stomptui.journal.views.lines import Line, ReadyLines
from stomptui.journal.views.wire_view import WireLines
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.protocol.raw_pieces import raw_pieces
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.environment import environment_of
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.widgets.key_footer import KeyFooter
from stomptui.ui.widgets.lines.lines_view import LinesView
from stomptui.ui.widgets.pane.edge import Piece
from stomptui.ui.widgets.pane.hints import hint
from stomptui.ui.widgets.pane.pane import Pane
from stomptui.ui.widgets.reveal import shows_secrets
from stomptui.ui.widgets.text.editor import Editor

BANNER = (
    "Unchecked: these bytes go out as they are, on a connection of their own with the same settings (but without "
    "heart-beats and DISCONNECT). Your subscriptions stay, whatever the broker makes of it."
)
NARROW = 90
"""Columns below which the answer stands below the frame."""
LOW = 26
"""Lines below which what is said above them has a line each."""


EVERY = 0.1
"""Seconds between two looks at what came."""


class RawReported(Message):
    """From the thread of an exchange: how far it is."""

    def __init__(self, state: RawState) -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RawReported)


class RawScreen(Screen[None]):
    """Edits a raw frame and sends it.

    Args:
        text: What to begin with, in the notation of `compose.raw_frame`.
        connections: Opens the side connection.
        broker: To whom it goes, for a person.
        ends_over: As of `Dialect`, for the broker that it goes to.
        keep: Called with the text whenever it changed.
        sent: Called with the text when it was sent.
    """

    AUTO_FOCUS = "#raw-text"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.RAW)
    ACTING = frozenset({"send"})
    """As of other screens: a key in a burst of keys asks about it first."""
    DEFAULT_CSS = """
    RawScreen {
        layout: vertical;
        background: $background;
        #raw-banner { height: auto; padding: 0 2; color: $text-warning; text-style: bold; }
        #raw-notation { height: auto; padding: 0 2; color: $text-muted; }
        #raw-facts { height: auto; padding: 0 1; color: $text-muted; }
        #raw-facts.-warning { color: $text-warning; }
        #raw-panes { height: 1fr; }
        #raw-panes > Pane { width: 1fr; height: 1fr; }
        #raw-text { height: 1fr; border: none; padding: 0 1; background: $background; }
        #raw-text:focus { background: $boost; }
        &.-low #raw-banner { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-low #raw-notation { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-stacked #raw-panes { layout: vertical; }
        &.-stacked #raw-panes > Pane { width: 100%; }
    }
    """

    def __init__(
        self, text: str, connections: SideConnections, broker: str, ends_over: Callable[[Sequence[Frame]], str],
        keep: Callable[[str], None], sent: Callable[[str], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self._text = text
        self._connections = connections
        self._broker = broker
        self._ends_over = ends_over
        self._keep = keep
        self._sent = sent
        self._sent_text = ""
        self._exchange: RawExchange | None = None
        self._state: RawState | None = None
        self._due = False
        self._editor = Editor(edited=self._edited, id="raw-text")
        self._facts = Static("", id="raw-facts", markup=False)
        self._answer = LinesView(id="raw-answer")
        self._frame_pane = Pane(id="raw-frame-pane", marked=True)
        self._answer_pane = Pane(id="raw-answer-pane")

    def compose(self) -> ComposeResult:
        yield Static(BANNER, id="raw-banner", markup=False)
        yield Static(NOTATION, id="raw-notation", markup=False)
        with Horizontal(id="raw-panes"):
            with self._frame_pane:
                yield self._editor
                yield self._facts
            with self._answer_pane:
                yield self._answer
        yield KeyFooter()

    def on_mount(self) -> None:
        self._editor.exact = self._text
        self._editor.move_cursor(self._editor.document.start)
        self.keys_changed()
        self._edited()
        # It is mounted only once this is done.
        self.call_later(self._show)

    def on_unmount(self) -> None:
        if self._exchange is not None:
            self._exchange.stop()

    def keys_changed(self) -> None:
        self._frame_pane.title = (Piece("Raw frame", "title"), Piece(f"to {clean(self._broker)}", "plain", 1))
        self._frame_pane.foot = (hint(self, "raw.send", "send", "send"), hint(self, "raw.back", "back", "back", 1))

    def on_resize(self) -> None:
        self.set_class(self.size.width < NARROW, "-stacked")
        self.set_class(self.size.height < LOW, "-low")

    def secrets_switched(self) -> None:
        self._show()

    # -- what is typed ---------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        """Say at once what the bytes are now."""
        text = self._editor.exact
        self._keep(text)
        facts = self._facts_of(to_bytes(text))
        warning = f"⚠ {facts.text}: {facts.warning}" if facts.warning else facts.text
        if MASK in text:
            warning += f". Secrets are not kept on disk: type them again in place of {MASK}"
        if "{{" in text:
            warning += ". {{…}} is not filled in here"
        self._facts.update(clean(warning))
        self._facts.set_class(bool(facts.warning) or MASK in text, "-warning")

    def _facts_of(self, data: bytes) -> RawFacts:
        """As of `facts_of`; that it ends the server comes before all else."""
        facts, deadly = facts_of(data), self._deadly(data)
        return RawFacts(facts.text, deadly) if deadly else facts

    def _deadly(self, data: bytes) -> str:
        if len(data) > MOST:
            return ""
        return self._ends_over([Frame(piece.raw) for piece in raw_pieces(data) if piece.ended])

    # -- sending ---------------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Send it; in production, and where it is known to end the server, after a yes."""
        data = to_bytes(self._editor.exact)
        if self._exchange is not None:
            self.notify("The last exchange is not over yet.", severity="warning")
        elif not data or len(data) > MOST:
            why = "There is nothing to send." if not data else f"A raw frame has at most {MOST:,} bytes."
            self.notify(why, severity="warning")
        elif (deadly := self._deadly(data)) or environment_of(self.app).production:
            facts = self._facts_of(data)
            to = ", to production" if environment_of(self.app).production else ""
            title = f"End the whole server{to}?" if deadly else f"Send these bytes unchecked{to}?"
            question = ConfirmScreen(
                title, yes="Send", no="Keep editing", danger=True,
                detail=f"{self._broker}: {facts.text}{f', {facts.warning}' if facts.warning else ''}.",
            )  # fmt: skip
            self.app.push_screen(question, lambda yes: self._send(data) if yes else None)
        else:
            self._send(data)

    def _send(self, data: bytes) -> None:
        self._exchange = RawExchange(self._connections, data, lambda state: self.post_message(RawReported(state)))
        self._exchange.start()
        self._sent_text = self._editor.exact

    @on(RawReported)
    def _changed(self, message: RawReported) -> None:
        self._state = message.state
        if message.state.sent_at and self._sent_text:
            self._sent(self._sent_text)
            self._sent_text = ""
        if message.state.over:
            self._exchange = None
            self._show()
        elif not self._due:
            self._due = True
            self.set_timer(EVERY, self._show)

    # -- what came -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the answers so far, and how it ended."""
        self._due = False
        if not self.is_mounted:
            return
        state = self._state
        count = len(state.answers) + state.more if state is not None else 0
        came = f"{count:,} {'frame' if count == 1 else 'frames'}" if count else ""
        busy = state is not None and not state.over
        self._answer_pane.title = (
            Piece("Answer", "title"), Piece(came, "plain"), Piece("…" if busy else "", "accent"),
        )  # fmt: skip
        self._answer_pane.foot = (hint(self, "raw.back", "stops", "back"),) if busy else ()
        if state is None:
            send = key_of(self, "raw.send")
            self._answer.show(ReadyLines([[(f"{send} sends the frame; what the broker answers stands here.", "dim")]]))
            return
        lines: list[Line] = [[(clean(_sentence(state.doing)), "dim" if busy else "mark")]]
        if state.sent_at:
            clock = time.strftime("%H:%M:%S", time.localtime(state.sent_at))
            lines[0].insert(0, (f"Sent at {clock}. ", "comment"))
        for answer in state.answers:
            lines += [[], *self._lines_of(answer, state.version)]
        if state.more:
            lines += [[], [(f"{state.more:,} more frames came; they are in the log.", "mark")]]
        self._answer.show(ReadyLines(lines))

    def _lines_of(self, answer: Answer, version: str) -> list[Line]:
        frame = Frame(answer.raw, version)
        shown = frame if shows_secrets(self) else masked_frame(frame, sent=False)
        head: Line = [(f"after {answer.after * 1000:,.0f} ms", "comment")]
        if answer.odd:
            head.append((f"  {clean(answer.odd)}", "mark"))
        return [head, *WireLines(shown, not answer.odd).all_lines()]

    def action_back(self) -> None:
        """Wait for no more answers; else leave. What was typed is there the next time."""
        if self._exchange is not None:
            self._exchange.stop()
        else:
            self.dismiss(None)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith('…') else '.'}"
