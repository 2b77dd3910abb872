"""Two queues whose names differ by a blank alone, on the real brokers: only the one that is named is touched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.queues.actions.action import Action
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.brokers import ManagedBroker, RabbitMQ
from tests.support.brokers.activemq import ActiveMQ
from tests.support.brokers.artemis import Artemis
from tests.support.brokers.box import Box
from tests.support.peeking import Peeking, peeking
from tests.support.raw import RawStomp
from tests.support.transferring import bodies, drain, refill

ENDS = ("", " ", "\t", "\u00a0", "\u200b")
"""What stands at the end of a name that looks the same without it."""


class Alike:
    """Queues that look the same, three messages in each.

    Args:
        broker: Where.
        stem: What their names begin with.
    """

    def __init__(self, broker: ManagedBroker, stem: str) -> None:
        self.broker = broker
        self.names = [*(f"{stem}{end}" for end in ENDS), f" {stem}"]
        for name in self.names:
            if not isinstance(broker, Box):
                broker.make_queue(name)
            self.fill(name)

    def destination(self, name: str) -> str:
        return name if isinstance(self.broker, Artemis) else f"/queue/{name}"

    def fill(self, name: str) -> None:
        extra = [("destination-type", "ANYCAST")] if isinstance(self.broker, Artemis) else []
        with RawStomp("127.0.0.1", self.broker.port) as client:
            client.connect("1.2")
            for number in range(3):
                lines = [("destination", self.destination(name)), ("persistent", "true"), *extra]
                client.receipt("SEND", lines, f"{name} {number}")

    def wait(self, **changed: int) -> None:
        """Every queue has three messages, but for those named by the place in `names`: `_1=0`."""
        for place, name in enumerate(self.names):
            self.broker.wait_for(name, changed.get(f"_{place}", 3))

    @property
    def connection(self) -> Connection:
        return self.broker.connection()


@pytest.fixture(params=["box", *(pytest.param(key, marks=pytest.mark.broker(key))
                                 for key in ("rabbitmq", "rabbitmq43", "artemis"))])  # fmt: skip
def alike(request: pytest.FixtureRequest) -> Iterator[Alike]:
    broker = request.getfixturevalue(request.param)
    made = Alike(broker, f"alike.{os.getpid()}.{request.node.originalname}"[-60:])
    yield made
    for name in made.names:
        if not isinstance(broker, Box):
            broker.drop_queue(name)


def test_a_drain_takes_out_of_the_named_queue_alone(alike: Alike, tmp_path: Path) -> None:
    changed: dict[str, int] = {}
    for place, name in reversed(list(enumerate(alike.names))):
        ran = drain(alike.connection, alike.destination(name), tmp_path / f"{place}.jsonl")
        assert ran.result.text == "3 drained"
        assert bodies(tmp_path / f"{place}.jsonl") == [f"{name} {number}".encode() for number in range(3)]
        changed[f"_{place}"] = 0
        alike.wait(**changed)


def test_a_refill_sends_to_the_named_queue_alone(alike: Alike, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    drain(alike.connection, alike.destination(alike.names[1]), path)
    alike.wait(_1=0)
    assert refill(alike.connection, path).result.text.startswith("3 sent")
    alike.wait()
    changed: dict[str, int] = {}
    for place, name in enumerate(alike.names):
        ran = refill(alike.connection, path, alike.destination(name))
        if alike.broker.key == "rabbitmq43" and "\u200b" in name:
            assert "RabbitMQ says nothing of a name with such characters" in ran.failed.reason
        else:
            assert ran.result.text.startswith("3 sent")
            changed[f"_{place}"] = 6
        alike.wait(**changed)


def shown(peek: Peeking) -> list[bytes]:
    return [frame.body for frame in peek.frames]


def test_a_peek_shows_and_an_order_touches_the_named_queue_alone(alike: Alike) -> None:
    plain, blank, tab, wide, *_ = alike.names
    with peeking(alike.connection, alike.destination(blank)) as peek:
        assert peek.look(PeekOptions(None)).count == 3
        assert shown(peek) == [f"{blank} {number}".encode() for number in range(3)]
        target = alike.destination(tab)
        assert peek.plan(Action("move", target), [0]).refusal == ""
        assert peek.act(Action("move", target), [0]).text == "1 moved"
        assert peek.act(Action("copy", alike.destination(wide)), [1]).text == "1 copied"
        assert peek.act(Action("delete"), [2]).text == "1 deleted"
    alike.wait(_1=1, _2=4, _3=4)
    with peeking(alike.connection, alike.destination(plain)) as peek:
        assert peek.look(PeekOptions(None)).count == 3
        assert shown(peek) == [f"{plain} {number}".encode() for number in range(3)]
    alike.wait(_1=1, _2=4, _3=4)


def test_a_missing_queue_is_not_one_that_looks_like_it(alike: Alike) -> None:
    name = f"{alike.names[0]}  "
    peek = Peeking(alike.connection, alike.destination(name))
    try:
        assert f"there is no queue {alike.names[0]}··" in peek.survey().refusal
    finally:
        peek.close()
    alike.wait()


@pytest.fixture(params=[pytest.param(key, marks=pytest.mark.broker(key)) for key in ("activemq5", "activemq6")])
def activemq(request: pytest.FixtureRequest) -> ActiveMQ:
    broker = request.getfixturevalue(request.param)
    assert isinstance(broker, ActiveMQ)
    return broker


@pytest.mark.parametrize("ending", [" ", "\t", "\n", "\x01"])
def test_activemq_would_trim_the_name_and_is_not_asked_to(activemq: ActiveMQ, ending: str, tmp_path: Path) -> None:
    """`x ` is x for it, so what was named is nothing it has, and x is left alone."""
    name = f"trimmed.{os.getpid()}.{ord(ending)}"
    activemq.make_queue(name)
    with RawStomp("127.0.0.1", activemq.port) as client:
        client.connect("1.2")
        client.receipt("SEND", {"destination": f"/queue/{name}", "persistent": "true"}, "stays")
    ran = drain(activemq.connection(), f"/queue/{name}{ending}", tmp_path / "x.jsonl")
    assert f"it takes it for “/queue/{name}”" in ran.failed.reason
    with peeking(activemq.connection(), f"/queue/{name}") as peek:
        peek.look(PeekOptions(None))
        plan = peek.plan(Action("move", f"/queue/other{ending}"), [0])
        assert "it takes it for “/queue/other”" in plan.refusal
    peek = Peeking(activemq.connection(), f"/queue/{name}{ending}")
    try:
        assert "it takes it for" in peek.survey().refusal
    finally:
        peek.close()
    path = tmp_path / "y.jsonl"
    path.write_text('{"body": "new"}\n')
    assert "it takes it for" in refill(activemq.connection(), path, f"/queue/{name}{ending}").failed.reason
    activemq.wait_for(name, 1)


def test_activemq_keeps_other_blanks(activemq: ActiveMQ, tmp_path: Path) -> None:
    made = [f"kept.{os.getpid()}{end}" for end in ("", "\u00a0", "\u200b")]
    for name in made:
        activemq.make_queue(name)
        with RawStomp("127.0.0.1", activemq.port) as client:
            client.connect("1.2")
            client.receipt("SEND", {"destination": f"/queue/{name}", "persistent": "true"}, name)
    assert drain(activemq.connection(), f"/queue/{made[1]}", tmp_path / "x.jsonl").result.text == "1 drained"
    for name, depth in zip(made, (1, 0, 1), strict=True):
        activemq.wait_for(name, depth)


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.broker(key)) for key in ("rabbitmq", "rabbitmq43")]
)
def test_rabbitmq_loses_line_breaks_and_is_not_asked_to(
    request: pytest.FixtureRequest, key: str, tmp_path: Path
) -> None:
    """It declares x where `x` and a line feed is named, and confirms and drops what is sent there."""
    broker = request.getfixturevalue(key)
    assert isinstance(broker, RabbitMQ)
    name = f"broken.{os.getpid()}"
    broker.make_queue(name)
    path = tmp_path / "x.jsonl"
    path.write_text('{"body": "kept"}\n')
    for ending in ("\n", "\r"):
        ran = refill(broker.connection(), path, f"/queue/{name}{ending}")
        assert "no queues with line breaks in their names" in ran.failed.reason
        drained = drain(broker.connection(), f"/queue/{name}{ending}", tmp_path / "y.jsonl")
        assert "no queues with line breaks in their names" in drained.failed.reason
    broker.wait_for(name, 0)


@pytest.mark.broker("rabbitmq43")
def test_the_command_line_takes_the_name_as_it_is_and_says_so(
    rabbitmq43: RabbitMQ, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Alike(rabbitmq43, f"cli.{os.getpid()}")
    monkeypatch.setenv("STOMPTUI_PASSWORD", "guest")
    url, path = f"stomp://guest@127.0.0.1:{rabbitmq43.port}/", str(tmp_path / "x.jsonl")
    assert main(["drain", "--yes", url, f"/queue/{made.names[1]}", path]) == 0
    said = capsys.readouterr()
    assert said.out == "3 drained\n"
    assert f"stomptui: “/queue/{made.names[0]}·” ends in a blank; it is taken as it is" in said.err
    made.wait(_1=0)
    assert main(["refill", "--to", f"/queue/{made.names[5]}", url, path]) == 0
    assert "has a blank beside a slash or colon; it is taken as it is" in capsys.readouterr().err
    made.wait(_1=0, _5=6)
    assert main(["refill", url, path]) == 0
    made.wait(_5=6)
