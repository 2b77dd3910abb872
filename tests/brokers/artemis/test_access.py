"""Artemis's queues: which one is meant, what is carried on, what its management is asked, and what it answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from stomptui.brokers.artemis.management.client import NoRight
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace, is_pattern, meant
from stomptui.brokers.artemis.peek.subscription_reader import better_window
from stomptui.brokers.registry import BROKERS
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue
from stomptui.protocol.frame import Frame
from stomptui.queues.access import QueueAccess
from stomptui.queues.access_context import AccessContext
from stomptui.queues.actions.action import Action
from stomptui.queues.headers.preparing import MessagePreparer
from stomptui.queues.refusal_texts import plain

DUMP = "AMQ339011 Error sending message CoreMessage[messageID=5, address=x, properties=TypedProperties[a=b]]@1"


def no_dial(word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
    if word == "managing":
        raise NoRight("this user may not manage the broker")
    raise AssertionError("nobody is asked here")


def holding(queue: str = "/queue/q") -> QueueAccess:
    """A way into a queue without the right to manage the broker."""
    return BROKERS.access(queue, BROKERS.named("artemis"), AccessContext(no_dial, BlockingEventQueue()))


def messages() -> MessagePreparer:
    return holding().forwarding.messages


def message(*lines: str, body: bytes = b"body", version: str = "1.2") -> Frame:
    return Frame("\n".join(["MESSAGE", *lines, "", ""]).encode() + body, version)


class TestPlaces:
    @pytest.mark.parametrize(
        ("destination", "place"),
        [
            ("x", ArtemisPlace("x", "x")),
            ("/queue/x", ArtemisPlace("x", "x")),
            ("a.b", ArtemisPlace("a.b", "a.b")),
            ("a::q", ArtemisPlace("q", "a")),
            ("/queue/a::q", ArtemisPlace("q", "a")),
            ("/topic/a::q", ArtemisPlace("q", "a")),
            ("/topic/x", None),
            ("/queue/", None),
            ("::q", None),
            ("a::", None),
            ("", None),
        ],
    )
    def test_the_queue_that_is_meant(self, destination: str, place: ArtemisPlace | None) -> None:
        assert meant(destination) == place

    def test_a_bare_name_says_that_it_is_a_queue_as_it_may_else_become_a_topic(self) -> None:
        place = ArtemisPlace("q", "q")
        assert place.destination == "q"
        assert place.read_headers == (("subscription-type", "ANYCAST"),)
        assert place.send_headers == (("destination-type", "ANYCAST"),)

    @pytest.mark.parametrize("place", [ArtemisPlace("q", "a"), ArtemisPlace("q", "q", multicast=True)])
    def test_a_queue_of_another_address_has_both_names(self, place: ArtemisPlace) -> None:
        assert place.destination == f"{place.address}::q"
        assert place.read_headers == place.send_headers == ()

    @pytest.mark.parametrize(("name", "pattern"), [("a.#", True), ("/queue/*", True), ("a#", False), ("a.b", False)])
    def test_patterns(self, name: str, pattern: bool) -> None:
        assert is_pattern(name) == pattern
        assert bool(holding(name).reader.survey().refusal) == pattern


class TestCarrying:
    def test_what_the_sender_said_stays_in_order_and_the_brokers_own_goes(self) -> None:
        carried = messages().prepare(
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
        assert messages().prepare(message("_AMQ_GROUP_ID:g")).headers == (("JMSXGroupID", "g"),)

    def test_an_end_that_is_to_come_stays_and_one_that_is_past_is_left_out_and_said(self) -> None:
        future = ("expires", "4000000000000")
        assert messages().prepare(message("expires:4000000000000")).headers == (future,)
        carried = messages().prepare(message("expires:1000000000000"), retry=True)
        assert (carried.headers, carried.left_out) == ((), (("expires", "1000000000000"),))

    def test_an_id_against_repeats_is_left_out_as_the_other_queue_may_have_seen_it(self) -> None:
        carried = messages().prepare(message("_AMQ_DUPL_ID:d"))
        assert (carried.headers, carried.left_out) == ((), (("_AMQ_DUPL_ID", "d"),))

    def test_where_a_dead_letter_came_from_goes_when_it_is_retried_and_stays_when_it_is_moved(self) -> None:
        frame = message("_AMQ_ORIG_ADDRESS:q", "_AMQ_ORIG_QUEUE:q", "_AMQ_ORIG_MESSAGE_ID:4", "_AMQ_ACTUAL_EXPIRY:5")
        assert messages().prepare(frame, retry=True).headers == ()
        assert len(messages().prepare(frame).headers) == 4

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
        assert messages().prepare(frame).content_length == is_bytes

    def test_a_text_with_a_nul_goes_as_bytes_which_is_said(self) -> None:
        text = messages().prepare(message("message-id:1,2", "content-length:3", body=b"a\0b"))
        assert (text.problem, text.content_length) == ("", True)
        assert [change.text for change in text.changed] == ["a text goes as bytes: it holds a NUL"]
        assert messages().prepare(message("content-length:3", "message-id:1,2", body=b"a\0b")).changed == ()

    def test_what_has_neither_text_nor_bytes_may_hold_what_does_not_show(self) -> None:
        assert "JMS map" in messages().incomplete(message("message-id:1,2", body=b""))
        assert messages().incomplete(message("content-length:0", "message-id:1,2", body=b"")) == ""


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
        assert messages().origin(message(*lines)) == origin


class TestTargets:
    def test_without_the_right_a_bare_name_is_right_everywhere_and_refused_where_it_cannot_be(self) -> None:
        for name in ("x", "/queue/x"):
            target = holding().forwarding.targets.check(name)
            assert (target.destination, target.headers) == ("x", (("destination-type", "ANYCAST"),))
            assert (target.refusal, target.stored, target.exists) == ("", True, None)
            command, headers, _ = messages().send_frame(
                target, messages().prepare(message("destination-type:MULTICAST"))
            )
            assert command == "SEND"
            assert headers == (("destination", "x"), ("destination-type", "ANYCAST"))

    @pytest.mark.parametrize("name", ["a::q", "/topic/x"])
    def test_nothing_is_moved_where_artemis_confirms_and_drops(self, name: str) -> None:
        target = holding().forwarding.targets.check(name)
        assert "would be lost" in holding().actions.refused(Action("move", name), target)
        assert holding().actions.refused(Action("copy", name), target) == ""

    @pytest.mark.parametrize("name", ["a.#", "", "/queue/", "/topic/", "activemq.management", "/queue/activemq.x"])
    def test_what_is_no_target(self, name: str) -> None:
        assert holding().forwarding.targets.check(name).refusal


def better(window: int, sizes: list[int], limit: int) -> int:
    """The next window, where so many bytes came in each message."""
    return better_window([Frame(b"x" * (size - 2)) for size in sizes], window, limit)


class TestWindows:
    """The broker delivers until the bytes of what it delivered pass the window."""

    def test_too_many_came_so_the_window_is_to_end_within_the_last_one(self) -> None:
        assert better(10_000, [100, 200, 300, 400, 500], 3) == 100 + 200 + 150

    def test_as_many_came_as_should_and_the_window_lets_no_more_come(self) -> None:
        assert better(450, [100, 200, 300], 3) == 0

    def test_as_many_came_as_should_but_more_may_come(self) -> None:
        assert better(10_000, [100, 200, 300], 3) == 450

    def test_there_are_no_more(self) -> None:
        assert better(10_000, [100, 200], 3) == 0
        assert better(10_000, [], 3) == 0

    def test_they_are_larger_than_was_thought(self) -> None:
        assert better(10_000, [8_000, 8_000], 10) == 2 * 16_000 * 10 // 2


class TestWords:
    def test_the_whole_message_is_not_a_reason(self) -> None:
        assert plain(DUMP).startswith("Artemis could not take it; why is in its log alone")
        assert plain("AMQ339001 Destination does not exist x") == "there is no queue x, and Artemis makes none"


class TestActing:
    def test_held_messages_are_acted_on_by_hand_whatever_the_right(self) -> None:
        made = holding("q")
        made.unacked.adopt(cast(BlockingClient, SimpleNamespace(gone="")), {0: message("message-id:1,2")})
        assert made.actions.facts(Action("reject")) == ["deletes the message: no dead letter, no way back"]
        assert made.actions.reject_destroys(Action("reject"))
