"""Looking into a queue on every broker: all is shown, and what stays behind is what was promised."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.interop.queues.promises import BODIES, Place, lasting
from tests.support.peeking import Peeking, peeking
from tests.support.raw import RawFrame


def check(place: Place, name: str, found: list[RawFrame], counted: int, marked: bool) -> None:
    """What a bare socket found is what was put in, less the marks that were promised."""
    control = f"{name}.control"
    place.queue(control)
    place.fill(control, BODIES)
    untouched = place.take(control, len(BODIES))
    assert [frame.body for frame in found] == [frame.body for frame in untouched] == BODIES
    for frame, other in zip(found, untouched, strict=True):
        mine, theirs = ([line for line in lasting(one) if line[0] != "destination"] for one in (frame, other))
        assert mine == theirs or (place.promise.reorders and sorted(mine) == sorted(theirs))
    assert [frame.get("x-delivery-count") for frame in found] == [str(counted) if counted else None] * len(BODIES)
    assert {(frame.get("redelivered") or "false") for frame in found} == {"true" if marked else "false"}


def return_messages(peek: Peeking) -> None:
    told = peek.return_messages()
    assert told.why == "by you"


def leave(peek: Peeking) -> None:
    peek.close()


@pytest.mark.parametrize("way", [return_messages, leave])
def test_a_look_shows_all_in_order_and_leaves_what_is_promised(
    place: Place, name: str, way: Callable[[Peeking], None]
) -> None:
    promise = place.promise
    queue = place.queue(name)
    place.fill(name, BODIES)
    with peeking(place.connection, queue) as peek:
        looked = peek.look()
        assert looked.count == len(BODIES)
        assert looked.held == promise.holds
        assert [frame.body for frame in peek.frames] == BODIES
        assert [frame.get("n") for frame in peek.frames] == [str(n) for n in range(10)]
        assert all(frame.get("unicode") == "é日本😀" for frame in peek.frames)
        assert peek.peek.access.reader.holding == promise.holds
        place.broker.wait_for(name, 10, 10 if promise.holds else 0)
        if promise.holds:
            way(peek)
    place.broker.wait_for(name, 10, 0)
    check(place, name, place.take(name, 10), promise.counted, promise.marked)


def test_a_connection_that_breaks_gives_everything_back(place: Place, name: str) -> None:
    promise = place.promise
    queue = place.queue(name)
    place.fill(name, BODIES)
    with peeking(place.connection, queue) as peek:
        peek.look()
        if promise.holds:
            (line,) = [line for word, line in peek.lines if word == "peeking" and not line.session.state.over]
            line.session.close("cut by the test")
            told = peek.wait(r.MessagesReturned)
            assert "cut by the test" in told.why
            assert not peek.peek.access.reader.holding
    place.broker.wait_for(name, 10, 0)
    check(place, name, place.take(name, 10), promise.counted_when_killed, promise.marked_when_killed)


def test_a_killed_process_gives_everything_back(place: Place, name: str) -> None:
    promise = place.promise
    queue = place.queue(name)
    place.fill(name, BODIES)
    connection = place.connection
    argv = [sys.executable, "-m", "tests.support.looker", str(connection.port), connection.login, queue]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "shown 10\n"
        place.broker.wait_for(name, 10, 10 if promise.holds else 0)
        process.send_signal(signal.SIGKILL)
    place.broker.wait_for(name, 10, 0)
    check(place, name, place.take(name, 10), promise.counted_when_killed, promise.marked_when_killed)


def test_a_limit_is_kept_and_the_others_are_not_touched(place: Place, name: str) -> None:
    queue = place.queue(name)
    place.fill(name, BODIES)
    with peeking(place.connection, queue) as peek:
        assert peek.look(PeekOptions(4)).count == 4
        assert [frame.body for frame in peek.frames] == BODIES[:4]
        place.broker.wait_for(name, 10, 4 if place.promise.holds else 0)
    found = place.take(name, 10)
    assert [frame.body for frame in found] == BODIES
    marked = [(frame.get("redelivered") or "false") == "true" for frame in found]
    assert marked == [place.promise.marked] * 4 + [False] * 6


def test_what_is_held_goes_back_by_itself(place: Place, name: str) -> None:
    queue = place.queue(name)
    place.fill(name, BODIES[:3])
    with peeking(place.connection, queue, hold=0.5) as peek:
        peek.look()
        if place.promise.holds:
            assert peek.wait(r.MessagesReturned).why == "after 0.5 s"
        place.broker.wait_for(name, 3, 0)
        assert peek.look().count == 3, "and it can be looked at again"
    place.broker.wait_for(name, 3, 0)


def test_thirty_looks(place: Place, name: str) -> None:
    if not place.promise.free:
        pytest.skip("looks are counted here, which is said before")
    queue = place.queue(name)
    place.fill(name, BODIES)
    with peeking(place.connection, queue) as peek:
        for _ in range(30):
            assert peek.look(PeekOptions(10)).count == 10
    place.broker.wait_for(name, 10, 0)
    check(place, name, place.take(name, 10), 0, place.promise.marked)


def test_an_empty_queue_and_one_that_is_not_there(place: Place, name: str) -> None:
    queue = place.queue(name)
    with peeking(place.connection, queue) as peek:
        assert peek.look().count == 0
    place.broker.wait_for(name, 0, 0)
    place.broker.drop_queue(name)
    peek = Peeking(place.connection, queue)
    try:
        survey = peek.survey()
        assert survey.exists is not True
        assert "no queue" in survey.refusal or survey.exists is None
    finally:
        peek.close()
