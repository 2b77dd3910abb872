"""Asks which part of a message is copied, and whether as text or as Base64."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from stomptui.journal import body
from stomptui.journal.copied_part import FramePart, PartKind
from stomptui.journal.json_path import NoSuchValue, value_at
from stomptui.protocol.clean import clean
from stomptui.protocol.frame import Frame
from stomptui.ui.chosen_keys import key_of
from stomptui.ui.dialogs.dialog import Dialog
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place
from stomptui.ui.terminal.key_order import WAITED_FOR
from stomptui.ui.widgets.text.fields import ExactField

_LONGEST_SHOWN = 120
"""Characters of a header's value that are shown."""


class CopyPartScreen(Dialog[FramePart | None]):
    """Ask for a part of a frame. Dismisses with the part, or None when the person left.

    Args:
        frame: The frame; its secrets are shown as they are.
        content: Its body.
    """

    DEFAULT_CSS = """
    CopyPartScreen {
        #copy-parts { height: auto; max-height: 12; padding: 0; background: transparent; }
        #copy-parts, #copy-parts:focus { border: none; }
        #copy-path { margin-top: 1; }
        .problem { margin-top: 0; display: none; }
        .problem.-shown { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.COPY_PART)

    def __init__(self, frame: Frame, content: body.Content) -> None:
        super().__init__(classes="-small")
        self._content = content
        self._parts = [
            FramePart(PartKind.BODY),
            FramePart(PartKind.HEADERS),
            FramePart(PartKind.FRAME),
            *(FramePart(PartKind.HEADER, number) for number in range(len(frame.headers))),
        ]
        values = [(clean(name), clean(value[:_LONGEST_SHOWN])) for name, value in frame.headers]
        self._labels = ["Body", "All headers", "The whole frame", *(f"{name}: {value}" for name, value in values)]

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield OptionList(*(Option(Content(label)) for label in self._labels), id="copy-parts")
            if self._content.kind == "json":
                yield ExactField(placeholder="or a value of the body by its path: .items[0].sku", id="copy-path")
            yield Static("", classes="problem", id="copy-problem", markup=False)

    def on_mount(self) -> None:
        encode, leave = (key_of(self, name) for name in ("copy_part.base64", "copy_part.cancel"))
        self.label("Copy which part?", "enter as text", f"{encode} as Base64", f"{leave} cancels")
        parts = self.query_one(OptionList)
        parts.highlighted = 0
        parts.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._choose(encode=False)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._choose(encode=False)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_problem("")

    def action_base64(self) -> None:
        self._choose(encode=True)

    def action_leave(self) -> None:
        self.dismiss(None)

    def _choose(self, encode: bool) -> None:
        """The part under the cursor, or the path if its field has the cursor."""
        path = next(iter(self.query("#copy-path").results(ExactField)), None)
        if path is not None and path.has_focus:
            self._choose_value(FramePart(PartKind.JSON_VALUE, path=path.exact, base64=encode))
            return
        number = self.query_one(OptionList).highlighted
        if number is not None:
            part = self._parts[number]
            self.dismiss(FramePart(part.kind, part.header, base64=encode))

    @work(group=WAITED_FOR, exclusive=True)
    async def _choose_value(self, part: FramePart) -> None:
        """The body may be large, and is read in a thread."""
        try:
            await asyncio.to_thread(value_at, self._content.text or "", part.path)
        except NoSuchValue as problem:
            self._show_problem(f"✗ {problem}")
        else:
            self.dismiss(part)

    def _show_problem(self, text: str) -> None:
        line = self.query_one("#copy-problem", Static)
        line.update(Content(clean(text)))
        line.set_class(bool(text), "-shown")
