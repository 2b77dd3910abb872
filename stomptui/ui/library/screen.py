"""The list of saved messages: finding one, opening it, and what else can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from stomptui.compose.library.finding import about_of, matching_entries
from stomptui.compose.library.saved_message import Entry
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.library.changes import LibraryChanges
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.text.fields import ExactField

SHOWN = 200
"""Messages listed at once; what is typed finds the others."""
ACTIONS = (
    ("saved.rename", "Rename", "rename"),
    ("saved.duplicate", "Duplicate", "duplicate"),
    ("saved.delete", "Delete", "delete"),
    ("saved.bring_back", "Bring back", "bring_back"),
    ("saved.import", "Import", "import"),
    ("saved.export", "Export", "export"),
)
"""The keys that can be clicked on, their words, and the action."""


class LibraryScreen(Dialog[Path | None]):
    """Dismisses with the file of the message to open, or None when the person left.

    Args:
        changes: What can be done.
        moved: Called with the old and the new place of a message that was renamed.
    """

    DEFAULT_CSS = """
    LibraryScreen {
        & > .box { width: 110; }
        #saved { height: auto; max-height: 16; min-height: 3; margin-top: 1; padding: 0; background: transparent; }
        #saved, #saved:focus { border: none; }
        #saved-actions { height: auto; margin-top: 1; }
        #saved-about { height: auto; color: $text-muted; margin-top: 1; }
        #saved-said { height: auto; display: none; }
        #saved-said.-shown { display: block; }
        .-bad { color: $text-error; }
        &.-tiny #saved { max-height: 8; margin-top: 0; }
        &.-tiny #saved-about, &.-tiny #saved-actions { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SAVED)

    def __init__(self, changes: LibraryChanges, moved: Callable[[Path, Path], None] = lambda old, new: None) -> None:
        super().__init__()
        self._changes = changes
        self._moved = moved
        self._entries: list[Entry] = []
        self._found: list[Entry] = []
        """Those that fit what is typed."""
        self._shown: list[Entry] = []
        self._read = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield ExactField(placeholder="type to find one", id="saved-find")
            yield OptionList(id="saved")
            yield Static("", id="saved-about", markup=False)
            yield Static("", id="saved-said", markup=False)
            yield Static("", id="saved-actions", markup=False)

    def on_mount(self) -> None:
        keys = f"enter opens · {key_of(self, 'saved.close')} closes"
        self.label("Saved messages", keys)
        self.query_one("#saved-find").focus()
        self.query_one("#saved-actions", Static).update(
            Content("   ").join(
                Content.styled(f"{key_of(self, key)} {words}", f"$text-primary @click=screen.{action}")
                for key, words, action in ACTIONS
            )
        )
        self._about(str(self._changes.library.root))
        self._later(self._load())

    def tell(self, text: str, bad: bool = False) -> None:
        """Say what came of something."""
        self._write("#saved-said", text, bad)

    def _about(self, text: str, bad: bool = False) -> None:
        """Say what is to be known of the message under the cursor."""
        self._write("#saved-about", text, bad)

    def _write(self, where: str, text: str, bad: bool) -> None:
        if self.is_mounted:
            line = self.query_one(where, Static)
            line.update(Content(clean(f"✗ {text}" if bad else text)))
            line.set_class(bad, "-bad").set_class(bool(text), "-shown")

    # -- the list -------------------------------------------------------------------------------------------------

    async def _load(self, path: Path | None = None) -> None:
        """Read the library, with the cursor on one of its files."""
        self._entries = await self._changes.entries(self.tell)
        self._read = True
        if self.is_mounted:
            self._narrow(path)

    def _narrow(self, path: Path | None = None) -> None:
        found = matching_entries(self.query_one("#saved-find", ExactField).exact, self._entries)
        self._found, self._shown = found, found[:SHOWN]
        options = self.query_one("#saved", OptionList)
        before = options.highlighted or 0
        options.clear_options()
        width = min(40, max((len(clean(entry.title)) for entry in self._shown), default=0))
        options.add_options([Option(_words(entry, width)) for entry in self._shown])
        if (more := len(found) - SHOWN) > 0:
            options.add_option(Option(Content(f"and {more:,} more: type to find one"), disabled=True))
        if not self._shown and self._read:
            save = key_of(self, "compose.save")
            none = "none has that" if self._entries else f"none yet: {save} saves the message in the compose pane"
            options.add_option(Option(Content(none), disabled=True))
            self._about(str(self._changes.library.root))
        if self._shown:
            here = [entry.path for entry in self._shown]
            options.highlighted = here.index(path) if path in here else min(before, len(here) - 1) if path else 0
        self.refresh_bindings()

    @property
    def _current(self) -> Entry | None:
        place = self.query_one("#saved", OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    @on(Input.Changed, "#saved-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.tell("")
        self._narrow()

    @on(OptionList.OptionHighlighted)
    def _went(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        entry = self._current
        if entry is not None:
            self._about(entry.problem or entry.note or str(entry.path), bool(entry.problem))

    @on(Input.Submitted, "#saved-find")
    @on(OptionList.OptionSelected)
    def _chosen(self, event: Input.Submitted | OptionList.OptionSelected) -> None:
        event.stop()
        entry = self._current
        if entry is not None and entry.message is None:
            self.tell(f"it cannot be opened: {entry.problem}", True)
        elif entry is not None:
            self.dismiss(entry.path)

    # -- keys -----------------------------------------------------------------------------------------------------

    def _with_current(self, do: Callable[[Entry], Coroutine[Any, Any, None]]) -> None:
        entry = self._current
        if entry is None:
            self.tell("choose a message first")
        else:
            self._later(do(entry))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(work, group=WAITED_FOR)

    def action_move(self, step: int) -> None:
        """Move the cursor of the list while the field has the focus."""
        options = self.query_one("#saved", OptionList)
        if step < 0:
            options.action_cursor_up()
        else:
            options.action_cursor_down()

    def action_close(self) -> None:
        self.dismiss(None)

    def action_rename(self) -> None:
        self._with_current(self._rename)

    async def _rename(self, entry: Entry) -> None:
        at = await self._changes.rename(entry, self.tell)
        if at is not None:
            self._moved(entry.path, at.path)
            await self._load(at.path)

    def action_duplicate(self) -> None:
        self._with_current(self._duplicate)

    async def _duplicate(self, entry: Entry) -> None:
        at = await self._changes.duplicate(entry, self.tell)
        if at is not None:
            await self._load(at.path)

    def action_delete(self) -> None:
        self._with_current(self._delete)

    async def _delete(self, entry: Entry) -> None:
        if await self._changes.delete(entry, self.tell):
            self.tell(f"deleted {entry.title}; {key_of(self, 'saved.bring_back')} brings it back")
            await self._load(entry.path)

    def action_bring_back(self) -> None:
        self._later(self._bring_back())

    async def _bring_back(self) -> None:
        back = await self._changes.bring_back(self.tell)
        await self._load(back.files[0][0] if back is not None else None)

    def action_import(self) -> None:
        self._later(self._import())

    async def _import(self) -> None:
        await self._changes.take_in(self.tell)
        await self._load()

    def action_export(self) -> None:
        paths = [entry.path for entry in self._found if entry.message is not None]
        if paths:
            self.run_worker(self._changes.export(paths, self.tell), group=WAITED_FOR)
        else:
            self.tell("there is nothing to export")


def _words(entry: Entry, width: int) -> Content:
    title = clean(entry.title)
    about = clean(about_of(entry))
    style = "$text-error" if entry.message is None else "$text-muted"
    return Content(f"{title:<{width}}  ") + Content.styled(about, style)
