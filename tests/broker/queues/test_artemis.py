"""Artemis's queues: which one is meant, what is carried on, what its management is asked, and what it answers."""

from __future__ import annotations

import json
import struct
from types import SimpleNamespace
from typing import Any, cast

import pytest

from stomptui.broker.dialects import dialect_for
from stomptui.broker.events import BrokerError, Event, Lost, ReceiptArrived
from stomptui.broker.line import Line, Mailbox, NoAnswer, Refused
from stomptui.broker.queues import Order, Room
from stomptui.broker.queues.artemis import ArtemisAccess
from stomptui.broker.queues.artemis_holding import ArtemisHolding
from stomptui.broker.queues.artemis_management import Answer, Call, Declined, Management, NoRight, answer_of
from stomptui.broker.queues.artemis_messages import (
    STREAM,
    Listed,
    as_there,
    as_told,
    copy_messages,
    list_messages,
    number_of,
)
from stomptui.broker.queues.artemis_places import Found, Place, is_pattern, meant
from stomptui.broker.queues.javadata import Alike, JavaDataError, JavaObject
from stomptui.broker.queues.words import plain
from stomptui.protocol.frame import Frame

DUMP = "AMQ339011 Error sending message CoreMessage[messageID=5, address=x, properties=TypedProperties[a=b]]@1"


def no_dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> Line:
    raise AssertionError("nobody is asked here")


def holding(queue: str = "/queue/q") -> ArtemisHolding:
    return ArtemisHolding(Room(no_dial, Mailbox()), queue, dialect_for("artemis"))


def message(*lines: str, body: bytes = b"body", version: str = "1.2") -> Frame:
    return Frame("\n".join(["MESSAGE", *lines, "", ""]).encode() + body, version)


class TestPlaces:
    @pytest.mark.parametrize(
        ("destination", "place"),
        [
            ("x", Place("x", "x")),
            ("/queue/x", Place("x", "x")),
            ("a.b", Place("a.b", "a.b")),
            ("a::q", Place("q", "a")),
            ("/queue/a::q", Place("q", "a")),
            ("/topic/a::q", Place("q", "a")),
            ("/topic/x", None),
            ("/queue/", None),
            ("::q", None),
            ("a::", None),
            ("", None),
        ],
    )
    def test_the_queue_that_is_meant(self, destination: str, place: Place | None) -> None:
        assert meant(destination) == place

    def test_a_bare_name_says_that_it_is_a_queue_as_it_may_else_become_a_topic(self) -> None:
        place = Place("q", "q")
        assert place.destination == "q"
        assert place.read_headers == (("subscription-type", "ANYCAST"),)
        assert place.send_headers == (("destination-type", "ANYCAST"),)

    @pytest.mark.parametrize("place", [Place("q", "a"), Place("q", "q", multicast=True)])
    def test_a_queue_of_another_address_has_both_names(self, place: Place) -> None:
        assert place.destination == f"{place.address}::q"
        assert place.read_headers == place.send_headers == ()

    @pytest.mark.parametrize(("name", "pattern"), [("a.#", True), ("/queue/*", True), ("a#", False), ("a.b", False)])
    def test_patterns(self, name: str, pattern: bool) -> None:
        assert is_pattern(name) == pattern
        assert bool(holding(name).survey().refusal) == pattern


