"""Choosing which part of a message is copied, and how."""

from __future__ import annotations

import base64

from stomptui.ui.dialogs.copy_part import CopyPartScreen
from stomptui.ui.widgets.message.detail import MessageDetail
from tests.ui.test_message_detail import Host, message
from tests.ui.waiting import until


class Copying(Host):
    def on_message_detail_copy_part_requested(self, asked: MessageDetail.CopyPartRequested) -> None:
        screen = CopyPartScreen(asked.frame, asked.content)
        self.push_screen(screen, lambda part: asked.copy(part) if part is not None else None)

    def dialog(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


BODY = b'{"items": [{"sku": "a\\u00e9"}]}'


async def test_body_headers_frame_and_one_header_are_chosen_as_text_or_base64() -> None:
    app = Copying()
    async with app.run_test(size=(80, 30)) as pilot:
        frame = message(BODY, ("content-type", "application/json"), ("password", "s3cret"))
        app.detail.show(frame)
        app.detail.focus_view()
        for keys, copied in (
            (["enter"], BODY.decode()),
            (["f8"], base64.b64encode(BODY).decode()),
            (["down", "down", "down", "enter"], frame.headers[0][1]),
            (["down", "down", "down", "f8"], base64.b64encode(frame.headers[0][1].encode()).decode()),
            (["tab", *"items[0].sku", "enter"], "aé"),
        ):
            await pilot.press("Y")
            await until(lambda: "Copy which part?" in app.dialog(), app.dialog)
            await pilot.press(*keys)
            await until(lambda text=copied: app.clipboard == text, lambda: repr(app.clipboard))  # type: ignore[misc]
            await until(lambda: not isinstance(app.screen, CopyPartScreen))
        await pilot.press("Y")
        await until(lambda: "password: " in app.dialog() and "s3cret" not in app.dialog(), app.dialog)
        await pilot.press("down", "down", "f8")
        await until(lambda: base64.b64decode(app.clipboard).startswith(b"MESSAGE\n"), lambda: app.clipboard)
        assert b"s3cret" not in base64.b64decode(app.clipboard)


async def test_a_path_that_leads_nowhere_keeps_the_question_open_and_esc_copies_nothing() -> None:
    app = Copying()
    async with app.run_test(size=(80, 30)) as pilot:
        app.detail.show(message(BODY, ("content-type", "application/json")))
        app.detail.focus_view()
        await pilot.press("Y")
        await until(lambda: isinstance(app.screen, CopyPartScreen))
        await pilot.press("tab", *".items[3]", "enter")
        await until(lambda: "✗ there is no .items[3]: the array has 1 item" in app.dialog(), app.dialog)
        await pilot.press("escape")
        await until(lambda: not isinstance(app.screen, CopyPartScreen))
        assert app.clipboard == ""
