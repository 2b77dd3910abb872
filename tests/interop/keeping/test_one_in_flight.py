"""With one message in flight none is ever perhaps there: every header that means something, each in its own message."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from stomptui.application.task_connections import find_dialect
from stomptui.queues.actions.action import DONE, DOUBT, FAILED
from stomptui.queues.sending.forwarding import Forwarding
from tests.interop.keeping.case import Case, Game
from tests.interop.keeping.doing import Reported, Way, act, send_file, write_file
from tests.interop.keeping.generator import KINDS, MARK, Drawn
from tests.interop.keeping.judge import Evidence, judge
from tests.interop.keeping.places import Place
from tests.interop.keeping.recount import Counted, take_all
from tests.support.brokers.base import ManagedBroker


@pytest.fixture(autouse=True)
def _one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Forwarding, "window", 1)


def one_of_each() -> list[Drawn]:
    """A message for each header of the generator."""
    draw = random.Random(1)
    return [
        Drawn(f"{number}-", ((MARK, f"{number}-"), *lines(draw)), f"body {number}".encode(), (name,))
        for number, (name, lines) in enumerate(atom for atoms in KINDS.values() for atom in atoms)
    ]


def wrong(way: Way, drawn: list[Drawn], reported: Reported, source: Counted, target: Counted) -> str:
    found = judge(Evidence(way, drawn, reported, source, [target]))
    return "\n".join(
        [*(f"{one.violation.value} {one.mark}: {one.text}" for one in found), reported.words] if found else []
    )


def test_every_header_out_of_a_file(managed: ManagedBroker, tmp_path: Path) -> None:
    name = "one.in.flight.file"
    managed.make_queue(name)
    drawn = one_of_each()
    write_file(tmp_path / "all.jsonl", drawn, "")
    connection = managed.connection()
    destination = f"/queue/{name}"
    reported = send_file(connection, tmp_path / "all.jsonl", find_dialect(connection), drawn, destination, True)
    assert reported.count(DONE) > len(drawn) / 2
    assert (reported.count(DOUBT), reported.faults) == (0, 0), reported.words
    target = take_all(managed, name, reported.count(DONE), 1.0)
    assert wrong("refill", drawn, reported, Counted(None), target) == ""
    managed.drop_queue(name)


def test_every_header_out_of_a_queue(managed: ManagedBroker, tmp_path: Path) -> None:
    source, name = "one.in.flight.source", "one.in.flight.target"
    managed.make_queue(source)
    managed.make_queue(name)
    connection = managed.connection()
    dialect = find_dialect(connection)
    place = Place("queue", f"/queue/{name}", (name,))
    # Headers of more than 64 KB are not read, nor what comes behind them; the peek says so.
    drawn = {one.mark: one for one in one_of_each() if one.parts != ("value of 70 KB",)}
    Game(managed, dialect, Case(0, "move"), tmp_path).fill(source, list(drawn.values()), place)
    reported = act(connection, f"/queue/{source}", dialect, "move", place.destination, True)
    assert reported.count(DONE) > len(drawn) / 4
    assert (reported.count(DOUBT), reported.faults) == (0, 0), reported.words
    shown = [drawn[mark] for mark in reported.shown]
    left = take_all(managed, source, reported.count(FAILED), 1.0)
    assert wrong("move", shown, reported, left, take_all(managed, name, reported.count(DONE), 1.0)) == ""
    managed.drop_queue(source)
    managed.drop_queue(name)