class TestCarrying:
    def test_what_the_sender_said_stays_in_order_and_the_brokers_own_goes(self) -> None:
        carried = holding().carry(
            message(
                "subscription:s", "content-length:4", "message-id:5,77", "destination:q", "correlation-id:c",
                "expires:0", "redelivered:false", "priority:4", "persistent:true", "reply-to:r", "timestamp:17",
                "type:T", "content-type:text/plain", "destination-type:ANYCAST", "b:2", "receipt:1", "a:1",
                "destination-type:ANYCAST", "_AMQ_LARGE_SIZE:4", "__AMQ_CID:x", "ack:5,77",
            )
        )  # fmt: skip
        assert carried.headers == (
            ("correlation-id", "c"), ("priority", "4"), ("persistent", "true"), ("reply-to", "r"), ("type", "T"),
            ("content-type", "text/plain"), ("b", "2"), ("a", "1"),
        )  # fmt: skip
        assert carried.left_out == (("timestamp", "17"),)
        assert (carried.body, carried.content_length, carried.problem) == (b"body", True, "")

    def test_a_group_has_another_name_when_it_is_sent(self) -> None:
        assert holding().carry(message("_AMQ_GROUP_ID:g")).headers == (("JMSXGroupID", "g"),)

    def test_an_end_that_is_to_come_stays_and_one_that_is_past_is_left_out_and_said(self) -> None:
        future = ("expires", "4000000000000")
        assert holding().carry(message("expires:4000000000000")).headers == (future,)
        carried = holding().carry(message("expires:1000000000000"), retry=True)
        assert (carried.headers, carried.left_out) == ((), (("expires", "1000000000000"),))

    def test_an_id_against_repeats_is_left_out_as_the_other_queue_may_have_seen_it(self) -> None:
        carried = holding().carry(message("_AMQ_DUPL_ID:d"))
        assert (carried.headers, carried.left_out) == ((), (("_AMQ_DUPL_ID", "d"),))

    def test_where_a_dead_letter_came_from_goes_when_it_is_retried_and_stays_when_it_is_moved(self) -> None:
        frame = message("_AMQ_ORIG_ADDRESS:q", "_AMQ_ORIG_QUEUE:q", "_AMQ_ORIG_MESSAGE_ID:4", "_AMQ_ACTUAL_EXPIRY:5")
        assert holding().carry(frame, retry=True).headers == ()
        assert len(holding().carry(frame).headers) == 4

    @pytest.mark.parametrize(
        ("frame", "is_bytes"),
        [
            (message("subscription:s", "content-length:4", "message-id:1,2", "n:1"), True),
            (message("subscription:s", "message-id:1,2", "n:1", "content-length:4"), False),
            (message("subscription:s", "message-id:1,2", body=b""), False),
            (message("subscription:s", "message-id:1,2", "content-length:0", body=b""), True),
            (message("message-id:1,2", version="1.0"), False),
            (message("content-length:4", "message-id:1,2", version="1.0"), True),
            (message("message-id:1,2", "content-length:4", version="1.0"), True),
            (message("message-id:1,2", "content-length:2", body=b"\xff\xfe"), True),
        ],
        ids=["bytes", "text", "no text", "no bytes", "1.0 text", "1.0 bytes", "1.0 bytes alone", "no text at all"],
    )
    def test_the_place_of_its_length_tells_bytes_from_text(self, frame: Frame, is_bytes: bool) -> None:
        assert holding().carry(frame).content_length == is_bytes

    def test_a_text_with_a_nul_cannot_be_sent_as_text(self) -> None:
        text = message("message-id:1,2", "content-length:3", body=b"a\0b")
        assert "NUL" in holding().carry(text).problem
        assert holding().carry(message("content-length:3", "message-id:1,2", body=b"a\0b")).problem == ""

    def test_what_has_neither_text_nor_bytes_may_hold_what_does_not_show(self) -> None:
        assert "JMS map" in holding().incomplete(message("message-id:1,2", body=b""))
        assert holding().incomplete(message("content-length:0", "message-id:1,2", body=b"")) == ""


