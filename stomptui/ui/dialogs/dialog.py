"""The base of every modal screen: answered once, and the layout of its parts."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ScreenStackError
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType

from stomptui.protocol.clean import clean
from stomptui.ui.keymap.bindings import bindings
from stomptui.ui.keymap.place import Place


class Dialog(ModalScreen[ScreenResultType]):
    """A screen over others that asks or tells one thing.

    Dismissing it a second time, as by an answer that was under way, does nothing; screens above it go with it.

    Its parts are laid out by their classes: `.box` around all of it, whose upper edge has the name of the dialog and
    whose lower edge has its keys (`label`); in it `.title` is what is asked, with `.detail` and `.buttons`; in forms
    `.row` with a `Label`, a field and what stands `.beside` it, and below it `.under` for what is wrong and `.name` for
    what is hard to see in a name. `-small` is for a question, `-danger` and `-warning` colour the edge.
    """

    DECIDES: ClassVar[bool] = False
    """Whether something is done to messages or subscriptions when it is answered with yes."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        & > .box {
            width: 84;
            max-width: 96%;
            height: auto;
            max-height: 100%;
            padding: 0 2;
            background: $panel;
            border: round $primary;
            border-title-color: $text-primary;
            border-title-style: bold;
            border-subtitle-color: $text-muted;
            overflow-y: auto;
            scrollbar-size-vertical: 1;
        }
        &.-small > .box { width: 72; }
        &.-danger > .box { border: round $error; border-title-color: $text-error; }
        &.-warning > .box { border: round $warning; border-title-color: $text-warning; }
        VerticalScroll, OptionList { scrollbar-size-vertical: 1; }
        .title { text-style: bold; height: auto; }
        .detail { color: $text-muted; height: auto; margin-top: 1; }
        .problem { color: $text-error; height: auto; margin-top: 1; }
        .buttons { height: auto; margin-top: 1; align-horizontal: right; }
        Button { margin-left: 2; }
        .row { height: auto; margin-top: 1; }
        Label { width: 12; color: $text-muted; }
        .row > ExactField, .row > Select { width: 1fr; }
        .row > .narrow { width: 10; margin-right: 2; }
        .beside { width: 1fr; color: $text-muted; height: auto; }
        .under { padding-left: 12; height: auto; display: none; color: $text-error; }
        .under.-shown { display: block; }
        .name { padding-left: 12; height: auto; color: $text-warning; }
        &.-tiny > .box { padding: 0 1; }
        &.-tiny .row, &.-tiny .detail, &.-tiny .problem, &.-tiny .buttons { margin-top: 0; }
    }
    """

    # The app's own keys do not work in a modal screen.
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.DIALOG)

    def label(self, title: str, *keys: str) -> None:
        """Write into the edges of the box.

        Args:
            title: What the dialog is called, "" for a question, which says itself what it is.
            keys: What can be done, each as "esc cancels".
        """
        box = self.query_one(".box")
        box.border_title = Content(clean(title)) if title else None
        box.border_subtitle = Content(" · ".join(keys))

    def on_mount(self) -> None:
        # More may be said above the field or button with the focus, as when a broker answers.
        for box in self.query(".box"):
            self.watch(box, "virtual_size", self.on_resize, init=False)

    def on_resize(self) -> None:
        # The terminal may be lower now: what is typed into stays in sight.
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False, immediate=True)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        if not self._is_open():
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    def _is_open(self) -> bool:
        try:
            return self in self.app.screen_stack
        except ScreenStackError:
            # The app is closing.
            return False
