"""The order of a queue, and what a destination means."""

from __future__ import annotations

import pytest

from stomptui.embedded.destinations import ServerDestination, matches, parse, pattern
from stomptui.embedded.message import StoredMessage, header_line
from stomptui.embedded.options import ServerLimits
from stomptui.embedded.queues import QueueEntry, ServerAckMode, ServerQueue, ServerSubscription
from stomptui.embedded.refused import FrameRefused
from stomptui.embedded.server_queues import ServerQueues


class Hand:
    """A reader that keeps what it gets."""

    def __init__(self) -> None:
        self.has_room = True
        self.got: list[tuple[str, bool]] = []

    def write_message(self, subscription: ServerSubscription, entry: QueueEntry) -> int:
        self.got.append((entry.message.body.decode(), entry.redelivered))
        return len(self.got)

    def backlog_full(self, subscription: ServerSubscription) -> None:
        raise AssertionError("not here")

    def cancelled(self, subscription: ServerSubscription) -> None:
        raise AssertionError("not here")


def queue_of(count: int) -> ServerQueue:
    queue = ServerQueue("q", "/queue/q")
    for number in range(count):
        queue.put(StoredMessage("/queue/q", (), b"%d" % number))
    return queue


def reader(
    queue: ServerQueue, mode: ServerAckMode = "client-individual", prefetch: int = 0
) -> tuple[Hand, ServerSubscription]:
    hand = Hand()
    subscription = ServerSubscription(hand, queue, "1", "T_1", mode, prefetch)
    queue.subscriptions.append(subscription)
    return hand, subscription


def test_what_comes_back_goes_between_what_stayed_and_what_came() -> None:
    queue = queue_of(6)
    _, first = reader(queue, prefetch=4)
    queue.deliver_ready()
    queue.subscriptions.clear()
    queue.return_messages([first.take(3)[0]])
    queue.return_messages([first.take(4)[0], first.take(1)[0]])
    queue.put(StoredMessage("/queue/q", (), b"new"))
    hand, _ = reader(queue, mode="auto")
    queue.deliver_ready()
    assert hand.got == [("0", True), ("2", True), ("3", True), ("4", False), ("5", False), ("new", False)]


def test_the_size_of_a_queue_follows_what_waits() -> None:
    queue = queue_of(3)
    assert queue.size == 3
    _, subscription = reader(queue, prefetch=2)
    queue.deliver_ready()
    assert (queue.size, queue.unacked) == (1, 2)
    queue.return_messages(subscription.take(2))
    queue.subscriptions.clear()
    assert (queue.size, len(queue.ready)) == (2, 2)


def test_nobody_gets_more_than_they_has_room() -> None:
    queue = queue_of(4)
    slow, _ = reader(queue, mode="auto")
    quick, _ = reader(queue, mode="auto")
    slow.has_room = False
    queue.deliver_ready()
    assert (len(slow.got), len(quick.got)) == (0, 4)


@pytest.mark.parametrize(
    ("destination", "target"),
    [
        ("/queue/a", ServerDestination("/queue", "a")),
        ("a", ServerDestination("/queue", "a")),
        ("/queue/a%2Fb", ServerDestination("/queue", "a%2Fb")),
        ("/amq/queue/a", ServerDestination("/amq/queue", "a")),
        ("/topic/a.b", ServerDestination("/topic", "a.b")),
        ("/exchange/amq.topic/a.b", ServerDestination("/topic", "a.b")),
        ("/exchange/other/a", ServerDestination("/exchange", "other")),
    ],
)
def test_destinations(destination: str, target: ServerDestination) -> None:
    assert parse(destination, "SEND") == target


def test_a_destination_that_only_looks_like_one() -> None:
    with pytest.raises(FrameRefused, match="Unknown destination"):
        parse("/queues/a", "SEND")


@pytest.mark.parametrize(
    ("wanted", "key", "fits"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.bc", False),
        ("a+b", "aab", False),
        ("a.*", "a.b", True),
        ("a.*", "a", False),
        ("a.*", "a.b.c", False),
        ("a.#", "a", True),
        ("a.#", "a.b.c", True),
        ("a.>", "a.b.c", True),
        ("#", "", True),
        ("#.z", "a.b.z", True),
        ("a.#.z", "a.z", True),
        ("*.b", "日本.b", True),
    ],
)
def test_topic_patterns(wanted: str, key: str, fits: bool) -> None:
    assert matches(pattern(wanted), key) is fits


@pytest.mark.parametrize(
    ("version", "line"),
    [("1.0", rb"k:C:\x:y"), ("1.1", rb"k:C\c\\x\cy"), ("1.2", rb"k:C\c\\x\cy")],
)
def test_a_header_in_each_version(version: str, line: bytes) -> None:
    assert header_line("k", r"C:\x:y", version) == line + b"\n"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_header_never_breaks_its_frame(version: str) -> None:
    line = header_line("a\nb\r", "c\nd\r", version)
    assert line.count(b"\n") == 1
    assert b"\r" not in line


def test_where_a_message_died_first_stays_said() -> None:
    message = (
        StoredMessage("/queue/a", (("x", "1"),), b"b").as_dead_letter("a", "rejected").as_dead_letter("b", "expired")
    )
    assert dict(message.headers)["x-first-death-queue"] == "a"
    assert dict(message.headers)["x-first-death-reason"] == "rejected"


def test_a_queue_says_that_it_holds_dead_letters_while_it_does() -> None:
    queues = ServerQueues(ServerLimits(), lambda: "x")
    queues.publish("/queue/errors", [("x-first-death-queue", "work")], b"")
    queues.publish("/queue/work", [], b"")
    assert {name: depth.died_in for name, depth in queues.depths().items()} == {"errors": "work", "work": ""}
    queues.named["errors"].ready.clear()
    assert queues.depths()["errors"].died_in == ""
