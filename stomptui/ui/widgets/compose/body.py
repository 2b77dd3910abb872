"""The body of a draft: edited as text, read from a file, or sent as it is where it cannot be edited."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from stomptui.compose.draft import EDITED
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.draft_notes import DraftNote
from stomptui.compose.encoded.coding import BodyCoding
from stomptui.compose.encoded.items import CodingError
from stomptui.compose.format import FormatError, format_text, language_of
from stomptui.compose.json_check import check_json, json_fault, location, place
from stomptui.compose.json_text import minified
from stomptui.compose.open_drafts import OpenDraft
from stomptui.compose.pasted import MESSAGES
from stomptui.compose.pasted_frame import begins_as_frame
from stomptui.compose.text_facts import facts_of
from stomptui.compose.variables.template import OPEN
from stomptui.config.files.paths import typed_path
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.widgets.compose.body_file import BodyPlaceholder, PathPrompt
from stomptui.ui.widgets.compose.notes import Notes
from stomptui.ui.widgets.text.editor import Editor, EditorState
from stomptui.ui.widgets.text.variable_completion import VariableCompletion


class BodyPart(Vertical):
    """Edits the body of a draft.

    Args:
        model: The draft.
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

    class SetAside(Message):
        """A body that cannot be typed again was dropped; the draft with it is among the earlier ones."""

    def __init__(self, model: DraftModel) -> None:
        super().__init__()
        self._model = model
        self._shown = model.open.active
        self._left: WeakKeyDictionary[OpenDraft, EditorState] = WeakKeyDictionary()
        """What can be undone in the other tabs, and where the cursor is."""
        self._editor = Editor(edited=self._typed, placeholder="body", id="body")
        self._editor.completion = VariableCompletion(self._editor, model.variable_names)
        self._placeholder = BodyPlaceholder()
        self._path = PathPrompt()
        self._notes = Notes(id="body-notes")

    def compose(self) -> ComposeResult:
        with Horizontal(id="file-line"):
            yield Static("body from  ", markup=False)
            yield self._path
        yield self._editor
        yield self._placeholder
        yield self._notes

    def load(self) -> None:
        """Show the body of the draft, which was changed elsewhere, or is another."""
        draft = self._model.draft
        tab = self._model.open.active
        if tab is not self._shown:
            self._left[self._shown] = self._editor.leave()
        kept = draft.body_file is not None or isinstance(draft.body, bytes) or len(draft.body) > EDITED
        self._editor.display = not kept
        self._placeholder.display = kept
        if not kept and isinstance(draft.body, str) and self._editor.exact != draft.body:
            self._editor.exact = draft.body
        if tab is not self._shown:
            self._editor.come_back(self._left.get(tab))
            self._shown = tab
        if kept:
            self._placeholder.update(Content(self._about()))

    def show(self, notes: Sequence[DraftNote]) -> None:
        """Show notes on the body, and colour it by its content type."""
        self._editor.set_class(any(note.severity == "error" for note in notes), "-wrong")
        first_line = self._editor.document.get_line(0)[:100]
        coding = self._model.draft.coding
        notation = coding is not None and coding.is_notation
        self._editor.syntax = "json" if notation else language_of(self._model.draft.content_type, first_line)
        about = [] if coding is None or not self._editor.display else [DraftNote("hint", self._coded(coding))]
        self._notes.show([*about, *notes, *self._frame_hint(first_line)])

    def _coded(self, coding: BodyCoding) -> str:
        same = coding.text is not None and self._model.draft.body == coding.text
        return f"{coding.name}, edited as text" + (": as it came" if same else "")

    def _frame_hint(self, first_line: str) -> list[DraftNote]:
        """That a whole frame was pasted here, which nobody may have meant."""
        lines = self._editor.document
        if first_line not in MESSAGES or lines.line_count < 2 or not begins_as_frame(f"{first_line}\n{lines[1][:200]}"):
            return []
        key = key_of(self, "compose.more")
        return [DraftNote("hint", f"this is a whole frame: {key} offers to take it apart")]

    @property
    def field(self) -> Widget:
        """What takes the focus for the body."""
        return self._editor if self._editor.display else self._placeholder

    def to_end(self) -> None:
        """Put the cursor behind the body."""
        self._editor.move_cursor(self._editor.document.end)

    def format(self) -> str | None:
        """Format the body as its content type asks, so that it can be undone.

        Returns:
            Why it was not formatted, None if it was.
        """
        if not self._editor.display:
            return "this body is not edited here"
        text = self._editor.exact
        try:
            new = format_text(text, language_of(self._model.draft.content_type, text))
        except FormatError as error:
            return str(error)
        if new == text:
            return "it is formatted already" if text else "there is no body"
        self._put(new)
        return None

    def minify(self) -> str | None:
        """Take the blanks between the tokens of a JSON body out, so that it can be undone.

        Returns:
            Why it was not done, None if it was.
        """
        if not self._editor.display:
            return "this body is not edited here"
        text = self._editor.exact
        check = json_fault(text)
        new = "" if check else minified(text)
        if check is None and new != text:
            self._put(new)
            return None
        return check.text if check else "it has no blank to lose"

    def check_json(self) -> tuple[bool, str]:
        """Check the body as JSON, and go to what is wrong with it.

        Returns:
            Whether nothing is, and what there is to say.
        """
        if not self._editor.display:
            return False, "this body is not edited here"
        text = self._editor.exact
        coding = self._model.draft.coding
        if coding is not None and coding.is_notation:
            return self._check_coding(coding, text)
        check = check_json(text)
        finding = check.problem or check.repeated
        if finding is None:
            return True, f"{check.summary}; nothing is wrong with it"
        self._editor.focus()
        self._editor.move_cursor(location(text, finding.position), center=True)
        return (
            False,
            finding.text if check.problem else f"{finding.text}: readers keep one of them, and not all the same",
        )

    def _check_coding(self, coding: BodyCoding, text: str) -> tuple[bool, str]:
        try:
            size = len(coding.encode(text))
        except CodingError as error:
            self._editor.focus()
            self._editor.move_cursor(location(text, error.at or 0), center=True)
            return False, f"not {coding.name}: {error}, {place(text, error.at or 0)}"
        return True, f"{coding.name}: {size:,} bytes; nothing is wrong with it"

    def _put(self, text: str) -> None:
        document = self._editor.document
        self._editor.replace(text, document.start, document.end)

    def ask_path(self) -> None:
        """Ask for the file that is the body."""
        self.query_one("#file-line").display = True
        self._path.exact = str(self._model.draft.body_file or "")
        self.call_after_refresh(self._path.focus)

    def _about(self) -> str:
        draft = self._model.draft
        if draft.body_file is not None:
            path = clean(str(draft.body_file))
            return f"The body is the file\n{path}\nas it is when the message is sent{self._unfilled()}."
        what = "too long to be edited here" if len(draft.body) > EDITED else "not text"
        if draft.variables and isinstance(draft.body, str) and facts_of(draft.body).has_variable:
            return f"The body has {draft.body_size():,} bytes, {what}.\n{{{{…}}}} in it is filled in when it is sent."
        return f"The body has {draft.body_size():,} bytes, {what}.\nIt is sent as it is{self._unfilled()}."

    def _unfilled(self) -> str:
        """That variables in a body that is not edited here are none; what a file has in it may be another tomorrow."""
        draft = self._model.draft
        there = draft.body_file is not None or (isinstance(draft.body, bytes) and OPEN.encode() in draft.body)
        return ": {{…}} in it is not filled in" if draft.variables and there else ""

    def _typed(self) -> None:
        body = self._model.draft.body = self._editor.exact
        if len(body) > EDITED:
            self.load()
            self.call_after_refresh(self.field.focus)
        self._model.touch()

    @on(PathPrompt.Submitted, "#path")
    def _path_entered(self, event: PathPrompt.Submitted) -> None:
        event.stop()
        typed = self._path.exact.strip()
        self._model.draft.body_file = typed_path(typed) if typed else None
        self._close_path()
        self._model.touch()

    @on(PathPrompt.Cancelled)
    def _close_path(self) -> None:
        self.query_one("#file-line").display = False
        self.load()
        self.field.focus()

    @on(BodyPlaceholder.Dropped)
    def _dropped(self, event: BodyPlaceholder.Dropped) -> None:
        event.stop()
        draft = self._model.draft
        # Text that was written before a file was chosen comes back.
        if draft.body_file is None or isinstance(draft.body, bytes):
            # One key, and nobody can type it again.
            self._model.earlier.set_aside(draft)
            self.post_message(self.SetAside())
            draft.body = ""
            draft.coding = None
        draft.body_file = None
        self.load()
        self._model.touch()
        self._editor.focus()
