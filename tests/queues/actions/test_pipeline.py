"""Many messages under way at once: each step after the one before is confirmed, every fate told once, and truly."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue, ConnectionGone
from stomptui.connection.errors import NotConnected
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived, Subscribed
from stomptui.protocol.codec import EncodeError
from stomptui.queues.actions import pipeline as module
from stomptui.queues.actions.action import DONE, DOUBT, FAILED, MessageOutcome
from stomptui.queues.actions.pipeline import EndedEarly, Job, Pipeline, Step

SESSION = 7
IN_BOTH = MessageOutcome(DOUBT, "in both places")


class FakeLine:
    """A line whose broker is a function: from (receipt, command, body) to the events it answers with."""

    def __init__(self, event_queue: BlockingEventQueue, answer: Callable[[str, str, bytes], list[Event]]) -> None:
        self.number = SESSION
        self.sent: list[tuple[str, bytes]] = []
        self._mailbox = event_queue
        self._answer = answer
        self._receipts = itertools.count(1)

    def post(self, command: str, headers: object, body: bytes = b"") -> str:
        receipt = str(next(self._receipts))
        self.sent.append((command, body))
        for event in self._answer(receipt, command, body):
            self._mailbox.put(event)
        return receipt

    def send(self, command: str, headers: object, body: bytes = b"") -> None:
        self.sent.append((command, body))


def receipt(number: str, doubt: str = "") -> ReceiptArrived:
    return ReceiptArrived(SESSION, 0.0, number, 0.01, doubt)


def error(number: str, text: str = "no") -> BrokerError:
    return BrokerError(SESSION, 0.0, text, text, number)


def lost(text: str = "the broker closed the connection") -> Lost:
    return Lost(SESSION, 0.0, text)


class Run:
    """A pipeline on a fake line; `outcomes` has what was told, by index."""

    def __init__(self, answer: Callable[[str, str, bytes], list[Event]], **more: object) -> None:
        self.event_queue = BlockingEventQueue()
        self.client = FakeLine(self.event_queue, answer)
        self.outcomes: dict[int, MessageOutcome] = {}
        self.others: list[Event] = []
        self.pipeline = Pipeline(self.event_queue, self._tell, other=self.others.append, **more)  # type: ignore[arg-type]

    def _tell(self, index: int, outcome: MessageOutcome) -> None:
        assert index not in self.outcomes, "told twice"
        self.outcomes[index] = outcome

    def move(self, count: int) -> None:
        self.pipeline.run(Job(index, self.steps(index)) for index in range(count))

    def steps(self, index: int) -> Iterator[Step]:
        client = cast(BlockingClient, self.client)
        body = b"%d" % index
        yield Step(client, (("SEND", (), body),), lost=IN_BOTH)
        yield Step(client, (("ACK", (), body),), lambda text: MessageOutcome(DOUBT, f"in both: {text}"), IN_BOTH)


def test_the_second_step_is_taken_after_the_first_is_confirmed() -> None:
    run = Run(lambda number, command, body: [receipt(number)])
    run.move(3)
    assert run.outcomes == {0: MessageOutcome(DONE), 1: MessageOutcome(DONE), 2: MessageOutcome(DONE)}
    assert [command for command, _ in run.client.sent] == ["SEND"] * 3 + ["ACK"] * 3
    assert run.pipeline.ended == ""


def test_no_more_than_the_window_is_under_way() -> None:
    waiting: list[str] = []
    most = 0

    def answer(number: str, command: str, body: bytes) -> list[Event]:
        nonlocal most
        waiting.append(number)
        most = max(most, len(waiting))
        if len(waiting) < 4 and command == "SEND" and int(body) < 8:
            return []
        answered = [receipt(each) for each in waiting]
        waiting.clear()
        return list(answered)

    run = Run(answer, window=4)
    run.move(10)
    assert most <= 4
    assert all(outcome == MessageOutcome(DONE) for outcome in run.outcomes.values())
    assert len(run.outcomes) == 10


def test_what_is_refused_fails_and_the_others_go_on() -> None:
    def answer(number: str, command: str, body: bytes) -> list[Event]:
        return [error(number, "too large")] if (command, body) == ("SEND", b"1") else [receipt(number)]

    run = Run(answer)
    run.move(3)
    assert run.outcomes == {0: MessageOutcome(DONE), 1: MessageOutcome(FAILED, "too large"), 2: MessageOutcome(DONE)}


def test_an_ack_that_is_refused_after_the_send_is_said_to_be_in_both_places() -> None:
    def answer(number: str, command: str, body: bytes) -> list[Event]:
        return [receipt(number, "unknown tag")] if command == "ACK" else [receipt(number)]

    run = Run(answer)
    run.move(1)
    assert run.outcomes == {0: MessageOutcome(DOUBT, "in both: unknown tag")}


def test_an_error_that_does_not_say_what_it_is_about_is_put_down_to_the_one_that_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "AFTER_ERROR", 0.05)

    def answer(number: str, command: str, body: bytes) -> list[Event]:
        return [error("", "Processing error")] if (command, body) == ("SEND", b"1") else [receipt(number)]

    run = Run(answer)
    run.move(4)
    assert run.outcomes[1] == MessageOutcome(FAILED, "Processing error")
    assert [run.outcomes[index] for index in (0, 2, 3)] == [MessageOutcome(DONE)] * 3


def test_two_that_are_not_answered_after_one_error_are_both_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AFTER_ERROR", 0.05)
    run = Run(lambda number, command, body: [error("", "Processing error")] if body == b"0" else [])
    run.move(2)
    assert run.outcomes == {index: MessageOutcome(DOUBT, "in both places: Processing error") for index in range(2)}


def test_a_connection_that_ends_leaves_the_rest_untouched_and_says_what_is_in_doubt() -> None:
    def answer(number: str, command: str, body: bytes) -> list[Event]:
        if command == "ACK":
            return []
        return [receipt(number)] if body == b"0" else [lost()] if body == b"1" else []

    run = Run(answer, window=2)
    run.move(5)
    assert run.outcomes[0] == MessageOutcome(DOUBT, "in both places: the broker closed the connection")
    assert run.outcomes[1].state == DOUBT
    assert set(run.outcomes) == {0, 1}
    assert "the broker closed the connection" in run.pipeline.ended


def test_a_connection_of_somebody_else_that_ends_is_no_concern() -> None:
    other = Lost(99, 0.0, "closed")
    run = Run(lambda number, command, body: [other, receipt(number)])
    run.move(1)
    assert run.outcomes == {0: MessageOutcome(DONE)}
    assert run.others == [other, other]
    assert run.pipeline.ended == ""


def test_stopping_settles_what_was_begun_and_begins_nothing_more() -> None:
    begun: list[bytes] = []

    def answer(number: str, command: str, body: bytes) -> list[Event]:
        begun.append(body)
        return [receipt(number)]

    run = Run(answer, window=1, stopped=lambda: "by you" if len(begun) >= 3 else "")
    run.move(10)
    assert run.outcomes == {0: MessageOutcome(DONE), 1: MessageOutcome(DONE)}
    assert run.pipeline.ended == "by you"


def test_no_answer_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENCE", 0.05)
    run = Run(lambda number, command, body: [])
    run.move(1)
    assert run.outcomes[0].state == DOUBT
    assert "no answer" in run.outcomes[0].text
    assert "no answer" in run.pipeline.ended


def test_being_woken_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(lambda number, command, body: [])
    run.event_queue.wake()
    run.event_queue.put(receipt("1"))
    run.event_queue.put(receipt("2"))
    run.move(1)
    assert run.outcomes == {0: MessageOutcome(DONE)}


def test_steps_that_cannot_be_made() -> None:
    def steps(problem: Exception) -> Iterator[Step]:
        raise problem
        yield

    run = Run(lambda number, command, body: [])
    problems = [EncodeError("a NUL", None, "body"), ValueError("no name"), NotConnected("gone"), EndedEarly(IN_BOTH)]
    run.pipeline.run(Job(index, steps(problem)) for index, problem in enumerate(problems))
    assert [outcome.text for outcome in run.outcomes.values()] == ["a NUL", "no name", "gone", "in both places"]
    assert [outcome.state for outcome in run.outcomes.values()] == [FAILED, FAILED, FAILED, DOUBT]


def test_a_line_that_is_gone_ends_it_before_anything_is_in_doubt() -> None:
    class GoneLine(FakeLine):
        def post(self, command: str, headers: object, body: bytes = b"") -> str:
            raise ConnectionGone("the connection ended")

    run = Run(lambda number, command, body: [])
    run.client = GoneLine(run.event_queue, lambda number, command, body: [])
    run.move(3)
    assert run.outcomes == {0: MessageOutcome(FAILED, "the connection ended")}
    assert run.pipeline.ended == "the connection ended"


def test_other_events_are_handed_on() -> None:
    event = Subscribed(SESSION, 0.0, "s", 0.1)
    run = Run(lambda number, command, body: [event, receipt(number)])
    run.move(1)
    assert run.others == [event, event]
