"""Replying to a message: from the log and from a peek."""

from __future__ import annotations

import asyncio

from tests.support.console import console
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawStomp


def ask(port: int, reply_to: str = "/temp-queue/me") -> RawStomp:
    """A client that asks something and has its receipt."""
    client = RawStomp("127.0.0.1", port)
    client.connect()
    headers = {"destination": "/queue/ask", "correlation-id": "c-1", "content-type": "text/csv"}
    if reply_to:
        headers["reply-to"] = reply_to
    client.receipt("SEND", headers, "how many?")
    return client


async def test_who_asked_gets_the_reply_that_is_typed(embedded: EmbeddedBroker) -> None:
    async with console(embedded.port, subscribe=("/queue/ask",)) as driver:
        await driver.up()
        client = await asyncio.to_thread(ask, embedded.port)
        with client:
            await driver.sees("← /queue/ask")
            await driver.press("B")
            await driver.sees(
                "a reply to /reply-queue/amq.gen-", "the correlation-id is that of the message", "text/csv"
            )
            await driver.type_in("42")
            await driver.press("ctrl+g")
            await driver.until(lambda: "confirmed" in driver.outcome, "sent")
            answer = await asyncio.to_thread(client.expect, "MESSAGE")
        assert (answer["correlation-id"], answer["content-type"], answer.body) == ("c-1", "text/csv", b"42")


async def test_a_message_in_a_peek_is_replied_to_and_one_without_reply_to_is_not(embedded: EmbeddedBroker) -> None:
    for reply_to in ("/queue/back", ""):
        (await asyncio.to_thread(ask, embedded.port, reply_to)).close()
    async with console(embedded.port) as driver:
        await driver.up()
        await driver.press("p")
        await driver.sees("How many")
        await driver.type_in("/queue/ask")
        await driver.press("enter")
        await driver.sees("Classic queue.")
        await driver.press("enter")
        await driver.sees("Peek /queue/ask", "2 unacked")
        await driver.press("end", "B")
        await driver.until(lambda: any("it has no reply-to" in told for told in driver.told), "why not")
        await driver.press("home", "B")
        await driver.sees("a reply to /queue/back")
        assert driver.app.console_screen.pane.draft.destination == "/queue/back"
        assert driver.app.console_screen.pane.draft.get("correlation-id") == "c-1"
