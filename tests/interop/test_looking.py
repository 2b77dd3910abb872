"""Awkward messages in a queue that is looked at: all are shown, and all are still there afterwards."""

from __future__ import annotations

import dataclasses

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame
from tests.interop.conftest import Place
from tests.interop.listening import Listening, connected
from tests.support.raw import RawStomp

HUGE = b"\0\1\2 seventeen megabytes " * 739_131
SMALL = [b"small %d" % n for n in range(20)]
ODD = [("escape", b"a header with an escape that 1.1 lacks"), ("latin", b"a header that is not UTF-8")]


def fill(place: Place, queue: str) -> int:
    """Put the awkward ones there, the small ones behind; how many."""
    place.empty(queue)
    to = ("destination", f"/queue/{queue}")
    with RawStomp("127.0.0.1", place.port, timeout=60) as client:
        client.connect("1.2")
        client.receipt("SEND", [to, ("content-length", str(len(HUGE))), ("n", "huge")], HUGE)
        # A carriage return is \r in 1.2; whoever reads in 1.1 gets an escape that 1.1 does not have.
        client.receipt("SEND", [to, ("n", "escape"), ("odd", "carriage\\rreturn")], ODD[0][1])
        client.receipt("SEND", [to, ("n", "latin"), ("odd", "caf\udce9")], ODD[1][1])
        for number, body in enumerate(SMALL):
            client.receipt("SEND", [to, ("n", f"small-{number}")], body)
    return 1 + len(ODD) + len(SMALL)


def look(listening: Listening, queue: str, count: int) -> list[Frame]:
    """Subscribe as the console does when nothing is said about how, and wait for that many messages."""
    dialect = listening.session.dialect
    destination = f"/queue/{queue}"
    ack, prefetch, *_ = dialect.reading(dialect.default_mode(destination))
    listening.session.subscribe(Subscription("look", destination, ack=ack, prefetch=prefetch))
    return listening.wait_for_frames("MESSAGE", count)


def left(place: Place, queue: str, count: int) -> list[bytes]:
    """What a bare socket finds in the queue, without taking any of it."""
    with RawStomp("127.0.0.1", place.port, timeout=60) as client:
        client.connect("1.2")
        client.send("SUBSCRIBE", {"id": "0", "destination": f"/queue/{queue}", "ack": "client-individual"})
        found = client.messages(count)
        client.expect_nothing()
        return [message.body for message in found]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_all_are_shown_and_none_is_taken(place: Place, version: str) -> None:
    queue = f"looked-at-{version}"
    count = fill(place, queue)
    with connected(dataclasses.replace(place.connection, versions=(version,))) as listening:
        shown = {frame.get("n"): frame for frame in look(listening, queue, count)}
    assert len(shown) == count
    assert shown["huge"].body == HUGE
    assert [shown[f"small-{n}"].body for n in range(20)] == SMALL
    assert shown["escape"].body == ODD[0][1]
    assert shown["latin"].body == ODD[1][1]
    assert b"odd:caf\xe9\n" in shown["latin"].raw
    assert shown["latin"].faults
    assert bool(shown["escape"].faults) == (version == "1.1")
    assert left(place, queue, count) == [HUGE, ODD[0][1], ODD[1][1], *SMALL]


def test_a_reader_that_just_goes_takes_nothing(place: Place) -> None:
    """What the broker sees when the app is killed: the socket closes, and nothing was acknowledged."""
    queue = "looked-at-and-killed"
    place.empty(queue)
    with RawStomp("127.0.0.1", place.port) as client:
        client.connect()
        for body in SMALL:
            client.receipt("SEND", {"destination": f"/queue/{queue}"}, body)
    with connected(place.connection) as listening:
        look(listening, queue, len(SMALL))
        listening.session.close()
        assert listening.session.ended.wait(10)
    assert left(place, queue, len(SMALL)) == SMALL


def test_looking_asks_for_a_bounded_prefetch_and_acknowledges_nothing() -> None:
    for name in ("rabbitmq", "embedded"):
        dialect = BROKERS.named(name)
        ack, prefetch, *_ = dialect.reading(dialect.default_mode("/queue/test"))
        assert (ack, prefetch) == ("client-individual", 100)
