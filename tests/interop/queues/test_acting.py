"""Acting on what a look shows, on every broker: the right messages, whole, and nothing else."""

from __future__ import annotations

import pytest

from stomptui.queues.actions.action import Action, ActionResult
from stomptui.queues.peek import reports as r
from stomptui.queues.peek.peek_values import PeekOptions
from tests.interop.queues.promises import BODIES, Place, is_added, lasting
from tests.support.peeking import Peeking, busy, peeking
from tests.support.raw import RawFrame

TEN = [b"m%d" % n for n in range(10)]


@pytest.fixture
def other(name: str) -> str:
    """Another queue."""
    return f"{name}.other"


def bodies(found: list[RawFrame]) -> list[bytes]:
    return [frame.body for frame in found]


def carried(frame: RawFrame) -> list[tuple[str, str]]:
    skipped = ("destination", "content-length")
    return sorted(line for line in lasting(frame) if line[0] not in skipped and not is_added(line[0]))


def test_the_fifth_of_ten_is_deleted_and_the_other_nine_stay_in_order(place: Place, name: str) -> None:
    queue = place.queue(name)
    place.fill(name, TEN)
    with peeking(place.connection, queue) as peek:
        peek.look()
        plan = peek.plan(Action("delete"), [4])
        assert (plan.count, plan.destroys, plan.refusal) == (1, True, "")
        result = peek.act(Action("delete"), [4])
        assert result.text == "1 deleted"
    place.broker.wait_for(name, 9)
    assert bodies(place.take(name, 9)) == TEN[:4] + TEN[5:]


def test_a_move_carries_headers_and_bodies_whole(place: Place, name: str, other: str) -> None:
    queue, target = place.queue(name), place.queue(other)
    place.fill(name, BODIES)
    control = f"{name}.control"
    place.queue(control)
    place.fill(control, BODIES)
    wanted = place.take(control, len(BODIES))
    with peeking(place.connection, queue) as peek:
        peek.look()
        plan = peek.plan(Action("move", target), range(2, 10))
        assert (plan.count, plan.problems, plan.refusal, plan.destroys) == (8, (), "", False)
        result = peek.act(Action("move", target), range(2, 10))
        assert result.text == "8 moved"
        assert result.reasons == []
    place.broker.wait_for(name, 2)
    found = place.take(other, 8)
    assert bodies(found) == BODIES[2:]
    for frame, was in zip(found, wanted[2:], strict=True):
        assert carried(frame) == carried(was)
        assert (frame.get("content-length") is None) == (was.get("content-length") is None)
    assert bodies(place.take(name, 2)) == BODIES[:2]


def test_a_copy_leaves_the_source_alone(place: Place, name: str, other: str) -> None:
    queue, target = place.queue(name), place.queue(other)
    place.fill(name, TEN[:3])
    with peeking(place.connection, queue) as peek:
        peek.look()
        assert peek.act(Action("copy", target), [0, 2]).text == "2 copied"
    place.broker.wait_for(name, 3)
    assert bodies(place.take(other, 2)) == [b"m0", b"m2"]
    assert bodies(place.take(name, 3)) == TEN[:3]


def test_what_was_done_cannot_be_done_again(place: Place, name: str, other: str) -> None:
    queue, target = place.queue(name), place.queue(other)
    place.fill(name, TEN[:3])
    with peeking(place.connection, queue) as peek:
        peek.look()
        peek.act(Action("delete"), [1])
        result = peek.act(Action("move", target), [0, 1])
        assert result.text == "1 moved, 1 failed"
        ((reason, count),) = result.reasons
        assert count == 1
        assert reason
    place.broker.wait_for(name, 1)
    assert bodies(place.take(other, 1)) == [b"m0"]


def test_a_target_that_would_swallow_is_refused(place: Place, name: str) -> None:
    queue = place.queue(name)
    place.fill(name, TEN[:2])
    topics = ("artemis", "activemq5", "activemq6")
    missing = "/topic/nosuch" if place.promise.broker in topics else f"/amq/queue/{name}.nosuch"
    with peeking(place.connection, queue) as peek:
        peek.look()
        plan = peek.plan(Action("move", missing), [0, 1])
        assert plan.refusal
        result = peek.act(Action("move", missing), [0, 1])
        assert result.count("failed") == 2
        place.broker.wait_for(name, 2, 2 if place.promise.holds else 0)
    assert bodies(place.take(name, 2)) == TEN[:2]


def test_a_given_back_message_is_not_acted_on(place: Place, name: str) -> None:
    if not place.promise.holds:
        pytest.skip("nothing is held here, and messages are found again by their ids")
    queue = place.queue(name)
    place.fill(name, TEN[:3])
    with peeking(place.connection, queue) as peek:
        peek.look()
        peek.return_messages()
        result = peek.act(Action("delete"), [0])
        assert result.text == "0 deleted, 1 failed"
        assert "peek again" in result.reasons[0][0]
    assert bodies(place.take(name, 3)) == TEN[:3]