class TestOrigins:
    @pytest.mark.parametrize(
        ("lines", "origin"),
        [
            (["_AMQ_ORIG_ADDRESS:q", "_AMQ_ORIG_QUEUE:q", "_AMQ_ORIG_ROUTING_TYPE:1"], "q"),
            (["_AMQ_ORIG_ADDRESS:a", "_AMQ_ORIG_QUEUE:q"], "a::q"),
            (["_AMQ_ORIG_ADDRESS:q", "_AMQ_ORIG_QUEUE:q", "_AMQ_ORIG_ROUTING_TYPE:0"], "q::q"),
            (["_AMQ_ORIG_ADDRESS:q"], "q"),
            (["n:1"], ""),
        ],
    )
    def test_a_dead_letter_says_where_it_came_from(self, lines: list[str], origin: str) -> None:
        assert holding().origin(message(*lines)) == origin


class TestTargets:
    def test_without_the_right_a_bare_name_is_right_everywhere_and_refused_where_it_cannot_be(self) -> None:
        for name in ("x", "/queue/x"):
            target = holding().check(name)
            assert (target.destination, target.headers) == ("x", (("destination-type", "ANYCAST"),))
            assert (target.refusal, target.stored, target.exists) == ("", True, None)
            command, headers, _ = holding().sending(target, holding().carry(message("destination-type:MULTICAST")))
            assert command == "SEND"
            assert headers == (("destination", "x"), ("destination-type", "ANYCAST"))

    @pytest.mark.parametrize("name", ["a::q", "/topic/x"])
    def test_nothing_is_moved_where_artemis_confirms_and_drops(self, name: str) -> None:
        target = holding().check(name)
        assert "would be lost" in holding().refused(Order("move", name), target)
        assert holding().refused(Order("copy", name), target) == ""

    @pytest.mark.parametrize("name", ["a.#", "", "/queue/", "/topic/", "activemq.management", "/queue/activemq.x"])
    def test_what_is_no_target(self, name: str) -> None:
        assert holding().check(name).refusal


class Rounds(ArtemisHolding):
    """With so many bytes in each message that came."""

    def __init__(self, window: int, sizes: list[int]) -> None:
        super().__init__(Room(no_dial, Mailbox()), "q", dialect_for("artemis"))
        self._window = window
        self._held = {n: Frame(b"x" * (size - 2)) for n, size in enumerate(sizes)}

    def better(self, limit: int) -> int:
        return self._better_window(limit)


class TestWindows:
    """The broker delivers until the bytes of what it delivered pass the window."""

    def test_too_many_came_so_the_window_is_to_end_within_the_last_one(self) -> None:
        assert Rounds(10_000, [100, 200, 300, 400, 500]).better(3) == 100 + 200 + 150

    def test_as_many_came_as_should_and_the_window_lets_no_more_come(self) -> None:
        assert Rounds(450, [100, 200, 300]).better(3) == 0

    def test_as_many_came_as_should_but_more_may_come(self) -> None:
        assert Rounds(10_000, [100, 200, 300]).better(3) == 450

    def test_there_are_no_more(self) -> None:
        assert Rounds(10_000, [100, 200]).better(3) == 0
        assert Rounds(10_000, []).better(3) == 0

    def test_they_are_larger_than_was_thought(self) -> None:
        assert Rounds(10_000, [8_000, 8_000]).better(10) == 2 * 16_000 * 10 // 2


class TestWords:
    def test_the_whole_message_is_not_a_reason(self) -> None:
        assert plain(DUMP).startswith("Artemis could not take it; why is in its log alone")
        assert plain("AMQ339001 Destination does not exist x") == "there is no queue x, and Artemis makes none"


# The management


