"""An original that a subscription holds, without a screen."""

from __future__ import annotations

import pytest

from stomptui.application.repairs.held_original import HeldOriginal, held_delivery
from stomptui.application.repairs.original import NotRepaired
from stomptui.compose.repair import Held
from stomptui.config.connection import Connection
from stomptui.queues.actions.action import DONE, Action, PreparedMessage
from tests.interop.repairing.holding import holding
from tests.support.embedded import EmbeddedBroker

BODIES = [b"first", b"wrong", b"last"]


async def test_nothing_else_is_done_with_a_message_while_it_is_repaired(embedded: EmbeddedBroker) -> None:
    for body in ("first", "wrong", "last"):
        embedded.publish("/queue/held", body)
    async with holding(Connection(port=embedded.port, login="guest", passcode="guest"), "/queue/held", BODIES) as (
        console,
        repair,
    ):
        ours, held = console.unacknowledged, repair.held
        assert held is not None
        row = console.journal.get(held.row)
        original = HeldOriginal(console, held, repair.message, repair.queue)
        await original.find()
        assert (ours.why_not(row), ours.repairs_now) == ("it is being repaired", True)
        edited = PreparedMessage((), b"right", True)
        _, outcome = await original.act(Action("move", "/queue/other", edited=edited, accepts_unknown=True))
        original.close()
        assert outcome is not None
        assert outcome.state == DONE
        assert (ours.why_not(row), ours.repairs_now) == ("it was repaired already", False)
        assert held_delivery(console, repair) is None
        again = HeldOriginal(console, held, repair.message, repair.queue)
        with pytest.raises(NotRepaired, match="it was repaired already"):
            await again.find()
        again.close()
    assert embedded.bodies("other") == [b"right"]


async def test_a_delivery_of_another_session_is_not_ours(embedded: EmbeddedBroker) -> None:
    for body in ("first", "wrong", "last"):
        embedded.publish("/queue/held", body)
    async with holding(Connection(port=embedded.port, login="guest", passcode="guest"), "/queue/held", BODIES) as (
        console,
        repair,
    ):
        assert repair.held is not None
        stale = HeldOriginal(console, Held(repair.held.row, repair.held.session - 1), repair.message, repair.queue)
        with pytest.raises(NotRepaired, match="returned when the connection was lost"):
            await stale.find()
        stale.close()
