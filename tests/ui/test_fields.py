"""Fields of one line, apart from what they hold."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from stomptui.ui.widgets.text.fields import Field

LONG = "a longer text than there is room for"


class Fields(App[None]):
    def compose(self) -> ComposeResult:
        yield Field()


async def test_a_key_in_a_field_does_not_lay_out_the_screen_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Fields()
    async with app.run_test(size=(20, 5)) as pilot:
        field = app.query_one(Field)
        field.focus()
        await pilot.pause()
        layouts: list[object] = []
        refresh = Screen._refresh_layout

        def counted(self: Screen[Any], *args: Any, **kwargs: Any) -> None:
            layouts.append(self)
            refresh(self, *args, **kwargs)

        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        await pilot.press(*LONG)
        await pilot.pause()
        assert field.value == LONG
        assert not layouts
        assert field.scroll_offset.x > 0, "it scrolls to the cursor all the same"