class FakeLine:
    """Answers each call by `answer`, which gives the body and whether it was done, or None for silence."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.number, self.gone, self.version = 1, "", "1.1"
        self.session = SimpleNamespace(state=SimpleNamespace(over=False))
        self.sent: list[tuple[str, list[tuple[str, str]], bytes]] = []
        self.refuses: set[str] = set()
        self.copies: dict[int, bytes] = {}
        self.results: dict[str, Any] = {}

    def post(self, command: str, headers: Any, body: bytes = b"") -> str:
        self.sent.append((command, list(headers), body))
        receipt = str(len(self.sent))
        found = dict(headers)
        operation = found.get("_AMQ_OperationName", "")
        if operation in self.refuses:
            self.mailbox.put(BrokerError(1, 0.0, "no", "AMQ339011 no", receipt))
        elif operation == "lost":
            self.mailbox.put(Lost(1, 0.0, "cut by the test"))
        elif operation != "silent":
            self.mailbox.put(ReceiptArrived(1, 0.0, receipt, 0.0))
            self._answer(operation, found, json.loads(body))
        return receipt

    def _answer(self, operation: str, headers: dict[str, str], arguments: list[Any]) -> None:
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
        self.mailbox.put(cast(Event, SimpleNamespace(session=1, raw=raw)))

    def frames(self, event: Any) -> list[Frame]:
        return [Frame(event.raw, "1.1")]

    def ask(self, command: str, headers: Any, body: bytes = b"", timeout: float = 0.0) -> float:
        self.sent.append((command, list(headers), body))
        if command in self.refuses:
            raise Refused("no", "AMQ339011 no")
        return 0.0

    def close(self) -> None:
        self.gone = "closed"

    drop = close


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> FakeLine:
    monkeypatch.setattr("stomptui.broker.queues.artemis_management.Received", SimpleNamespace)
    return FakeLine()


def management(line: FakeLine) -> Management:
    made = Management(cast(Line, line))
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
        told: dict[int, Answer] = {}
        calls = [(1, Call("broker", "good")), (2, Call("broker", "bad")), (3, Call("broker", "good"))]
        assert management(line).run(calls, told.__setitem__) == ""
        assert told == {1: Answer(True), 2: Answer(failure="AMQ339011 no"), 3: Answer(True)}

    def test_what_was_not_answered_when_the_connection_ended_is_in_doubt_and_the_rest_untouched(
        self, line: FakeLine
    ) -> None:
        told: dict[int, Answer] = {}
        calls = [(1, Call("broker", "good")), (2, Call("broker", "silent")), (3, Call("broker", "lost"))]
        ended = management(line).run(calls, told.__setitem__)
        assert ended == "the connection ended: cut by the test"
        assert told[1] == Answer(True)
        assert (told[2].lost, told[3].lost) == ("cut by the test", "cut by the test")

    def test_a_broker_that_says_nothing_is_not_waited_for_for_ever(
        self, line: FakeLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("stomptui.broker.queues.artemis_management.ANSWER", 0.05)
        with pytest.raises(NoAnswer):
            management(line).call("broker", "silent")

    def test_stopping_begins_no_more(self, line: FakeLine) -> None:
        told: dict[int, Answer] = {}
        calls = ((n, Call("broker", "good")) for n in range(500))
        ended = management(line).run(calls, told.__setitem__, lambda: "by you" if len(told) >= 100 else "")
        assert ended == "by you"
        assert 100 <= len(told) < 500

    def test_what_others_are_told_stays_in_the_mailbox(self, line: FakeLine) -> None:
        other = Lost(7, 0.0, "another connection")
        line.mailbox.put(other)
        management(line).call("broker", "good")
        assert line.mailbox.get(0) is other

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
            (["_AMQ_OperationSucceeded:true"], b"[true]", Answer(True)),
            (["_AMQ_OperationSucceeded:true"], b"", Answer(None)),
            (["_AMQ_OperationSucceeded:true"], b'{"x": 1}', Answer({"x": 1})),
            (["_AMQ_OperationSucceeded:false"], b'["no"]', Answer(failure="no")),
            (["_AMQ_OperationSucceeded:false"], b"[null]", Answer(failure="it did not say why")),
            ([], b"[true]", Answer(failure="True")),
            (["_AMQ_OperationSucceeded:true"], b"{", Answer(failure="its answer cannot be read")),
        ],
    )
    def test_answers(self, lines: list[str], body: bytes, answer: Answer) -> None:
        assert answer_of(message(*lines, body=body)) == answer


# Messages


FOUND = Found(Place("q", "q"), 3, 0, 0)


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
        listing = list_messages(management(line), Found(Place("q", "q"), 9, 0, 0), None)
        assert ([m.id for m in listing.messages], listing.unread) == ([5], True)

    def test_a_message_needs_a_number_a_type_and_an_end(self) -> None:
        with pytest.raises(KeyError):
            Listed.of({"messageID": 5})
        assert as_told(Listed(5, STREAM, 0), FOUND).get("message-id") == "0,5"


# What Java serialised


def utf(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def described(name: str, *fields: bytes, flags: int = 2, parent: bytes = b"\x70") -> bytes:
    return (
        b"\x72" + utf(name) + bytes(8) + bytes([flags]) + struct.pack(">H", len(fields)) + b"".join(fields)
        + b"\x78" + parent
    )  # fmt: skip


KIND = b"L" + utf("kind") + b"\x74" + utf("Ljava/lang/String;")
NUMBER = b"J" + utf("number")


def pair(kind: str, number: int) -> bytes:
    """An object whose second field is written after the first one, and which refers to both its class and itself."""
    return (
        b"\xac\xed\x00\x05\x73" + described("Pair", KIND, NUMBER, flags=3)
        + b"\x74" + utf(kind) + struct.pack(">q", number)
        + b"\x77\x02ab" + b"\x71" + struct.pack(">i", 0x7E0002) + b"\x78"
    )  # fmt: skip


class TestJavaData:
    def test_objects_are_plain_values(self) -> None:
        made = Alike().read(pair("text", 5))
        assert (made.name, made.fields) == ("Pair", {"kind": "text", "number": 5})
        assert made.written[0] == b"ab"
        assert made.written[1] is made, "a reference to itself"

    def test_what_begins_alike_is_read_the_same(self) -> None:
        alike = Alike()
        for kind, number in [("text", 1), ("text", 2), ("bytes", 3), ("text", 4), ("text", -5)]:
            made = alike.read(pair(kind, number))
            assert made.fields == {"kind": kind, "number": number}
            assert made.written[1] is made

    def test_arrays_and_classes_that_are_derived(self) -> None:
        parent = described("Number")
        number = b"\x73" + described("Integer", b"I" + utf("value"), parent=parent) + struct.pack(">i", 7)
        array = b"\x75" + described("[Ljava.lang.Object;") + struct.pack(">i", 2) + number + b"\x70"
        holder = b"\xac\xed\x00\x05\x73" + described("Box", b"[" + utf("all") + b"\x74" + utf("[L")) + array
        (first, second) = Alike().read(holder).fields["all"]
        assert isinstance(first, JavaObject)
        assert (first.fields, second) == ({"value": 7}, None)

    @pytest.mark.parametrize("data", [b"", b"{}", b"\xac\xed\x00\x05\x70", b"\xac\xed\x00\x05\x73\x99"])
    def test_something_else_is_refused(self, data: bytes) -> None:
        with pytest.raises(JavaDataError):
            Alike().read(data)

    def test_what_is_cut_off_anywhere_is_refused(self) -> None:
        whole = pair("x", 1)
        for cut in range(len(whole)):
            with pytest.raises(JavaDataError):
                Alike().read(whole[:cut])

    def test_endless_nesting_is_refused(self) -> None:
        with pytest.raises(JavaDataError):
            Alike().read(b"\xac\xed\x00\x05\x73" + b"\x76" * 100_000)


class TestActing:
    def test_held_messages_are_acted_on_by_hand_whatever_the_right(self) -> None:
        made = ArtemisAccess(Room(no_dial, Mailbox()), "q", dialect_for("artemis"))
        made.adopt(cast(Line, FakeLine()), {0: message("message-id:1,2")})
        assert made.facts(Order("reject")) == ["deletes the message: no dead letter, no way back"]
        assert made.reject_destroys(Order("reject"))
