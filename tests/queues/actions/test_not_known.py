"""Targets of which nobody tells whether they keep what they confirm: asked about where the messages would be gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.brokers.embedded.queue_facts import EmbeddedQueueFacts
from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions import risks
from stomptui.queues.actions.action import Action, ActionKind, ActionTarget
from stomptui.queues.peek.peek_values import PeekOptions
from tests.support.embedded import EmbeddedBroker
from tests.support.peeking import peeking
from tests.support.transferring import refill

WHY = "nobody tells of its policies"


@pytest.fixture
def connection(embedded: EmbeddedBroker) -> Connection:
    return Connection(port=embedded.port, login="guest", passcode="guest")


@pytest.fixture(autouse=True)
def unsure(monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedBroker) -> None:
    """Queues whose names begin with an x are not known."""

    def told(
        facts: EmbeddedQueueFacts, name: str, heard: DeclareAnswers, wait: bool = True
    ) -> tuple[RabbitMQQueueSettings, str]:
        return heard.settings, WHY if name.startswith("x") else ""

    monkeypatch.setattr(EmbeddedQueueFacts, "settings", told)
    embedded.call(lambda: [embedded.queues.declare(name) for name in ("x1", "x2", "other")])


@pytest.mark.parametrize(
    ("names", "before", "after"),
    [
        ("a", "Whether a keeps what is sent there", "whether a keeps them is not known"),
        ("ab", "Whether a and b keep what is sent there", "whether a and b keep them is not known"),
        ("abc", "Whether a, b and c keep what", "whether a, b and c keep them is not known"),
        ("abcdef", "Whether a, b and 4 others keep what", "whether a, b and 4 others keep them is not known"),
    ],
)
def test_all_of_them_are_told_in_one_sentence(names: str, before: str, after: str) -> None:
    targets = [ActionTarget("known"), *(ActionTarget(name, unknown=WHY) for name in names)]
    (told,) = risks.not_known(targets)
    assert told.startswith(before)
    assert told.endswith(f" is not known: {WHY}.")
    assert risks.kept_or_not(targets) == after


def test_nothing_is_told_of_what_is_known() -> None:
    assert risks.not_known([ActionTarget("known")]) == ()
    assert risks.kept_or_not([ActionTarget("known")]) == ""


def test_a_retry_goes_without_a_yes_only_where_it_is_known(embedded: EmbeddedBroker, connection: Connection) -> None:
    for name in ("x1", "other", "x2", "x1"):
        embedded.publish("/queue/dead", name.encode(), [("x-first-death-queue", name)])
    with peeking(connection, "/queue/dead") as peek:
        peek.look(PeekOptions(10))
        plan = peek.plan(Action("retry"), range(4))
        assert plan.asks
        (told,) = plan.unknown
        assert told.startswith("Whether /amq/queue/x1 and /amq/queue/x2 keep")
        result = peek.act(Action("retry"), range(4), unknown=False)
        assert result.text == "1 retried, 3 failed"
        assert result.notes == []
        assert all(reason.startswith("it was not agreed to: Whether /amq/queue/x") for reason, _ in result.reasons)
        result = peek.act(Action("retry"), [0, 2, 3])
        assert result.text == "3 retried"
        assert result.notes == ["whether /amq/queue/x1 and /amq/queue/x2 keep them is not known"]
    assert embedded.bodies("x1") == [b"x1", b"x1"]


@pytest.mark.parametrize("kind", ["copy", "delete"])
def test_what_stays_or_goes_nowhere_is_not_asked_about(
    embedded: EmbeddedBroker, connection: Connection, kind: ActionKind
) -> None:
    embedded.publish("/queue/orders", b"m")
    with peeking(connection, "/queue/orders") as peek:
        peek.look()
        plan = peek.plan(Action(kind, "/queue/x1" if kind == "copy" else ""), [0])
        assert not plan.asks
        assert any("is not known" in line for line in plan.lines) == (kind == "copy")
        assert peek.act(plan.action, [0], unknown=False).count("done") == 1


def test_a_refill_keeps_its_file_and_says_so(
    embedded: EmbeddedBroker, connection: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "m.jsonl"
    path.write_bytes(b"".join(FileMessage(f"/queue/{name}", (), b"m").line() for name in ("x1", "other")))
    result = refill(connection, path).result
    assert result.summary == "2 sent; whether /amq/queue/x1 keeps them is not known"
    monkeypatch.setenv("STOMPTUI_PASSWORD", "guest")
    assert main(["refill", f"stomp://guest@127.0.0.1:{embedded.port}", str(path)]) == 0
    told = capsys.readouterr()
    assert told.out == "2 sent; whether /amq/queue/x1 keeps them is not known\n"
    assert f"Whether /amq/queue/x1 keeps what is sent there is not known: {WHY}." in told.err
    assert "Keep the file until you have seen that they are there." in told.err
    assert embedded.bodies("x1") == [b"m", b"m"]
