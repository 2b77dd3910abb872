"""A repair of what a subscription of the console keeps unacknowledged, without a screen."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar

from stomptui.application.console import Console
from stomptui.application.repairs.held_original import HeldOriginal, held_delivery, is_held
from stomptui.application.repairs.original import NotRepaired
from stomptui.compose.repair import Held, Repair
from stomptui.config.connection import Connection
from stomptui.connection.subscriptions.subscription import WantedSubscription
from stomptui.journal.entry import Entry
from stomptui.journal.journal import Journal
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import UNTOUCHED, Action, MessageOutcome

NOTHING = MessageOutcome(UNTOUCHED)
T = TypeVar("T")


async def repair_held(
    connection: Connection,
    queue: str,
    bodies: Sequence[bytes],
    action: Action,
    before: Callable[[], int],
    lose: Callable[[], None] | None = None,
) -> tuple[int, MessageOutcome, str]:
    """Hold all messages of a queue, and replace the second.

    Args:
        connection: The person's.
        queue: As the person names it.
        bodies: What is in it, in order.
        action: The move of what was edited.
        before: Called once all are held.
        lose: Loses the connection that they came on, so that they are delivered again; None keeps it.

    Returns:
        What `before` returned, what became of the message, and what was said.
    """
    async with holding(connection, queue, bodies) as (console, repair):
        if lose is not None:
            lose()
            await _until(lambda: not is_held(console, repair))
        delivery = await _until(lambda: _delivery(console, repair))
        assert delivery is not None
        began = before()
        original = HeldOriginal(console, *delivery, queue)
        try:
            await original.find()
            plan = await original.plan(action)
            if plan.refusal or plan.problems:
                raise NotRepaired(plan.refusal or plan.problems[0][1])
            agreed = dataclasses.replace(action, accepts=plan.risks, accepts_unknown=bool(plan.unknown))
            result, outcome = await original.act(agreed)
            return began, outcome or NOTHING, result.text
        except NotRepaired as error:
            return began, NOTHING, str(error)
        finally:
            original.close()


async def hold_and_return(connection: Connection, queue: str, bodies: Sequence[bytes]) -> Repair:
    """Hold all messages of a queue and return them; the repair of the second as it was begun meanwhile."""
    async with holding(connection, queue, bodies) as (_, repair):
        return repair


@contextlib.asynccontextmanager
async def holding(connection: Connection, queue: str, bodies: Sequence[bytes]) -> AsyncIterator[tuple[Console, Repair]]:
    """A console that holds all messages of a queue, and the repair of the second."""
    console = Console(Journal(1 << 24, 10_000))
    console.open(connection, [WantedSubscription(queue, mode="work")])
    console.pump.start()
    try:
        row = (await _until(lambda: _held(console, bodies)))[1]
        assert row.frame is not None
        yield console, Repair(queue, "", row.frame, 1, held=Held(row.number, row.session))
    finally:
        session = console.session
        console.close()
        await _until(lambda: session is None or session.state.over)
        console.pump.stop()


def _delivery(console: Console, repair: Repair) -> tuple[Held, Frame] | None:
    """The original as it is held now; as the screen does, time goes on for the connection."""
    if console.main_connection is not None:
        console.main_connection.tick()
    return held_delivery(console, repair)


def _held(console: Console, bodies: Sequence[bytes]) -> list[Entry]:
    """The rows of all messages, once all are there."""
    rows = [row for row in console.journal.entries(0, console.journal.end) if row.frame is not None]
    found = [row for row in rows if row.frame is not None and row.frame.command == "MESSAGE"]
    return found if len(found) == len(bodies) else []


async def _until(condition: Callable[[], T], within: float = 30.0) -> T:
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    return found
