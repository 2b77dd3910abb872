"""The form for a subscription says what is wrong beside the field that it is about."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import Select, Static

from stomptui.brokers.jms.durable import ActiveMQDurability
from stomptui.compose.pasted import Pasted
from stomptui.ui.console.subscribe_form import SubscribeScreen
from tests.ui.waiting import until


class Host(App[None]):
    form: SubscribeScreen

    async def on_mount(self) -> None:
        self.form = SubscribeScreen(
            lambda destination: [("hold", "hold"), ("durable", "durable")],
            lambda destination, mode: [],
            "1.2",
            destination="/topic/news",
            durability=ActiveMQDurability(),
        )
        await self.push_screen(self.form)

    def said(self, field: str) -> str:
        return str(self.form.query_one(f"#{field}-problem", Static).content)


@pytest.mark.parametrize(
    ("mode", "headers", "field", "other"),
    [
        ("durable", "", "identity", "headers"),
        ("hold", "activemq.subscriptionName:mine", "headers", "identity"),
    ],
)
async def test_why_it_cannot_be_durable_stands_where_that_is_asked_for(
    mode: str, headers: str, field: str, other: str
) -> None:
    app = Host()
    async with app.run_test(size=(100, 40)) as pilot:
        if headers:
            name, _, value = headers.partition(":")
            app.form._lines.put_pasted(0, Pasted([(name, value)]))
        app.form.query_one("#mode", Select).value = mode
        await pilot.pause()
        await pilot.press("f5")
        await until(lambda: "the extra CONNECT header client-id" in app.said(field))
        assert not app.said(other) and app.screen is app.form
