"""Requests from the compose pane: waited for in sight, stopped, timed out, refused, late."""

from __future__ import annotations

import asyncio

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.environment import Environment
from stomptui.ui.console.compose_actions import ACTIONS
from tests.support.console import Driver, console
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawFrame, RawStomp


async def choose(driver: Driver, id: str) -> None:
    """Do something of the menu of the compose pane."""
    driver.app.console_screen.compose_menu.run(next(action for action in ACTIONS if action.id == id))
    await driver.pilot.pause()


async def ask(driver: Driver, *headers: HeaderLine) -> None:
    await driver.press("c")
    driver.app.console_screen.pane.load(Draft("/topic/ask", list(headers), "?"))
    await choose(driver, "request")


def listen(port: int) -> RawStomp:
    client = RawStomp("127.0.0.1", port)
    client.connect()
    client.receipt("SUBSCRIBE", {"id": "s", "destination": "/topic/ask"})
    return client


def answer(client: RawStomp, asked: RawFrame, **headers: str) -> None:
    lines = {"destination": asked["reply-to"], **{name.replace("_", "-"): value for name, value in headers.items()}}
    client.receipt("SEND", lines, "!")


async def test_a_request_that_is_stopped_or_times_out_may_be_answered_late(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        requesting = driver.app.console_screen.composing.requesting
        with await asyncio.to_thread(listen, embedded.port) as client:
            await ask(driver)
            stopped = await asyncio.to_thread(client.expect, "MESSAGE")
            await driver.sees("waiting for the answer: 0 s of 30 s")
            await choose(driver, "requests")
            await driver.sees("Stop waiting: /topic/ask")
            await driver.press("enter")
            await driver.until(lambda: "no longer waited for" in driver.outcome, "stopped")
            await choose(driver, "request-limit")
            await driver.sees("Seconds to wait for an answer")
            await driver.press("1", "enter")
            assert requesting.limit == 1
            await ask(driver)
            late = await asyncio.to_thread(client.expect, "MESSAGE")
            await driver.until(lambda: "not answered within 1 s" in driver.outcome, "timed out")
            for asked in (late, stopped):
                await asyncio.to_thread(answer, client, asked, correlation_id=asked["correlation-id"])
            await driver.until(lambda: len(driver.messages) == 2, "both are shown")
            await driver.until(lambda: sum("a late answer" in note for note in driver.notes) == 2, "and said")
            await asyncio.to_thread(answer, client, late, correlation_id="unknown")
            await driver.until(lambda: any("no request waits for it" in note for note in driver.notes), "said")


async def test_several_wait_at_once_and_each_gets_its_own_answer(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        requests = driver.app.console_screen.console.requests
        # A busy machine may take longer for all of this than a person waits for an answer.
        driver.app.console_screen.composing.requesting.limit = 600
        with await asyncio.to_thread(listen, embedded.port) as client:
            asked = []
            for name in ("one", "two"):
                await ask(driver, HeaderLine("correlation-id", name))
                asked.append(await asyncio.to_thread(client.expect, "MESSAGE"))
            await driver.sees("1 more waits")
            await ask(driver, HeaderLine("correlation-id", "two"))
            await driver.until(lambda: "waits for its answer already" in driver.outcome, "refused")
            await asyncio.to_thread(answer, client, asked[1], correlation_id="two")
            await driver.until(lambda: len(requests.waiting) == 1, "the second")
            assert requests.waiting[0].correlation_id == "one"
            # Nothing else is waited for, so that it can only be meant for this one.
            await asyncio.to_thread(answer, client, asked[0])
            await driver.until(lambda: not requests.waiting, "the first")
            assert requests.all[0].why.startswith("without a correlation-id")


async def test_what_cannot_be_a_request_is_refused(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port) as driver:
        await driver.up()
        await ask(driver, HeaderLine("reply-to", "/queue/mine"))
        await driver.until(lambda: "the draft has a reply-to header" in driver.outcome, "refused")
        assert not driver.app.console_screen.console.requests.all


async def test_a_read_only_connection_sends_no_request(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, environment=Environment(read_only=True)) as driver:
        await driver.up()
        await choose(driver, "request")
        await driver.until(lambda: any("read-only" in told for told in driver.told), "said")
        assert not driver.app.console_screen.console.requests.all


async def test_the_answer_is_opened_where_the_draft_takes_the_place_of_messages(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, size=(80, 24)) as driver:
        await driver.up()
        screen = driver.app.console_screen
        with await asyncio.to_thread(listen, embedded.port) as client:
            await ask(driver)
            asked = await asyncio.to_thread(client.expect, "MESSAGE")
            await asyncio.to_thread(answer, client, asked, correlation_id=asked["correlation-id"])
            await driver.until(lambda: "request answered after" in driver.outcome, "answered")
            screen.arranging.action_alone()
            await choose(driver, "requests")
            await driver.sees("Open the answer")
            await driver.press("enter")
            await driver.until(lambda: screen.detail.region.height > 0 and screen.detail.display, "the message")
            await driver.sees("1 Body", "1 B · text")
            assert screen.pane.draft.destination == "/topic/ask"
