"""Requests on real brokers: a client on a bare socket answers, and the answer finds its request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stomptui.compose.draft import Draft, HeaderLine
from tests.support.brokers import REGISTRY
from tests.support.brokers.base import Broker
from tests.support.console import Driver, console
from tests.support.raw import Closed, RawFrame, RawStomp

BROKERS = ("rabbitmq", "rabbitmq40", "rabbitmq43", "activemq5", "activemq6", "artemis", "box")


@pytest.fixture(params=[pytest.param(key, marks=[pytest.mark.broker(key)] * (key in REGISTRY)) for key in BROKERS])
def broker(request: pytest.FixtureRequest) -> Broker:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Broker)
    return found


@contextmanager
def responder(port: int, queue: str, answers: int = 1) -> Iterator[list[RawFrame]]:
    """Answers each request to a queue so often; gives the requests."""
    asked: list[RawFrame] = []
    with RawStomp("127.0.0.1", port) as client:
        client.connect()
        client.receipt("SUBSCRIBE", {"id": "s", "destination": queue, "ack": "auto"})

        def answer() -> None:
            try:
                while True:
                    frame = client.read(60)
                    asked.append(frame)
                    headers = {"destination": frame["reply-to"], "correlation-id": frame["correlation-id"]}
                    for number in range(answers):
                        client.send("SEND", headers, b"answer %d to %s" % (number + 1, frame.body))
            except (Closed, TimeoutError, OSError, ValueError):
                pass

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield asked
        client.reset()
    thread.join(5)


async def request(driver: Driver, body: str, queue: str, *headers: HeaderLine) -> None:
    """Send a request from the compose pane."""
    await driver.press("c")
    driver.app.console_screen.pane.load(Draft(queue, list(headers), body))
    await driver.press("ctrl+circumflex_accent")
    await driver.sees("What is to be done with this message?")
    await driver.press(*"request", "enter")


async def test_an_answer_finds_its_request_and_its_time_is_told(broker: Broker) -> None:
    queue = "/queue/requests-answered"
    with responder(broker.port, queue) as asked:
        async with console(connection=broker.connection(), autoconnect=True) as driver:
            await driver.up()
            await request(driver, "how many?", queue, HeaderLine("content-type", "text/plain"))
            await driver.until(lambda: "request answered after" in driver.outcome, "answered")
            console_now = driver.app.console_screen.console
            [made] = console_now.requests.all
            # What went over the wire is the frame in the log, header by header.
            [sent] = [e.frame for e in driver.entries if e.frame is not None and e.frame.command == "SEND"]
            assert (sent.get("correlation-id"), sent.get("content-type")) == (made.correlation_id, "text/plain")
            assert sent.get("reply-to")
            assert asked[0].get("correlation-id") == made.correlation_id
            assert 0 < made.elapsed < 5
            entry = driver.app.journal.get(made.row or 0)
            assert entry is not None
            assert entry.frame is not None
            assert bytes(entry.frame.body) == b"answer 1 to how many?"
            print(f"{broker.title}: {driver.outcome}; asked with {asked[0]['reply-to']}")
            # The next one uses the same queue, and its own correlation-id counts.
            await request(driver, "again?", queue, HeaderLine("correlation-id", "mine"))
            await driver.until(lambda: len(console_now.requests.all) == 2 and not console_now.requests.waiting, "two")
            assert asked[1].get("correlation-id") == "mine"
            assert asked[1]["reply-to"] == asked[0]["reply-to"]
            await driver.press("ctrl+circumflex_accent", *"requests…", "enter")
            await driver.sees("Open the answer")
            await driver.press("enter")
            await driver.sees("answer 1 to again?")


async def test_a_second_answer_is_said_and_a_lost_connection_ends_the_wait(broker: Broker) -> None:
    queue = "/queue/requests-twice"
    with responder(broker.port, queue, answers=2):
        async with console(connection=broker.connection(), autoconnect=True) as driver:
            await driver.up()
            await request(driver, "twice?", queue)
            await driver.until(lambda: any("was answered once more" in note for note in driver.notes), "said")
            await request(driver, "to nobody", "/topic/requests.nobody")
            session = driver.app.console_screen.console.session
            assert session is not None
            await driver.until(lambda: "waiting for the answer" in driver.outcome, "waiting")
            session.close("cut")
            await driver.until(lambda: any("the reply queue went" in note for note in driver.notes), "lost")
            assert not driver.app.console_screen.console.requests.waiting


async def test_two_consoles_ask_and_reply(broker: Broker) -> None:
    queue = "/queue/requests-consoles"
    async with console(connection=broker.connection(), autoconnect=True) as asking:
        await asking.up()
        async with console(connection=broker.connection(), autoconnect=True, consume=(queue,)) as replying:
            await replying.up()
            await request(asking, "who are you?", queue)
            await replying.until(lambda: replying.messages, "the question")
            await replying.press("B")
            await replying.until(lambda: "a reply to" in replying.outcome, "a reply begun")
            await replying.type_in("a console")
            await replying.press("ctrl+g")
            await asyncio.sleep(0)
            await asking.until(lambda: "request answered after" in asking.outcome, "answered")
            frames = [entry.frame for entry in asking.messages if entry.frame is not None]
            assert [bytes(frame.body) for frame in frames] == [b"a console"]
