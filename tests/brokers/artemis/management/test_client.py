"""What the management of Artemis is asked and answers, and messages as it lists and copies them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stomptui.brokers.artemis.management.client import (
    Call,
    CallAnswer,
    Declined,
    ManagementClient,
    NoRight,
    answer_of,
)
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace, FoundQueue
from stomptui.brokers.artemis.peek.messages import (
    STREAM,
    Listed,
    as_there,
    as_told,
    copy_messages,
    list_messages,
    number_of,
)
from stomptui.connection.blocking_client import (
    BlockingClient,
    BlockingEventQueue,
    ClientError,
    NoAnswer,
    RequestRefused,
)
from stomptui.connection.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.protocol.frame import Frame


def message(*lines: str, body: bytes = b"body", version: str = "1.2") -> Frame:
    return Frame("\n".join(["MESSAGE", *lines, "", ""]).encode() + body, version)


class FakeLine:
    """Answers each call by `answer`, which gives the body and whether it was done, or None for silence."""

    def __init__(self) -> None:
        self.event_queue = BlockingEventQueue()
        self.number, self.gone, self.version = 1, "", "1.1"
        self.session = SimpleNamespace(state=SimpleNamespace(over=False))
        self.sent: list[tuple[str, list[tuple[str, str]], bytes]] = []
        self.refuses: set[str] = set()
        self.copies: dict[int, bytes] = {}
        self.results: dict[str, Any] = {}

    def answer_deadline(self, deadline: float) -> float:
        return deadline

    def no_answer(self) -> ClientError:
        return NoAnswer("no answer")

    def post(self, command: str, headers: Any, body: bytes = b"") -> str:
        self.sent.append((command, list(headers), body))
        receipt = str(len(self.sent))
        found = dict(headers)
        operation = found.get("_AMQ_OperationName", "")
        if operation in self.refuses:
            self.event_queue.put(BrokerError(1, 0.0, "no", "AMQ339011 no", receipt))
        elif operation == "lost":
            self.event_queue.put(Lost(1, 0.0, "cut by the test"))
        elif operation != "silent":
            self.event_queue.put(ReceiptArrived(1, 0.0, receipt, 0.0))
            self.answer(operation, found, json.loads(body))
        return receipt

    def answer(self, operation: str, headers: dict[str, str], arguments: list[Any]) -> None:
        if operation == "copyMessage" and arguments[0] in self.copies:
            self.deliver(self.copies[arguments[0]].replace(b":r\n", f":{headers['reply-to']}\n".encode(), 1))
        result = self.results.get(operation, True)
        told = result(*arguments) if callable(result) else result
        done = "false" if isinstance(told, Exception) else "true"
        body = json.dumps([str(told) if isinstance(told, Exception) else told])
        self.deliver(
            f"MESSAGE\nsubscription:{headers['reply-to']}\ncorrelation-id:{headers['correlation-id']}\n"
            f"_AMQ_OperationSucceeded:{done}\n\n{body}".encode()
        )

    def deliver(self, raw: bytes) -> None:
        self.event_queue.put(cast(Event, SimpleNamespace(session=1, raw=raw)))

    def frames(self, event: Any) -> list[Frame]:
        return [Frame(event.raw, "1.1")]

    def ask(self, command: str, headers: Any, body: bytes = b"", timeout: float = 0.0) -> float:
        self.sent.append((command, list(headers), body))
        if command in self.refuses:
            raise RequestRefused("no", "AMQ339011 no")
        return 0.0

    def close(self) -> None:
        self.gone = "closed"

    drop = close


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> FakeLine:
    monkeypatch.setattr("stomptui.brokers.artemis.management.client.Received", SimpleNamespace)
    return FakeLine()


def management(line: FakeLine) -> ManagementClient:
    made = ManagementClient(cast(BlockingClient, line))
    made.open()
    return made


class TestManagement:
    def test_a_call_goes_without_a_length_which_would_make_it_bytes(self, line: FakeLine) -> None:
        line.results["listMessages"] = lambda found: [found]
        assert management(line).call("queue.q", "listMessages", "a = 'é'") == ["a = 'é'"]
        _, headers, body = line.sent[-1]
        assert dict(headers)["destination"] == "activemq.management"
        assert dict(headers)["_AMQ_ResourceName"] == "queue.q"
        assert "content-length" not in dict(headers)
        assert json.loads(body) == ["a = 'é'"]
        assert Call("broker", "getVersion").body == b"[]", "never empty"

    def test_who_may_not_leaves_nothing_behind(self, line: FakeLine) -> None:
        line.refuses.add("SEND")
        with pytest.raises(NoRight, match="may not manage"):
            management(line)
        assert [command for command, _, _ in line.sent] == ["SEND"], "no address for answers was made"
        assert "reply-to" not in dict(line.sent[0][1])

    def test_a_failure_has_the_words_of_the_broker(self, line: FakeLine) -> None:
        line.results["moveMessage"] = ValueError("AMQ229049: No queue found for x")
        with pytest.raises(Declined, match="there is no such queue") as caught:
            management(line).call("queue.q", "moveMessage", 1, "x")
        assert caught.value.server_text == "AMQ229049: No queue found for x"

    def test_an_error_about_one_call_is_no_end_of_the_others(self, line: FakeLine) -> None:
        line.refuses.add("bad")
        told: dict[int, CallAnswer] = {}
        calls = [(1, Call("broker", "good")), (2, Call("broker", "bad")), (3, Call("broker", "good"))]
        assert management(line).run(calls, told.__setitem__) == ""
        assert told == {1: CallAnswer(True), 2: CallAnswer(failure="AMQ339011 no"), 3: CallAnswer(True)}

    def test_what_was_not_answered_when_the_connection_ended_is_in_doubt_and_the_rest_untouched(
        self, line: FakeLine
    ) -> None:
        told: dict[int, CallAnswer] = {}
        calls = [(1, Call("broker", "good")), (2, Call("broker", "silent")), (3, Call("broker", "lost"))]
        ended = management(line).run(calls, told.__setitem__)
        assert ended == "the connection ended: cut by the test"
        assert told[1] == CallAnswer(True)
        assert (told[2].lost, told[3].lost) == ("cut by the test", "cut by the test")

    def test_a_broker_that_says_nothing_is_not_waited_for_for_ever(
        self, line: FakeLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("stomptui.brokers.artemis.management.client.ANSWER_TIMEOUT", 0.05)
        with pytest.raises(NoAnswer):
            management(line).call("broker", "silent")

    @pytest.mark.timeout(10)
    def test_an_answer_that_comes_after_it_was_given_up_changes_nothing(
        self, line: FakeLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = management(line)
        told: dict[int, CallAnswer] = {}
        with monkeypatch.context() as patch:
            patch.setattr("stomptui.brokers.artemis.management.client.ANSWER_TIMEOUT", 0.05)
            with pytest.raises(NoAnswer):
                made.call("broker", "silent")
            assert "no answer" in made.run([(1, Call("broker", "silent"))], told.__setitem__)
        assert "no answer" in told[1].lost
        for _, headers, _ in line.sent[-2:]:
            line.answer("late", dict(headers), [])
        told.clear()
        # Were the late ones waited for, this would never end.
        assert made.run(((n, Call("broker", "good")) for n in range(300)), told.__setitem__) == ""
        assert told == {n: CallAnswer(True) for n in range(300)}
        assert made.call("broker", "good") is True
        assert made.copies == [], "and they are no copies of messages"

    def test_stopping_begins_no_more(self, line: FakeLine) -> None:
        told: dict[int, CallAnswer] = {}
        calls = ((n, Call("broker", "good")) for n in range(500))
        ended = management(line).run(calls, told.__setitem__, lambda: "by you" if len(told) >= 100 else "")
        assert ended == "by you"
        assert 100 <= len(told) < 500

    def test_what_others_are_told_stays_in_the_mailbox(self, line: FakeLine) -> None:
        other = Lost(7, 0.0, "another connection")
        line.event_queue.put(other)
        management(line).call("broker", "good")
        assert line.event_queue.get(0) is other

    def test_the_address_for_answers_goes_at_the_end(self, line: FakeLine) -> None:
        made = management(line)
        made.close()
        (_, unsubscribed, _), (_, deleted, body) = line.sent[-2:]
        assert unsubscribed == [("id", made.reply)]
        assert dict(deleted)["_AMQ_OperationName"] == "deleteAddress"
        assert json.loads(body) == [made.reply]
        assert line.gone == "", "the line is not ours"

    @pytest.mark.parametrize(
        ("lines", "body", "answer"),
        [
            (["_AMQ_OperationSucceeded:true"], b"[true]", CallAnswer(True)),
            (["_AMQ_OperationSucceeded:true"], b"", CallAnswer(None)),
            (["_AMQ_OperationSucceeded:true"], b'{"x": 1}', CallAnswer({"x": 1})),
            (["_AMQ_OperationSucceeded:false"], b'["no"]', CallAnswer(failure="no")),
            (["_AMQ_OperationSucceeded:false"], b"[null]", CallAnswer(failure="it did not say why")),
            ([], b"[true]", CallAnswer(failure="True")),
            (["_AMQ_OperationSucceeded:true"], b"{", CallAnswer(failure="its answer cannot be read")),
        ],
    )
    def test_answers(self, lines: list[str], body: bytes, answer: CallAnswer) -> None:
        assert answer_of(message(*lines, body=body)) == answer


# Messages


FOUND = FoundQueue(ArtemisPlace("q", "q"), 3, 0, 0)


def row(number: int, kind: int = 3) -> dict[str, Any]:
    return {
        "messageID": number, "type": kind, "expiration": 9, "priority": 4, "durable": True, "timestamp": 17,
        "address": "q", "destination": "/queue/q", "n": number, "receipt": "1",
    }  # fmt: skip


def copy(number: int, *lines: str) -> bytes:
    head = ["MESSAGE", "subscription:r", f"message-id:8,{number + 100}", "destination:stomptui.x", "expires:0"]
    return "\n".join([*head, "redelivered:false", *lines, "", ""]).encode() + b"m%d" % number


class TestMessages:
    def test_copies_have_what_the_message_itself_has(self) -> None:
        made = as_there(Frame(copy(5, "message-id:of the sender", "cr:a\\rb"), "1.1"), Listed.of(row(5)), FOUND)
        assert made.headers == (
            ("subscription", "r"), ("message-id", "0,5"), ("destination", "q"), ("expires", "9"),
            ("message-id", "of the sender"), ("cr", "a\rb"),
        )  # fmt: skip
        assert made.body == b"m5"
        assert number_of(made) == 5

    @pytest.mark.parametrize(("lines", "number"), [(["message-id:7,5"], 5), (["message-id:x"], None), ([], None)])
    def test_the_number_of_a_message_is_the_second_part_of_its_id(self, lines: list[str], number: int | None) -> None:
        assert number_of(message(*lines)) == number

    def test_copies_are_told_apart_by_their_order(self, line: FakeLine) -> None:
        line.results |= {"listMessages": [row(5), row(6), row(7)], "getQueueNames": ["temp"]}
        line.copies = {number: copy(number) for number in (5, 7)}
        line.results["copyMessage"] = lambda number, queue: number != 6
        asked = management(line)
        listing = list_messages(asked, FOUND, None)
        (portion,) = copy_messages(asked, FOUND, listing.messages)
        assert [(m.id, frame.body if frame else None) for m, frame in portion] == [(5, b"m5"), (6, None), (7, b"m7")]

    def test_a_message_that_is_not_rendered_is_told_of_and_the_others_are_right(self, line: FakeLine) -> None:
        line.results |= {"listMessages": [row(5), row(6), row(7, STREAM), row(8)], "getQueueNames": ["temp"]}
        line.copies = {number: copy(number) for number in (5, 8)}
        asked = management(line)
        (portion,) = copy_messages(asked, FOUND, list_messages(asked, FOUND, None).messages)
        frames = {m.id: frame for m, frame in portion}
        assert [frame.body for frame in frames.values() if frame] == [b"m5", b"", b"", b"m8"]
        told = frames[7]
        assert told is not None
        assert told.get("n") == "7"
        assert (number_of(told), told.get("persistent"), told.get("destination")) == (7, "true", "q")

    def test_no_more_are_listed_than_asked_for(self, line: FakeLine) -> None:
        line.results["listMessages"] = [row(5), row(6), row(7)]
        assert [m.id for m in list_messages(management(line), FOUND, 2).messages] == [5, 6]

    @pytest.mark.parametrize("answer", [ValueError("no operation"), {"x": []}, {"javax": 1}, 7])
    def test_where_more_pages_cannot_be_read_the_first_is_shown_and_that_is_known(
        self, line: FakeLine, answer: Any
    ) -> None:
        line.results |= {"listMessages": [row(5)], "browse": answer}
        listing = list_messages(management(line), FoundQueue(ArtemisPlace("q", "q"), 9, 0, 0), None)
        assert ([m.id for m in listing.messages], listing.unread) == ([5], True)

    def test_a_message_needs_a_number_a_type_and_an_end(self) -> None:
        with pytest.raises(KeyError):
            Listed.of({"messageID": 5})
        assert as_told(Listed(5, STREAM, 0), FOUND).get("message-id") == "0,5"
