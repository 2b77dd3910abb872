"""Rows are hidden by group and by fold: positions and numbers agree, whatever falls off and is toggled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stomptui.journal.row_groups import RowGroup, RowGroups
from stomptui.journal.shown_groups import ShownGroups

ROWS = st.lists(st.sampled_from([*RowGroup, "other action"]), max_size=60)
HIDDEN = st.frozensets(st.sampled_from(RowGroup))


@given(ROWS, HIDDEN, HIDDEN, st.integers(0, 70), st.booleans(), st.integers(0, 60))
def test_what_is_shown_is_what_is_not_hidden(
    rows: list[RowGroup | str],
    before: frozenset[RowGroup],
    after: frozenset[RowGroup],
    first: int,
    opened: bool,
    cut: int,
) -> None:
    groups = RowGroups()
    shown = ShownGroups(groups, before)
    # Two rows stand for what two side connections carry.
    for session in (1, 2):
        groups.add(RowGroup.EVENTS, session - 1)
        groups.fold(session, session - 1)
    of: dict[int, RowGroup | str] = {0: RowGroup.EVENTS, 1: RowGroup.EVENTS}
    for number, group in enumerate(rows, 2):
        of[number] = group
        if group is RowGroup.ACTIONS:
            groups.add_folded(groups.folds[1], [number])
        elif group == "other action":
            groups.add_folded(groups.folds[2], [number])
        elif isinstance(group, RowGroup) and group is not RowGroup.MESSAGES:
            groups.add(group, number)
        if number == cut:
            shown.hide(after)
            if opened:
                assert shown.toggle(1) is (RowGroup.ACTIONS in after)
            groups.forget_before(min(first, cut))
        shown.count(0, number)
    end = len(rows) + 2
    first = min(first, end)
    hidden, is_open = shown.hidden, shown.opened(1)

    def is_shown(number: int) -> bool:
        group = of[number]
        if group == "other action":
            return is_open or RowGroup.ACTIONS not in hidden
        return group not in hidden

    expected = [number for number in range(first, end) if is_shown(number)]
    assert shown.count(first, end) == len(expected)
    assert [shown.number(first, position) for position in range(len(expected))] == expected
    assert [shown.count(first, number) for number in expected] == list(range(len(expected)))


def test_counts_are_of_rows_that_are_there() -> None:
    groups = RowGroups()
    for number in range(10):
        groups.add(RowGroup.PROTOCOL if number % 2 else RowGroup.SENT, number)
    assert groups.count(RowGroup.PROTOCOL, 4, 10) == 3
    assert groups.count(RowGroup.MESSAGES, 4, 12) == 2
    assert groups.group_of(3) is RowGroup.PROTOCOL
    assert groups.group_of(11) is RowGroup.MESSAGES
