"""A queue that goes away while messages are sent there takes none of them with it, and none is said to have arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stomptui.brokers.rabbitmq.targets.targets import RabbitMQTargets
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import ConnectionGone, RequestRefused
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action, ActionTarget
from stomptui.queues.peek.peek_values import PeekOptions
from stomptui.queues.sending import confirmed_sending
from stomptui.queues.transfer import refill as refilling
from tests.support.embedded import EmbeddedBroker
from tests.support.peeking import Peeking, peeking
from tests.support.transferring import refill

PORTION = 10
FOUND = [b"m%d" % n for n in range(3 * PORTION)]
GONE = "/amq/queue/other went away meanwhile"
LOST = f"{GONE}, and what was sent there with it unless it was read; it is still in this queue"


@pytest.fixture
def connection(embedded: EmbeddedBroker) -> Connection:
    return Connection(port=embedded.port, login="guest", passcode="guest")


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[int, Callable[[], object]]]:
    """What is to happen before the n-th portion, from 1, is asked for: where it went is checked at the start too."""
    monkeypatch.setattr(confirmed_sending, "PORTION", PORTION)
    monkeypatch.setattr(refilling, "PORTION", PORTION)
    happens: dict[int, Callable[[], object]] = {}
    asked = 0
    still_there = RabbitMQTargets.still_there

    def ask(targets: RabbitMQTargets, target: object) -> bool | None:
        nonlocal asked
        asked += 1
        happens.pop(asked, lambda: None)()
        return still_there(targets, target)  # type: ignore[arg-type]

    monkeypatch.setattr(RabbitMQTargets, "still_there", ask)
    yield happens
    assert not happens, "it was asked less often"


@pytest.fixture
def held(embedded: EmbeddedBroker, connection: Connection) -> Iterator[Peeking]:
    """All messages of a queue, held; there is another queue, empty."""
    embedded.call(lambda: embedded.queues.declare("other"))
    for body in FOUND:
        embedded.publish("/queue/orders", body)
    with peeking(connection, "/queue/orders") as peek:
        assert peek.look(PeekOptions(len(FOUND))).count == len(FOUND)
        yield peek


ALL = range(len(FOUND))


@pytest.mark.parametrize("portion", [1, 2, 3])
def test_what_was_sent_to_a_queue_that_went_away_is_not_taken_away(
    embedded: EmbeddedBroker, held: Peeking, before: dict[int, Callable[[], object]], portion: int
) -> None:
    before[portion] = lambda: embedded.delete("other")
    result = held.act(Action("move", "/queue/other"), ALL)
    moved = PORTION * (portion - 1)
    assert [result.count(state) for state in ("done", "failed", "doubt")] == [moved, 0, PORTION]
    assert (result.stopped, result.reasons) == (GONE, [(LOST, PORTION)])
    held.close()
    assert embedded.bodies("orders") == FOUND[moved:]


def test_where_nobody_can_say_whether_it_is_there_nothing_is_taken_away(
    embedded: EmbeddedBroker, held: Peeking, before: dict[int, Callable[[], object]]
) -> None:
    def fail() -> None:
        raise ConnectionGone("the broker did not answer in time")

    before.update(dict.fromkeys((2, 3, 4), fail))
    result = held.act(Action("move", "/queue/other"), ALL)
    why = "whether /amq/queue/other is still there cannot be found out: the broker did not answer in time"
    assert result.text == f"10 moved, 10 perhaps in both places, 10 untouched; stopped: {why}"
    assert result.reasons == [(f"it was sent, and is still in this queue; {why}", PORTION)]
    held.close()
    assert embedded.bodies("orders") == FOUND[PORTION:]
    assert embedded.bodies("other") == FOUND[: 2 * PORTION]


def test_a_copy_that_is_gone_is_not_said_to_be_there(
    embedded: EmbeddedBroker, held: Peeking, before: dict[int, Callable[[], object]]
) -> None:
    before[1] = lambda: embedded.delete("other")
    result = held.act(Action("copy", "/queue/other"), range(3))
    assert result.text == f"0 copied, 3 not confirmed; stopped: {GONE}"
    held.close()
    assert embedded.bodies("orders") == FOUND


def test_what_went_elsewhere_is_no_concern_of_a_queue_that_went_away(
    embedded: EmbeddedBroker, connection: Connection, before: dict[int, Callable[[], object]]
) -> None:
    for number, body in enumerate(FOUND[:PORTION]):
        embedded.publish("/queue/dead", body, [("x-first-death-queue", ("a", "b")[number % 2])])
    embedded.call(lambda: [embedded.queues.declare(name) for name in ("a", "b")])
    before[1] = lambda: embedded.delete("a")
    with peeking(connection, "/queue/dead") as peek:
        assert peek.look().count == PORTION
        result = peek.act(Action("retry"), range(PORTION))
    assert result.text == "5 retried, 5 perhaps in both places; stopped: /amq/queue/a went away meanwhile"
    assert embedded.bodies("b") == FOUND[1:PORTION:2]
    assert embedded.bodies("dead") == FOUND[0:PORTION:2]


def test_nothing_is_said_to_be_sent_that_went_away_with_its_queue(
    embedded: EmbeddedBroker, connection: Connection, before: dict[int, Callable[[], object]], tmp_path: Path
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage("/queue/other", (), body).line() for body in FOUND))
    embedded.call(lambda: embedded.queues.declare("other"))
    taken: list[bytes] = []

    def take_and_delete() -> None:
        taken.extend(embedded.bodies("other")[:PORTION])
        embedded.delete("other")

    before[2] = take_and_delete
    result = refill(connection, path).result
    assert result.text == f"10 sent, 10 not confirmed, 10 untouched; stopped: {GONE}"
    lost = f"{GONE}, and what was sent there with it unless it was read; it is still in the file"
    why = f"lines 11 to 20: {lost}"
    assert result.reasons == [(why, PORTION)]
    assert result.next_line == PORTION + 1
    assert taken == FOUND[:PORTION]
    assert refill(connection, path, first_line=result.next_line).result.text == "20 sent"
    assert embedded.bodies("other") == FOUND[PORTION:]


def test_what_was_confirmed_before_the_broker_went_away_is_not_sent_again(
    connection: Connection, embedded: EmbeddedBroker, before: dict[int, Callable[[], object]], tmp_path: Path
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage("/queue/other", (), body).line() for body in FOUND))

    def fail() -> None:
        raise ConnectionGone("the broker did not answer in time")

    before.update(dict.fromkeys((1, 2, 3), fail))
    result = refill(connection, path).result
    assert result.text.startswith("10 sent, 20 untouched; stopped: whether /queue/other is still there cannot be")
    assert any("it was there before the last 10 were confirmed" in note for note in result.notes)
    assert (result.uncertain, result.unsent) == ([], [(PORTION + 1, 0)])
    assert refill(connection, path, first_line=result.next_line).result.text == "20 sent"
    assert embedded.bodies("other") == FOUND


def test_a_question_that_is_cut_off_is_asked_again(
    connection: Connection, embedded: EmbeddedBroker, before: dict[int, Callable[[], object]], tmp_path: Path
) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_bytes(b"".join(FileMessage("/queue/other", (), body).line() for body in FOUND))

    def fail() -> None:
        raise ConnectionGone("the broker closed the connection")

    before[2] = fail
    assert refill(connection, path).result.text == "30 sent"
    assert embedded.bodies("other") == FOUND


def test_a_connection_that_breaks_while_it_is_asked_leaves_all_of_the_portion_in_doubt(
    embedded: EmbeddedBroker, held: Peeking, before: dict[int, Callable[[], object]]
) -> None:
    def cut() -> None:
        embedded.drop_clients()
        raise ConnectionGone("the broker did not answer in time")

    before[2] = cut
    result = held.act(Action("move", "/queue/other"), ALL)
    assert [result.count(state) for state in ("done", "failed", "doubt", "untouched")] == [
        PORTION,
        0,
        PORTION,
        PORTION,
    ]


def test_acknowledgements_that_do_not_go_out_leave_what_arrived_in_doubt(
    embedded: EmbeddedBroker, held: Peeking, before: dict[int, Callable[[], object]]
) -> None:
    def cut() -> None:
        for word, line in held.lines:
            if word.startswith("peeking"):
                line.drop()

    before[2] = cut
    result = held.act(Action("move", "/queue/other"), ALL)
    assert [result.count(state) for state in ("done", "failed", "doubt", "untouched")] == [
        PORTION,
        0,
        PORTION,
        PORTION,
    ]
    assert all("it arrived, and is still in this queue as well" in told for told, _ in result.reasons)
    assert embedded.bodies("other") == FOUND[: 2 * PORTION]


def test_a_broker_that_could_not_be_asked_is_not_asked_again(
    embedded: EmbeddedBroker, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fail(targets: RabbitMQTargets, target: ActionTarget) -> bool | None:
        asked.append(target.destination)
        raise ConnectionGone("the broker did not answer in time")

    monkeypatch.setattr(RabbitMQTargets, "still_there", fail)
    for number, body in enumerate(FOUND[:PORTION]):
        embedded.publish("/queue/dead", body, [("x-first-death-queue", ("a", "b")[number % 2])])
    embedded.call(lambda: [embedded.queues.declare(name) for name in ("a", "b")])
    with peeking(connection, "/queue/dead") as peek:
        assert peek.look().count == PORTION
        result = peek.act(Action("retry"), range(PORTION))
    assert result.count("doubt") == PORTION
    assert set(asked) == {"/amq/queue/a"}


def test_a_missing_target_is_made_once_a_message_goes_there_and_not_before(
    embedded: EmbeddedBroker, held: Peeking
) -> None:
    def there() -> bool:
        return "made" in embedded.call(embedded.queues.depths)

    plan = held.plan(Action("move", "/queue/made"), ALL)
    assert "To /queue/made: a new queue, it does not exist yet" in plan.lines[0]
    assert not there()
    assert held.act(Action("copy", "/queue/made"), []).text == "0 copied"
    assert not there()
    assert held.act(Action("move", "/queue/made"), range(3)).text == "3 moved"
    assert [word for word, _ in held.lines if word == "making the queue"] == ["making the queue"]
    held.return_messages()
    assert held.act(Action("move", "/queue/never"), [3]).text == "0 moved, 1 failed"
    assert "never" not in embedded.call(embedded.queues.depths)
    assert embedded.bodies("made") == FOUND[:3]


def test_a_target_that_cannot_be_made_gets_nothing(
    embedded: EmbeddedBroker, held: Peeking, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fail(targets: RabbitMQTargets, target: ActionTarget) -> ActionTarget:
        tried.append(target.destination)
        raise RequestRefused("precondition_failed", "PRECONDITION_FAILED - queue limit in vhost '/' reached")

    monkeypatch.setattr(RabbitMQTargets, "make", fail)
    result = held.act(Action("move", "/queue/made"), ALL)
    assert result.text == f"0 moved, {len(FOUND)} failed"
    why = "/queue/made could not be made: PRECONDITION_FAILED - queue limit in vhost '/' reached"
    assert result.reasons == [(why, len(FOUND))]
    assert tried == ["/queue/made"]
    held.close()
    assert embedded.bodies("orders") == FOUND
