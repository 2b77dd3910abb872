"""The settings as a dialog: a row each, with its value; Enter changes it, and a line says what it does."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from rich.cells import set_cell_size
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stomptui.config.settings import load_settings
from stomptui.protocol.clean import clean
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.settings.changes import SettingsChanges
from stomptui.ui.settings.rows import ROWS, How, SettingRow

LABEL_CELLS = 22
LOW = 10
"""Lines of a terminal below which only the rows are shown."""


class SettingsScreen(Dialog[None]):
    """Shows all settings and changes them, each at once.

    Args:
        changes: Reads and changes them.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.SETTINGS)
    DEFAULT_CSS = """
    SettingsScreen {
        & > .box { height: 27; }
        #settings-rows { height: 1fr; padding: 0; background: transparent; text-wrap: nowrap; text-overflow: ellipsis; }
        #settings-rows, #settings-rows:focus { border: none; }
        #settings-about { height: auto; max-height: 2; margin-top: 1; }
        #settings-default { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        #settings-problem { margin-top: 0; display: none; }
        #settings-problem.-shown { display: block; }
        &.-tiny #settings-about { margin-top: 0; }
        &.-low #settings-about, &.-low #settings-default { display: none; }
    }
    """

    def __init__(self, changes: SettingsChanges) -> None:
        super().__init__()
        self._changes = changes

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield OptionList(id="settings-rows", markup=False)
            yield Static("", id="settings-about", markup=False)
            yield Static("", id="settings-default", markup=False)
            yield Static("", classes="problem", id="settings-problem", markup=False)

    def on_mount(self) -> None:
        self._show_keys()
        self._show_rows()
        self.query_one(OptionList).focus()
        self._changes.keeper.on_saved = self._saved
        self._reread()

    def on_unmount(self) -> None:
        self._changes.keeper.on_saved = None

    def on_resize(self) -> None:
        self.set_class(self.size.height < LOW, "-low")

    def keys_changed(self) -> None:
        self._show_keys()

    def _show_keys(self) -> None:
        default, close = key_of(self, "settings.default"), key_of(self, "settings.close")
        self.label("Settings", "enter changes", f"{default} default", f"{close} closes")

    # -- the file --------------------------------------------------------------------------------------------------

    @work(exclusive=True)
    async def _reread(self) -> None:
        """Somebody may have edited the file meanwhile."""
        found, problem = await asyncio.to_thread(load_settings)
        if problem is not None:
            self._say(problem)
            return
        self._changes.adopt(found)
        self._show_rows()

    def _saved(self, problem: str | None) -> None:
        self._say("" if problem is None else f"Used, but not saved: {problem}")

    def _say(self, problem: str) -> None:
        line = self.query_one("#settings-problem", Static)
        line.update(Content(clean(f"✗ {problem}") if problem else ""))
        line.set_class(bool(problem), "-shown")

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        rows = self.query_one(OptionList)
        at = rows.highlighted
        rows.clear_options()
        group = ""
        for row in ROWS:
            if row.group != group:
                group = row.group
                rows.add_option(Option(Text(group, "bold"), disabled=True))
            rows.add_option(Option(self._prompt(row), id=row.name))
        rows.highlighted = 1 if at is None else at

    def _prompt(self, row: SettingRow) -> Text:
        value = self._changes.value(row.name)
        own = value != self._changes.default(row.name)
        # The list cuts what is too long.
        text = Text("● " if own else "  ").append(set_cell_size(row.label, LABEL_CELLS))
        return text.append(clean(row.text(value)))

    @on(OptionList.OptionHighlighted, "#settings-rows")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        row = self._row(event.option_id)
        if row is None:
            return
        default = row.text(self._changes.default(row.name))
        self.query_one("#settings-about", Static).update(Content(row.about))
        told = f"Default: {default}. A change counts {row.applies}."
        self.query_one("#settings-default", Static).update(Content(clean(told)))

    def _row(self, name: str | None) -> SettingRow | None:
        return next((row for row in ROWS if row.name == name), None)

    @property
    def _here(self) -> SettingRow | None:
        option = self.query_one(OptionList).highlighted_option
        return self._row(option.id) if option is not None else None

    # -- what the person does --------------------------------------------------------------------------------------

    @on(OptionList.OptionSelected, "#settings-rows")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        row = self._row(event.option_id)
        if row is None:
            return
        value = self._changes.value(row.name)
        match row.how:
            case How.NEXT:
                values = [each for each, _ in row.choices]
                here = values.index(value) if value in values else -1
                self._change(row.name, values[(here + 1) % len(values)])
            case How.FORGET:
                self._change(row.name, self._changes.default(row.name))
            case How.TYPE:
                self._ask(row)
            case How.THEME:
                from stomptui.ui.settings.themes import ThemeScreen

                self.app.push_screen(ThemeScreen(self._changes.keeper), lambda theme: self._show_rows())
            case How.KEYS:
                from stomptui.ui.settings.keys import KeysScreen

                self.app.push_screen(KeysScreen(self._changes), lambda answer: self._show_rows())

    def _ask(self, row: SettingRow) -> None:
        value = row.written(self._changes.value(row.name))

        def wrong(text: str) -> str:
            if text == value:
                # What is in the file by hand may be more exact than what is typed here.
                return ""
            try:
                return self._changes.problem(row.name, row.read(text)) or ""
            except ValueError as error:
                return str(error)

        def answered(text: str | None) -> None:
            if text is not None and text != value:
                self._change(row.name, row.read(text))

        self.app.push_screen(PromptScreen(row.question, value, check=wrong), answered)

    def action_default(self) -> None:
        """Give the setting under the cursor its default."""
        if (row := self._here) is not None:
            self._change(row.name, self._changes.default(row.name))

    def _change(self, name: str, value: Any) -> None:
        self._changes.change(name, value)
        self._show_rows()

    def action_close(self) -> None:
        self.dismiss(None)
