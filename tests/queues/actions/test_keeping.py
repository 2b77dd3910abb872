"""What a queue does not keep of what it confirms: the sentences, and that nothing goes there without a yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stomptui.brokers.artemis import target_limits
from stomptui.brokers.embedded.queue_facts import EmbeddedQueueFacts
from stomptui.brokers.rabbitmq.targets import target_limits as rabbitmq_keeping
from stomptui.brokers.rabbitmq.targets.declaring import DeclareAnswers
from stomptui.brokers.rabbitmq.targets.queue_settings import merged
from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.transfer.transfer import Unagreed
from tests.support.embedded import EmbeddedBroker
from tests.support.peeking import Peeking, peeking
from tests.support.transferring import refill, start_refill

SHORT = (
    "/amq/queue/short keeps at most 3 messages (x-max-length 3, drop-head): older ones are dropped, also those just "
    "moved."
)


def rabbit(kind: str = "classic", policy: dict[str, object] | None = None, **arguments: object) -> tuple[str, ...]:
    named = {name.replace("_", "-"): value for name, value in arguments.items()}
    return rabbitmq_keeping.risks("q", RabbitMQQueueSettings(kind, named, {} if policy is None else policy))


def test_a_plain_queue_has_no_risks() -> None:
    assert rabbit() == rabbit("quorum", delivery_limit=20) == rabbit(single_active_consumer=True) == ()
    assert rabbit(max_priority=5, queue_mode="lazy", dead_letter_exchange="x") == ()
    assert rabbit(max_length=3, overflow="reject-publish") == ()


@pytest.mark.parametrize(
    ("arguments", "policy", "said"),
    [
        ({"max_length": 3}, {}, "q keeps at most 3 messages (x-max-length 3, drop-head): older ones are dropped"),
        ({"max_length": 1}, {}, "q keeps at most 1 message (x-max-length 1, drop-head)"),
        ({"max_length": "3"}, {}, "q keeps at most 3 messages (x-max-length 3, drop-head)"),
        ({}, {"max-length": 7}, "q keeps at most 7 messages (max-length 7 by a policy, drop-head)"),
        ({"max_length": 9}, {"max-length": 7}, "(max-length 7 by a policy, drop-head)"),
        ({"max_length": 7}, {"max-length": 9}, "(x-max-length 7, drop-head)"),
        ({"max_length": 7, "overflow": "drop-head"}, {"overflow": "reject-publish"}, "(x-max-length 7, drop-head)"),
        ({"max_length": 3, "dead_letter_exchange": "dlx"}, {}, "older ones go: it goes to the exchange dlx"),
        ({"max_length_bytes": 1000}, {}, "q keeps at most 1,000 bytes of messages (x-max-length-bytes 1000"),
        ({"message_ttl": 0}, {}, "q keeps nothing that no reader takes at once (x-message-ttl 0): it is deleted then."),
        ({"message_ttl": 1500}, {}, "q keeps a message for 1.5 s (x-message-ttl 1500): it is deleted then."),
        (
            {"message_ttl": 10, "dead_letter_exchange": "", "dead_letter_routing_key": "orders"},
            {},
            "q keeps a message for 10 ms (x-message-ttl 10): it goes to the queue orders, and is gone if there is none",
        ),
        ({"message_ttl": 10, "dead_letter_exchange": ""}, {}, "it would come back to the same queue, and is dropped"),
        ({"expires": 60000}, {}, "once nobody reads from it for 60 s (x-expires 60000)"),
    ],
)
def test_what_a_queue_of_rabbitmq_does_not_keep(arguments: dict[str, Any], policy: dict[str, Any], said: str) -> None:
    assert [risk for risk in rabbit("classic", policy, **arguments) if said in risk]


def test_what_is_heard_alone_says_no_more_than_it_knows() -> None:
    (risk,) = rabbitmq_keeping.risks("q", RabbitMQQueueSettings("classic", {"max-length": 3}))
    assert "or new ones refused; which of both is not known" in risk
    (risk,) = rabbitmq_keeping.risks("q", RabbitMQQueueSettings(arguments={"max-length": 3}, exclusive=True))[1:]
    assert "keeps at most 3" in risk


def test_streams_and_quorum_queues() -> None:
    assert rabbit("stream", max_age="1h") == ("q keeps messages for about 1h (x-max-age 1h).",)
    (risk,) = rabbit("stream", max_length_bytes=1000)
    assert risk.endswith("the oldest are dropped.")
    (risk,) = rabbit("quorum", delivery_limit=0)
    assert "keeps no message that was delivered once and returned" in risk
    assert "takes at most 2 messages" in rabbitmq_keeping.full(
        "q", RabbitMQQueueSettings("quorum", {"max-length": 2, "overflow": "reject-publish"})
    )


def test_of_two_policies_the_smaller_number_counts() -> None:
    assert merged({"max-length": 5, "overflow": "drop-head"}, {"max-length": 3, "expires": 10}) == {
        "max-length": 3,
        "overflow": "drop-head",
        "expires": 10,
    }


def test_a_plain_queue_of_artemis_has_no_risks() -> None:
    queue = {
        "enabled": "true",
        "purgeOnNoConsumers": "false",
        "ringSize": "-1",
        "lastValue": "false",
        "durable": "true",
    }
    address = {"addressFullMessagePolicy": "PAGE", "maxSizeBytes": 100, "pageLimitMessages": -1, "expiryDelay": -1}
    plain = target_limits.ArtemisQueueSettings({**queue, "maxConsumers": "0", "paused": "true", "filter": ""}, address)
    assert target_limits.risks("q", plain) == ()
    assert target_limits.full("q", plain) == ""


def test_what_a_queue_of_artemis_is_made_with_counts_before_it_is_there() -> None:
    made = target_limits.ArtemisQueueSettings(address={"defaultRingSize": 2, "defaultPurgeOnNoConsumers": True})
    assert len(target_limits.risks("q", made)) == 2


# Nothing goes there without a yes


@pytest.fixture
def connection(embedded: EmbeddedBroker) -> Connection:
    return Connection(port=embedded.port, login="guest", passcode="guest")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, embedded: EmbeddedBroker) -> dict[str, object]:
    """The arguments that the queue `short` is said to have; the embedded broker has no such things."""
    arguments: dict[str, object] = {"max-length": 3}

    def told(
        facts: EmbeddedQueueFacts, name: str, heard: DeclareAnswers, wait: bool = True
    ) -> tuple[RabbitMQQueueSettings, str]:
        return RabbitMQQueueSettings("classic", arguments if name == "short" else {}, {}), ""

    monkeypatch.setattr(EmbeddedQueueFacts, "settings", told)
    embedded.call(lambda: [embedded.queues.declare(name) for name in ("short", "other")])
    return arguments


@pytest.fixture
def held(embedded: EmbeddedBroker, connection: Connection, settings: dict[str, object]) -> Any:
    for number in range(4):
        embedded.publish("/queue/orders", b"m%d" % number)
    with peeking(connection, "/queue/orders") as peek:
        peek.look(PeekOptions(10))
        yield peek


def test_a_move_without_a_yes_moves_nothing(embedded: EmbeddedBroker, held: Peeking) -> None:
    action = Action("move", "/queue/short")
    assert held.plan(action, range(4)).risks == (SHORT,)
    result = held.act(action, range(4))
    assert result.reasons == [(f"it was not agreed to: {SHORT}", 4)]
    assert (result.text, result.notes) == ("0 moved, 4 failed", [])
    assert embedded.bodies("short") == []
    result = held.act(Action("move", "/queue/short", accepts=(SHORT,)), range(4))
    assert (result.text, result.notes) == ("4 moved", [SHORT])


def test_a_risk_that_is_new_since_is_refused(
    embedded: EmbeddedBroker, held: Peeking, settings: dict[str, object]
) -> None:
    plan = held.plan(Action("move", "/queue/short"), range(4))
    settings["message-ttl"] = 5
    result = held.act(Action("move", "/queue/short", accepts=plan.risks), range(4))
    assert result.text == "0 moved, 4 failed"
    assert "keeps a message for 5 ms" in result.reasons[0][0]
    assert SHORT not in result.reasons[0][0]
    held.close()
    assert len(embedded.bodies("orders")) == 4


def test_only_what_goes_there_needs_a_yes(embedded: EmbeddedBroker, connection: Connection, held: Peeking) -> None:
    for number in range(4):
        embedded.publish("/queue/dead", b"m%d" % number, [("x-first-death-queue", ("short", "other")[number % 2])])
    with peeking(connection, "/queue/dead") as peek:
        peek.look()
        assert peek.plan(Action("retry"), range(4)).risks == (SHORT,)
        assert peek.act(Action("retry"), range(4)).text == "2 retried, 2 failed"
        assert peek.act(Action("retry", accepts=(SHORT,)), [0, 2]).text == "2 retried"


@pytest.mark.parametrize("spelling", ["/queue/orders", "/amq/queue/orders", "orders"])
def test_the_queue_itself_needs_a_yes(embedded: EmbeddedBroker, held: Peeking, spelling: str) -> None:
    plan = held.plan(Action("move", spelling), [0])
    (risk,) = plan.risks
    assert risk.startswith("/amq/queue/orders is the queue where they are")
    assert held.act(Action("move", spelling), [0]).text == "0 moved, 1 failed"
    assert held.act(Action("move", spelling, accepts=(risk,)), [0]).text == "1 moved"
    held.close()
    assert embedded.bodies("orders") == [b"m1", b"m2", b"m3", b"m0"]


def write(path: Path, *queues: str) -> Path:
    path.write_bytes(b"".join(FileMessage(f"/queue/{name}", (), b"m%d" % n).line() for n, name in enumerate(queues)))
    return path


@pytest.mark.parametrize("target", ["", "/queue/short"])
def test_a_refill_sends_nothing_at_all_without_a_yes(
    embedded: EmbeddedBroker, connection: Connection, settings: dict[str, object], tmp_path: Path, target: str
) -> None:
    path = write(tmp_path / "messages.jsonl", "other", "other", "short")
    failed = refill(connection, path, target).failed
    assert isinstance(failed, Unagreed)
    assert failed.risks == (SHORT,)
    assert embedded.bodies("other") == embedded.bodies("short") == []
    result = start_refill(connection, path, target, accepts=(SHORT,)).wait().result
    assert (result.text, result.notes) == ("3 sent", [SHORT])


def test_the_command_line_needs_the_option_where_nobody_can_be_asked(
    embedded: EmbeddedBroker, settings: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "messages.jsonl", "other", "short")
    arguments = ["refill", f"stomp://127.0.0.1:{embedded.port}/", str(path)]
    assert main(arguments) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert SHORT in told.err and "nothing was sent: without a terminal to ask on, --yes is needed" in told.err
    assert embedded.bodies("other") == embedded.bodies("short") == []
    assert main([*arguments, "--yes"]) == 0
    told = capsys.readouterr()
    assert told.out == "2 sent\n"
    assert SHORT in told.err


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("\n", 1), ("no\n", 1), ("", 1)])
def test_on_a_terminal_it_is_asked(
    embedded: EmbeddedBroker,
    settings: dict[str, object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    status: int,
) -> None:
    monkeypatch.setattr("stomptui.cli.transfer.refilling.on_a_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin.readline", lambda: answer, raising=False)
    path = write(tmp_path / "messages.jsonl", "short")
    assert main(["refill", f"stomp://guest:guest@127.0.0.1:{embedded.port}/", str(path)]) == status
    assert len(embedded.bodies("short")) == (1 if status == 0 else 0)
