"""A screen over others that is answered once."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ScreenStackError
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import ModalScreen, ScreenResultType

from stomptui.ui.keymap import Place, bindings


class Dialog(ModalScreen[ScreenResultType]):
    """Closing it a second time, as by an answer that was under way, does nothing; what is over it goes with it."""

    # The app's own keys do not work in a modal screen.
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.DIALOG)

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
