"""A read-only connection on real brokers: peeks that change nothing work, and all else is refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from stomptui.config.environment import Environment
from stomptui.connection.errors import ReadOnlyError
from stomptui.connection.events import Subscribed
from stomptui.connection.frame_headers import Subscription
from stomptui.queues.actions.action import Action
from tests.interop.listening import connected
from tests.interop.queues.promises import BODIES, Place
from tests.interop.queues.test_looking import check
from tests.support.peeking import PeekFailed, peeking
from tests.support.raw import RawStomp


def test_a_peek_changes_nothing_or_is_refused(place: Place, name: str) -> None:
    promise = place.promise
    queue = place.queue(name)
    place.fill(name, BODIES)
    connection = replace(place.connection, environment=Environment(read_only=True))
    # What counts a delivery if the connection breaks is not tried either.
    able = not promise.counted_when_killed and promise.login == "guest"
    with peeking(connection, queue) as peek:
        assert peek.surveyed is not None
        assert bool(peek.surveyed.refusal) != able, peek.surveyed
        if able:
            assert peek.look().count == len(BODIES)
            assert [frame.body for frame in peek.frames] == BODIES
            assert "read-only" in peek.plan(Action("delete"), [0]).refusal
            with pytest.raises(PeekFailed, match="read-only"):
                peek.act(Action("delete"), [0])
            peek.return_messages() if promise.holds else None
        else:
            assert "read-only" in peek.surveyed.refusal
            with pytest.raises(PeekFailed, match="read-only"):
                peek.look()
    place.broker.wait_for(name, len(BODIES), 0)
    check(place, name, place.take(name, len(BODIES)), 0, able and promise.marked)


def test_no_queue_is_made_by_peeking_at_one_that_is_not_there(place: Place, name: str) -> None:
    queue = name if place.promise.bare else f"/queue/{name}"
    connection = replace(place.connection, environment=Environment(read_only=True))
    with peeking(connection, queue) as peek:
        assert peek.surveyed is not None and peek.surveyed.refusal
        with pytest.raises(PeekFailed):
            peek.look()
    with pytest.raises(AssertionError):
        place.broker.counts(name)


def test_topics_are_watched_and_queues_are_not_subscribed_to(place: Place, name: str) -> None:
    queue = place.queue(name)
    place.fill(name, BODIES)
    connection = replace(place.connection, environment=Environment(read_only=True))
    with connected(connection) as listening:
        session = listening.session
        for ack in ("auto", "client", "client-individual"):
            with pytest.raises(ReadOnlyError):
                session.subscribe(Subscription(f"q-{ack}", queue, ack))
        for command in ("SEND", "ACK", "NACK", "COMMIT"):
            with pytest.raises(ReadOnlyError):
                session.send(command, [("destination", queue), ("id", "1"), ("transaction", "1")], b"x")
        if place.promise.broker == "artemis":
            # It would give the messages of the queue.
            with pytest.raises(ReadOnlyError, match="can be a queue"):
                session.subscribe(Subscription("t", f"/topic/{name}"))
            return
        session.subscribe(Subscription("t", f"/topic/{name}"))
        listening.wait_for(Subscribed, lambda event: event.subscription == "t")
        with RawStomp("127.0.0.1", place.broker.port) as raw:
            raw.connect(login="guest", passcode="guest")
            raw.send("SEND", [("destination", f"/topic/{name}"), ("destination-type", "MULTICAST")], b"published")
            assert listening.wait_for_frames("MESSAGE", 1)[0].body == b"published"
        session.unsubscribe("t")
        time.sleep(0.1)
    place.broker.wait_for(name, len(BODIES), 0)
    check(place, name, place.take(name, len(BODIES)), 0, False)
