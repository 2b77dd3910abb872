"""A message that makes the broker end the connection: it is named, and the others arrive, once each and in order.

What is known to be refused is not even sent; here a header that nobody knows of is put in on its way out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from stomptui.protocol.frame import Headers
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.actions.action import Action, ActionKind, ActionTarget, PreparedMessage
from stomptui.queues.headers.preparing import MessagePreparer
from stomptui.queues.peek.peek_values import PeekOptions
from tests.interop.queues.conftest import parameter
from tests.interop.queues.promises import PROMISES, Place
from tests.support.peeking import peeking
from tests.support.transferring import refill

BAD = {
    "rabbitmq": ("expiration", "soon"),
    "rabbitmq40": ("expiration", "soon"),
    "rabbitmq43": ("bad" * 100, "x"),
    "activemq5": ("priority", "high"),
    "activemq6": ("expires", "soon"),
    "artemis": ("priority", "high"),
}
"""Headers over which a broker ends the connection, some without a word."""
TRIED = ("rabbitmq-classic", "rabbitmq40-classic", "rabbitmq43-quorum", "activemq5", "activemq6", "artemis-bob")
BODIES = [b"m%d" % n for n in range(10)]


@pytest.fixture(params=[parameter(promise) for promise in PROMISES if promise.id in TRIED])
def spot(request: pytest.FixtureRequest) -> Place:
    return Place(request.getfixturevalue(request.param.broker), request.param)


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch, spot: Place) -> set[bytes]:
    """The bodies of messages that are sent with a header over which the broker ends the connection."""
    bodies: set[bytes] = set()
    sending = MessagePreparer.send_frame

    def with_bad(
        messages: MessagePreparer, target: ActionTarget, prepared: PreparedMessage
    ) -> tuple[str, Headers, bytes]:
        command, headers, body = sending(messages, target, prepared)
        if body in bodies:
            # Of repeats the first counts, on Artemis in 1.1 the last.
            headers = (headers[0], BAD[spot.promise.broker], *headers[1:], BAD[spot.promise.broker])
        return command, headers, body

    monkeypatch.setattr(MessagePreparer, "send_frame", with_bad)
    return bodies


def seen(place: Place, queue: str) -> list[bytes]:
    return [frame.body for frame in place.take(queue, place.broker.depth(queue))]


def lines(reasons: Sequence[tuple[str, int]]) -> list[int]:
    """The lines of the file that reasons name."""
    named: list[int] = []
    for reason, _ in reasons:
        told = re.match(r"lines? ([^:]+):", reason)
        assert told, reason
        for run in told[1].split(", "):
            first, _, last = run.partition(" to ")
            named += range(int(first), int(last or first) + 1)
    return named


def check(told: str, reasons: Sequence[tuple[str, int]], done: str, count: int) -> None:
    assert told == f"{10 - count} {done}, {count} failed", reasons
    assert sum(number for _, number in reasons) == count


@pytest.mark.parametrize("which", [(5,), (0,), (9,), (2, 3, 7)])
def test_a_refill(spot: Place, bad: set[bytes], name: str, tmp_path: Path, which: tuple[int, ...]) -> None:
    queue = spot.queue(name)
    bad.update(BODIES[n] for n in which)
    path = tmp_path / "ten.jsonl"
    path.write_bytes(b"".join(FileMessage(queue, (("persistent", "true"),), body).line() for body in BODIES))
    ran = refill(spot.connection, path)
    check(ran.result.text, ran.result.reasons, "sent", len(which))
    assert sorted(lines(ran.result.reasons)) == [n + 1 for n in which]
    assert ran.result.next_line == 0
    assert seen(spot, name) == [body for n, body in enumerate(BODIES) if n not in which]


@pytest.mark.parametrize("kind", ["move", "copy"])
def test_a_move_or_copy(spot: Place, bad: set[bytes], name: str, kind: ActionKind) -> None:
    other = f"{name}.other"
    queue, target = spot.queue(name), spot.queue(other)
    bad.add(BODIES[5])
    spot.fill(name, BODIES)
    with peeking(spot.connection, queue) as peek:
        assert peek.look(PeekOptions(10)).count == 10
        result = peek.act(Action(kind, target), range(10))
        check(result.text, result.reasons, "moved" if kind == "move" else "copied", 1)
        assert result.outcomes[5].state == "failed"
    spot.broker.wait_for(name, 1 if kind == "move" else 10)
    assert seen(spot, name) == (BODIES[5:6] if kind == "move" else BODIES)
    # What had to be sent again stands behind what went before it in one go.
    assert sorted(seen(spot, other)) == sorted(BODIES[:5] + BODIES[6:])
