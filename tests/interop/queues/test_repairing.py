"""A message is found again and replaced by what was edited, also where the connection is cut.

`python -m tests.interop.repairing` cuts behind each frame.
"""

from __future__ import annotations

import pytest

from stomptui.application.task_connections import find_dialect
from stomptui.queues.actions.action import DONE
from tests.interop.queues.conftest import parameter
from tests.interop.queues.promises import PROMISES, Place
from tests.interop.repairing.cutting import Way, repair_and_cut

TRIED = ("box", "rabbitmq-classic", "rabbitmq43-quorum", "activemq6", "artemis")
"""Of the others each does as one of these."""
CUT = ("box", "rabbitmq-classic", "activemq6")
"""Those that acknowledge differently what a subscription holds: at once, with the next confirm, in a transaction."""
RESTORED = ("box", "rabbitmq-classic")
"""Where a subscription comes back after a lost connection, as that costs no delivery."""


@pytest.fixture(params=[parameter(promise) for promise in PROMISES if promise.id in TRIED])
def held(request: pytest.FixtureRequest) -> Place:
    return Place(request.getfixturevalue(request.param.broker), request.param)


def test_what_was_edited_takes_its_place_and_a_cut_loses_neither(held: Place, name: str) -> None:
    dialect = find_dialect(held.connection)
    whole = repair_and_cut(held, dialect, name, Way(), 0)
    assert (whole.outcome.state, whole.wrong) == (DONE, "")
    late = repair_and_cut(held, dialect, f"{name}.cut", Way(everything=True, edit=True), whole.frames * 4 // 5)
    assert (late.was_cut, late.wrong) == (True, "")


def test_what_a_subscription_holds_is_replaced_and_a_cut_loses_neither(held: Place, name: str) -> None:
    dialect = find_dialect(held.connection)
    whole = repair_and_cut(held, dialect, name, Way(held=True), 0)
    assert (whole.outcome.state, whole.wrong) == (DONE, "")
    if held.promise.id in CUT:
        late = repair_and_cut(held, dialect, f"{name}.cut", Way(held=True), whole.frames * 4 // 5)
        assert (late.was_cut, late.wrong) == (True, "")


def test_what_was_returned_while_it_was_edited_is_found_again(held: Place, name: str) -> None:
    way = Way(held=True, again=True) if held.promise.id in RESTORED else Way(back=True)
    tried = repair_and_cut(held, find_dialect(held.connection), name, way, 0)
    assert (tried.outcome.state, tried.wrong) == (DONE, "")
