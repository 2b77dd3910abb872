"""The body of a draft: edited as text, taken from a file, or kept as it is where it cannot be edited."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stomptui.compose.draft import EDITED, Draft
from stomptui.compose.format import FormatError, format_text, language_of
from stomptui.config.paths import typed_path
from stomptui.protocol.clean import clean
from stomptui.ui.widgets.compose.parts import Notes, PathPrompt, Said, StandIn
from stomptui.ui.widgets.text.fields import Editor

KEPT_EDITED = 1 << 20
"""A body that grows longer than this in the editor, by a paste, is not edited there any more."""


class BodyPart(Vertical):
    """Edits the body of the draft it was last given.

    Args:
        edited: Called at once after every change.
    """

    DEFAULT_CSS = """
    BodyPart {
        height: 1fr;
        #file-line { height: 1; display: none; }
        #file-line > Static { width: auto; color: $text-muted; }
        #file-line > PathPrompt { width: 1fr; }
        #body { height: 1fr; border: none; padding: 0; background: $background; }
        #body:focus { background: $boost; }
        #body.-wrong { background: $error-muted; }
    }
    """

    def __init__(self, draft: Draft, edited: Callable[[], None]) -> None:
        super().__init__()
        self._draft = draft
        self._edited = edited
        self._editor = Editor(edited=self._typed, id="body")
        self._stand_in = StandIn()
        self._path = PathPrompt()
        self._notes = Notes(id="body-notes")

    def compose(self) -> ComposeResult:
        with Horizontal(id="file-line"):
            yield Static("body from  ", markup=False)
            yield self._path
        yield self._editor
        yield self._stand_in
        yield self._notes

    def load(self, draft: Draft) -> None:
        """Edit the body of a draft from now on; also to be called when the draft's body was changed elsewhere."""
        self._draft = draft
        kept = draft.body_file is not None or isinstance(draft.body, bytes) or len(draft.body) > EDITED
        self._editor.display = not kept
        self._stand_in.display = kept
        if not kept and isinstance(draft.body, str) and self._editor.exact != draft.body:
            self._editor.exact = draft.body
        if kept:
            self._stand_in.update(Content(self._about()))

    def say(self, said: list[Said]) -> None:
        """Tell what is to be said about the body, and colour it by its content type."""
        self._editor.set_class(any(severity == "error" for severity, _ in said), "-wrong")
        self._editor.syntax = language_of(self._draft.content_type, self._editor.document.get_line(0)[:100])
        self._notes.say(said)

    @property
    def field(self) -> Widget:
        """What takes the focus for the body."""
        return self._editor if self._editor.display else self._stand_in

    def lay_out(self) -> str:
        """Format the body over lines as its content type asks, so that it can be undone; tells why not, or ""."""
        if not self._editor.display:
            return "this body is not edited here"
        text = self._editor.exact
        try:
            new = format_text(text, language_of(self._draft.content_type, text))
        except FormatError as error:
            return str(error)
        if new == text:
            return "it is laid out already" if text else "there is no body"
        document = self._editor.document
        self._editor.replace(new, document.start, document.end)
        return ""

    def ask_path(self) -> None:
        """Ask for the file that is the body."""
        self.query_one("#file-line").display = True
        self._path.exact = str(self._draft.body_file or "")
        self.call_after_refresh(self._path.focus)

    def _about(self) -> str:
        draft = self._draft
        if draft.body_file is not None:
            return f"The body is the file\n{clean(str(draft.body_file))}\nas it is when the message is sent."
        what = "too long to be edited here" if len(draft.body) > EDITED else "not text"
        return f"The body has {draft.body_size():,} bytes, {what}.\nIt is sent as it is."

    def _typed(self) -> None:
        body = self._draft.body = self._editor.exact
        if len(body) > KEPT_EDITED:
            self.load(self._draft)
            self.call_after_refresh(self.field.focus)
        self._edited()

    @on(PathPrompt.Submitted, "#path")
    def _path_entered(self, event: PathPrompt.Submitted) -> None:
        event.stop()
        typed = self._path.exact.strip()
        self._draft.body_file = typed_path(typed) if typed else None
        self._close_path()
        self._edited()

    @on(PathPrompt.Left)
    def _close_path(self) -> None:
        self.query_one("#file-line").display = False
        self.load(self._draft)
        self.field.focus()

    @on(StandIn.Dropped)
    def _dropped(self, event: StandIn.Dropped) -> None:
        event.stop()
        draft = self._draft
        # Text that was written before a file was chosen comes back.
        if draft.body_file is None or isinstance(draft.body, bytes):
            draft.body = ""
        draft.body_file = None
        self.load(draft)
        self._edited()
        self._editor.focus()
