"""The text at the bottom of the compose pane: what became of the last send, or why nothing was sent."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from stomptui.compose.checks import Problem
from stomptui.compose.send_state import SendState
from stomptui.protocol.clean import clean

LONGEST_REFUSAL = 170
"""Characters of a broker's refusal that are shown: three lines of a narrow terminal."""
SIGNS = {
    SendState.WAITING: "… ",
    SendState.CONFIRMED: "✓ ",
    SendState.DOUBTFUL: "⚠ ",
    SendState.SENT: "→ ",
    SendState.REFUSED: "✗ ",
    SendState.UNCONFIRMED: "? ",
    SendState.PROBLEM: "✗ ",
    SendState.NOTE: "",
}
"""What a state begins with, so that colour is not the only sign."""


class OutcomeLine(Static):
    """Shows one state with its words. All but waiting is about the draft as it was: it goes with the next change."""

    DEFAULT_CSS = """
    OutcomeLine { width: 1fr; height: auto; max-height: 3; }
    OutcomeLine.-confirmed { color: $text-success; }
    OutcomeLine.-refused, OutcomeLine.-problem { color: $text-error; }
    OutcomeLine.-unconfirmed, OutcomeLine.-doubtful { color: $text-warning; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self.display = False
        self._state: SendState | None = None
        self._text = ""
        self._of_draft = False
        """Whether it shows an error in the draft, which goes when the error does."""

    def show(self, state: SendState, text: str) -> None:
        """Show what became of the last send."""
        self._state = state
        self._text = text
        self._of_draft = False
        self.set_classes(f"-{state.value}")
        self.display = True
        line = clean(" ".join(text.split()))
        if state is SendState.REFUSED and len(line) > LONGEST_REFUSAL:
            line = f"{line[:LONGEST_REFUSAL]}… (all of it is in the log)"
        self.update(Content(SIGNS[state] + line))
        self.tooltip = Content(clean(text))

    @property
    def said(self) -> tuple[SendState, str] | None:
        """What became of the last send, if it is shown."""
        if self._state is None or self._state is SendState.NOTE or self._of_draft:
            return None
        return self._state, self._text

    def show_again(self, said: tuple[SendState, str] | None) -> None:
        """Show what was `said` of another draft, or nothing."""
        self._clear()
        if said is not None:
            self.show(*said)

    def show_error(self, error: Problem) -> None:
        """Show what keeps the draft from being sent."""
        text = f"not sent: {error.text}"
        # Most keys change nothing here, and an update lays out the whole screen.
        if self._of_draft and self._text == text:
            return
        self.show(SendState.PROBLEM, text)
        self._of_draft = True

    def show_nothing_done(self, why: str) -> None:
        """Say why a key did nothing; what is still waited for stays in sight."""
        if self._state is SendState.WAITING:
            self.notify(why, markup=False)
        else:
            self.show(SendState.NOTE, why)

    def draft_changed(self) -> None:
        """The draft is no longer the one that this is about."""
        if self._state is not SendState.WAITING and not self._of_draft:
            self._clear()

    def draft_checked(self, error: Problem | None) -> None:
        """The draft was checked; if an error in it is shown, show the first that is left."""
        if self._of_draft and error is not None:
            self.show_error(error)
        elif self._of_draft:
            self._clear()

    def connected(self) -> None:
        """There is a connection again: what could not be sent without one can be."""
        if self._state is SendState.PROBLEM:
            self._clear()

    def _clear(self) -> None:
        if self._state is not None:
            self._state = None
            self._of_draft = False
            self.set_classes("")
            self.display = False
            self.update("")
            self.tooltip = None
