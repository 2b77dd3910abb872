"""A chosen header is a column of its own in the log and in a peek, and is remembered for the broker."""

from __future__ import annotations

import json

import pytest

from stomptui.config.layout import MOST_LOGS, LogLayout, layout_path, load_layout, with_log
from stomptui.ui.widgets.log.columns import LEAST_PREVIEW, WantedColumns, columns_for
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.ui.test_peeking import peek

pytestmark = pytest.mark.timeless


def row(driver: Driver, text: str) -> str:
    return next((line for line in driver.screen.splitlines() if text in line), "")


def test_the_column_of_a_header_is_the_first_to_leave() -> None:
    wanted = WantedColumns(header="correlation-id", value=14)
    for width in range(20, 250):
        columns, plain = columns_for(width, wanted), columns_for(width, WantedColumns())
        assert columns._replace(header=0, preview=plain.preview) == plain
        assert not columns.header or columns.preview >= LEAST_PREVIEW
    assert not columns_for(44, wanted).header
    assert columns_for(160, wanted).header == 14
    assert columns_for(160, WantedColumns(header="x", value=400)).header == 40


async def test_a_header_is_chosen_by_key_and_remembered(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/topic/a",), size=(140, 36)) as driver:
        await driver.up()
        embedded.publish("/topic/a", "first", [("reason", "expired"), ("token", "s3cr3t")])
        embedded.publish("/topic/a", "second", [("reason", "rejected by the shop")])
        await driver.sees("first", "second")
        await driver.press("H")
        await driver.sees("Which header as a column?", "reason", "this message", "token")
        await driver.type_in("reas")
        await driver.press("enter")
        await driver.until(lambda: "expired" in row(driver, "first"))
        await driver.until(lambda: "rejected by the shop" in row(driver, "second"), "a wider column")
        heads = row(driver, " body")
        assert heads.index("reason") == row(driver, "first").index("expired")
        assert heads.index("body") == row(driver, "first").index("first")
        await driver.until(lambda: [each.header for each in load_layout().logs.values()] == ["reason"], "remembered")
        # What is filtered is marked there too, and a secret is masked.
        await driver.press("H")
        await driver.type_in("token")
        await driver.press("enter")
        await driver.until(lambda: "••••••" in row(driver, "first") and "token" in row(driver, " body"))
        assert "s3cr3t" not in driver.screen
        # A name that was never seen, and none at all.
        await driver.press("H")
        await driver.type_in("x-later")
        await driver.sees("as typed")
        await driver.press("enter")
        await driver.until(lambda: "x-later" in row(driver, " body"))
        await driver.press("H", "up", "enter")
        await driver.until(lambda: "x-later" not in driver.screen)
        await driver.press("H")
        await driver.type_in("reason")
        await driver.press("enter", "4")
        await driver.sees("SUBSCRIBE")
        await driver.until(lambda: [each.header for each in load_layout().logs.values()] == ["reason"], "remembered")
        await driver.until(lambda: [each.hidden for each in load_layout().logs.values()] == [("actions",)])
    async with console(embedded.port, subscribe=("/topic/a",), size=(140, 36)) as driver:
        await driver.up()
        await driver.sees("reason", "SUBSCRIBE")
    with EmbeddedBroker() as other:
        async with console(other.port, subscribe=("/topic/a",), size=(140, 36)) as driver:
            await driver.up()
            await driver.sees("subscribed to")
            assert "reason" not in driver.screen and "SUBSCRIBE" not in driver.screen


async def test_a_peek_has_the_column_of_the_log(embedded: EmbeddedBroker) -> None:
    for number in range(3):
        embedded.publish(
            "/queue/orders", f"body {number}", [("reason", f"reason {number}"), ("shop", f"shop {number}")]
        )
    async with console(embedded.port, size=(120, 40)) as driver:
        log = driver.app.console_screen.log_view
        screen = await peek(driver)
        log.header = "reason"
        await driver.press("H")
        await driver.type_in("shop")
        await driver.press("enter")
        await driver.until(lambda: "shop 2" in row(driver, "body 2"))
        heads = row(driver, " body")
        assert heads.index("shop") == row(driver, "body 2").index("shop 2")
        assert heads.index("body") == row(driver, "body 2").index("body 2")
        await driver.until(lambda: log.header == "shop", "the same column in the log")
        # What is filtered is highlighted here, too.
        await driver.press("slash", *"SHOP 1", "enter")
        await driver.sees("1 matching “SHOP 1” of 3 messages")
        hit = screen.list_view.get_component_rich_style("message-log--hit").bgcolor
        painted = [segment for y in range(3) for segment in screen.list_view.render_line(y)]
        assert [each.text for each in painted if each.style and each.style.bgcolor == hit] == ["shop 1"]


def test_only_what_makes_sense_is_remembered_of_a_log() -> None:
    found = {"a": {"hidden": "sent", "header": 7}, "b": {"hidden": [1], "header": "x"}, "c": "x"}
    found |= {str(number): {"hidden": ["sent"]} for number in range(MOST_LOGS)}
    layout_path().parent.mkdir(parents=True, exist_ok=True)
    layout_path().write_text(json.dumps({"logs": found}))
    assert load_layout().logs == {str(number): LogLayout(("sent",)) for number in range(MOST_LOGS)}
    layout_path().write_text(json.dumps({"logs": dict(list(found.items())[:3])}))
    assert load_layout().logs == {"a": LogLayout(), "b": LogLayout(None, "x")}
    logs = with_log(load_layout().logs, "a", LogLayout(("sent",)))
    assert list(with_log(logs, "b", LogLayout())) == ["a"]