def test_dead_letters_go_back_where_they_came_from(place: Place, name: str) -> None:
    if place.promise.reject == "is deleted":
        pytest.skip("a rejected message is gone here, which is said before")
    queue, dead, dead_name = place.queue_with_dead_letters(name)
    place.fill(name, TEN[:4])
    with peeking(place.connection, queue) as peek:
        peek.look()
        assert peek.plan(Action("reject", requeue=False), [1, 3]).lines
        assert peek.act(Action("reject", requeue=False), [1, 3]).text == "2 rejected"
    place.broker.wait_for(dead_name, 2)
    place.broker.wait_for(name, 2)
    with peeking(place.connection, dead) as peek:
        assert peek.look().count == 2
        assert [frame.body for frame in peek.frames] == [b"m1", b"m3"]
        origin = peek.peek.access.forwarding.messages.origin(peek.frames[0])
        assert name in origin
        plan = peek.plan(Action("retry"), [0, 1])
        assert (plan.refusal, plan.problems) == ("", ())
        assert peek.act(Action("retry"), [0, 1]).text == "2 retried"
    place.broker.wait_for(dead_name, 0)
    found = place.take(name, 4)
    assert sorted(bodies(found)) == TEN[:4]
    assert not [key for frame in found for key, _ in frame.headers if "death" in key or key == "original-destination"]


def test_what_is_no_dead_letter_is_not_retried_without_a_target(place: Place, name: str, other: str) -> None:
    queue, target = place.queue(name), place.queue(other)
    place.fill(name, TEN[:2])
    with peeking(place.connection, queue) as peek:
        peek.look()
        plan = peek.plan(Action("retry"), [0, 1])
        assert [reason for _, reason in plan.problems] == ["it does not say where it came from"] * 2
        assert peek.act(Action("retry"), [0]).text == "0 retried, 1 failed"
        assert peek.act(Action("retry", target), [1]).text == "1 retried"
    place.broker.wait_for(name, 1)
    assert bodies(place.take(other, 1)) == [b"m1"]


def test_stopping_leaves_the_rest_untouched(place: Place, name: str, other: str) -> None:
    count = 400
    queue, target = place.queue(name), place.queue(other)
    place.fill(name, [b"m%d" % n for n in range(count)])
    with peeking(place.connection, queue) as peek:
        peek.look(PeekOptions(count))
        peek.peek.act(Action("move", target, accepts_unknown=True), [(n, peek.frames[n]) for n in range(count)])
        peek.wait(r.MessageOutcomes)
        peek.peek.stop()
        result = peek.wait(r.ActionEnded, timeout=60).result
        done = result.count("done")
        assert result.total == count
        assert done + result.count("untouched") == count
        if result.stopped:
            assert result.text.endswith("stopped: by you")
    place.broker.wait_for(name, count - done)
    assert bodies(place.take(other, done)) == [b"m%d" % n for n in range(done)]
    left = bodies(place.take(name, count - done))
    assert left == [b"m%d" % n for n in range(done, count)]


def test_what_is_stopped_before_it_begins_is_not_done(place: Place, name: str, other: str) -> None:
    queue, target = place.queue(name), place.queue(other)
    place.fill(name, TEN)
    with peeking(place.connection, queue) as peek:
        peek.look()
        items = list(enumerate(peek.frames))

        def untouched(result: ActionResult) -> bool:
            return (result.count("done"), result.count("doubt"), result.stopped) == (0, 0, "by you")

        for kind in ("delete", "reject", "copy", "move"):
            action = Action(kind, target if kind in ("copy", "move") else "", accepts_unknown=True)
            with busy(peek):
                peek.peek.act(action, items)
                peek.peek.stop()
            assert untouched(peek.wait(r.ActionEnded).result), kind
            if action.sends and not place.broker.key.startswith("artemis"):
                # And while the connection that sends, or asks about the target, is made; Artemis does it on the first.
                peek.before_dialling = lambda word: peek.peek.stop()
                peek.peek.act(action, items)
                assert untouched(peek.wait(r.ActionEnded).result), kind
                peek.before_dialling = lambda word: None
    place.broker.wait_for(name, len(TEN))
    assert bodies(place.take(name, len(TEN))) == TEN
    assert place.broker.depth(other) == 0


def test_a_queue_that_went_away_meanwhile(place: Place, name: str) -> None:
    queue = place.queue(name)
    place.fill(name, TEN[:2])
    with peeking(place.connection, queue) as peek:
        peek.look()
        place.broker.drop_queue(name)
        result = peek.act(Action("delete"), [0])
        # Some brokers acknowledge what was delivered from a queue that is gone; none may say more than it knows.
        assert result.total == 1


def test_somebody_without_the_right(place: Place, name: str) -> None:
    if "reader" not in place.broker.logins or place.promise.login != "guest":
        pytest.skip("this broker has no such user")
    queue = place.queue(name)
    place.fill(name, TEN[:2])
    reader = place.broker.connection_as("reader")
    peek = Peeking(reader, queue)
    try:
        survey = peek.survey()
        assert survey.refusal == ""
        assert peek.look().count == 2
        result = peek.act(Action("move", f"/queue/{name}.made"), [0, 1])
        assert result.text == "0 moved, 2 failed"
        assert "permission" in result.reasons[0][0] or "cannot be found out" in result.reasons[0][0]
    finally:
        peek.close()
    place.broker.wait_for(name, 2, 0)
    assert bodies(place.take(name, 2)) == TEN[:2]
