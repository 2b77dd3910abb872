"""A broker with several addresses, in the app."""

from __future__ import annotations

from dataclasses import replace

from stomptui.config.url import parse_url
from tests.faults.servers import closed_port
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


async def test_the_one_that_answers_is_shown_and_after_a_loss_the_next(embedded: EmbeddedBroker) -> None:
    with EmbeddedBroker() as other, closed_port() as nobody:
        url = f"stomp://guest@127.0.0.1:{nobody},127.0.0.1:{embedded.port},127.0.0.1:{other.port}/"
        wanted = replace(parse_url(url), passcode="guest")
        async with console(connection=wanted, autoconnect=True, subscribe=("/topic/a",)) as driver:
            await driver.up()
            await driver.until(lambda: f"127.0.0.1:{embedded.port}" in driver.status, "the second address")
            assert any(f"port {nobody}" in note for note in driver.notes), "why it is not the first"
            embedded.stop()
            await driver.until(lambda: f"127.0.0.1:{other.port}" in driver.status, "the third address")
            await driver.up()
            await driver.until(lambda: driver.watch().state == "on", "the subscription")


async def test_the_form_keeps_the_list_and_says_of_each_why_it_failed() -> None:
    with closed_port() as one, closed_port() as two:
        wanted = replace(parse_url(f"stomp://guest@127.0.0.1:{one},127.0.0.1:{two}/"), passcode="guest")
        async with console(connection=wanted, autoconnect=True) as driver:
            await driver.sees(f"127.0.0.1 port {one}", f"127.0.0.1 port {two}")
            await driver.sees(f"127.0.0.1,127.0.0.1:{two}")
