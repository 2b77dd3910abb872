"""A broker that gives no sign of life after this program stood still."""

from __future__ import annotations

import os
import signal

import pytest

from stomptui.connection.subscriptions.subscription import WantedSubscription
from tests.support.brokers.rabbitmq import RabbitMQ
from tests.support.console import console
from tests.support.raw import RawStomp


@pytest.mark.broker("rabbitmq")
async def test_without_a_sign_of_life_what_is_held_is_told_as_returned(rabbitmq: RabbitMQ) -> None:
    name = f"no.sign.{os.getpid()}"
    rabbitmq.make_queue(name)
    with RawStomp("127.0.0.1", rabbitmq.port) as client:
        client.connect("1.2")
        client.receipt("SEND", {"destination": rabbitmq.destination(name), "persistent": "true"}, "m")
    async with console(connection=rabbitmq.connection(), autoconnect=True) as driver:
        await driver.up()
        app_console = driver.app.console_screen.console
        assert app_console.main_connection is not None
        app_console.main_connection.add(WantedSubscription(rabbitmq.destination(name), "work"))
        await driver.until(lambda: driver.app.console_screen.console.unacknowledged.waiting == 1, "held")
        app_console.stood_still(60.0)
        await driver.until(lambda: any("still stands" in note for note in driver.notes), "a sign")
        assert driver.app.console_screen.console.unacknowledged.waiting == 1
        pid = rabbitmq.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            app_console.stood_still(60.0)
            await driver.until(lambda: any("no sign of life" in note for note in driver.notes), "none")
            await driver.until(lambda: any("1 unacknowledged message was returned" in note for note in driver.notes))
        finally:
            os.kill(pid, signal.SIGCONT)
        assert driver.app.console_screen.console.unacknowledged.waiting == 0
    rabbitmq.wait_for(name, 1)
