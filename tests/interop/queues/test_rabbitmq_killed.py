"""RabbitMQ killed while messages are acted on: it forgets acknowledgements it confirmed, and that is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.queues.actions.action import Action
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.brokers import RabbitMQ, running
from tests.support.needs import need_broker
from tests.support.peeking import peeking
from tests.support.raw import RawStomp
from tests.support.transferring import bodies, start_drain

pytestmark = pytest.mark.broker("rabbitmq")
COUNT = 3000
FOUND = [b"m%d" % number for number in range(COUNT)]


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[RabbitMQ]:
    """A node of one test's own."""
    need_broker(RabbitMQ.title, RabbitMQ.missing())
    with running(RabbitMQ(tmp_path / "rabbit")) as broker:
        yield broker


def fill(broker: RabbitMQ, name: str) -> None:
    broker.make_queue(name)
    with RawStomp("127.0.0.1", broker.port, timeout=30) as client:
        client.connect()
        for body in FOUND[:-1]:
            client.send("SEND", {"destination": f"/amq/queue/{name}", "persistent": "true"}, body)
        client.receipt("SEND", {"destination": f"/amq/queue/{name}", "persistent": "true"}, FOUND[-1])
    broker.wait_for(name, COUNT)


def take(broker: RabbitMQ, name: str) -> list[bytes]:
    count = broker.depth(name)
    with RawStomp("127.0.0.1", broker.port, timeout=30) as client:
        client.connect()
        client.send("SUBSCRIBE", {"id": "t", "destination": f"/amq/queue/{name}", "ack": "auto"})
        return [frame.body for frame in client.messages(count)]


def test_what_a_killed_broker_may_have_forgotten_is_said_to_be_perhaps_in_both_places(rabbit: RabbitMQ) -> None:
    fill(rabbit, "source")
    rabbit.make_queue("target")
    with peeking(rabbit.connection(), "/queue/source") as peek:
        peek.look(PeekOptions(None))
        peek.peek.act(Action("move", "/queue/target", accepts_unknown=True), list(enumerate(peek.frames)))
        peek.wait(
            r.MessageOutcomes, which=lambda report: any(outcome.state == "done" for _, outcome in report.outcomes)
        )
        rabbit.kill()
        result = peek.wait(r.ActionEnded, timeout=120).result
    assert result.count("done") == 0, "nothing is called moved that can be in both places"
    assert "perhaps in both places" in result.text
    assert any("forgets the acknowledgements" in reason for reason, _ in result.reasons)
    rabbit.start()
    here, there = take(rabbit, "source"), take(rabbit, "target")
    doubtful = {FOUND[index] for index, outcome in result.outcomes.items() if outcome.state == "doubt"}
    assert set(here) | set(there) == set(FOUND), "none is lost"
    assert set(here) & set(there) <= doubtful
    assert max(Counter(there).values(), default=0) == 1


def test_what_was_drained_from_a_killed_broker_is_said_to_be_perhaps_in_the_queue_too(
    rabbit: RabbitMQ, tmp_path: Path
) -> None:
    fill(rabbit, "source")
    path = tmp_path / "source.jsonl"
    running_drain = start_drain(rabbit.connection(), "/queue/source", path)
    assert running_drain.moving.wait(60)
    rabbit.kill()
    result = running_drain.wait().result
    in_file = bodies(path)
    assert result.count("done") == 0
    assert result.count("doubt") == len(in_file)
    assert "in the file and perhaps in the queue too" in result.text
    rabbit.start()
    assert set(in_file) | set(take(rabbit, "source")) == set(FOUND)
