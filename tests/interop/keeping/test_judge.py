"""The judge finds what is wrong, and a risk that was reported excuses what is of its kind alone."""

from __future__ import annotations

import pytest

from stomptui.queues.actions.action import DONE, DOUBT, FAILED, MessageOutcome
from tests.interop.keeping.doing import Reported, Way
from tests.interop.keeping.generator import MARK, Drawn
from tests.interop.keeping.judge import Evidence, Violation, judge
from tests.interop.keeping.places import Loss
from tests.interop.keeping.recount import Counted

RING = Loss(("keeps at most 1",), kept=1)
LAST = Loss(("only the last",), which=lambda message: message.mark == "a")


def drawn(mark: str, *parts: str) -> Drawn:
    return Drawn(mark, ((MARK, mark),), mark.encode(), parts)


def counted(marks: str) -> Counted:
    return Counted(len(marks), {mark: [mark.encode()] * marks.count(mark) for mark in marks})


def violations(
    source: str,
    target: str,
    state: str = DONE,
    way: Way = "move",
    risks: tuple[str, ...] = (),
    loss: Loss | None = None,
    faults: int = 0,
    parts: tuple[str, ...] = (),
) -> list[tuple[Violation, str]]:
    """What is found wrong of two messages, a and b, that had the same outcome."""
    messages = [drawn("a", *parts), drawn("b")]
    reported = Reported({one.mark: MessageOutcome(state) for one in messages}, risks=risks, faults=faults)
    found = judge(Evidence(way, messages, reported, counted(source), [counted(target)], loss=loss))
    return [(one.violation, one.mark) for one in found]


@pytest.mark.parametrize(
    ("source", "target", "state", "expected"),
    [
        ("", "ab", DONE, []),
        ("ab", "", FAILED, []),
        ("", "a", DONE, [(Violation.LOST, "b")]),
        ("b", "ab", DONE, [(Violation.DUPLICATED, "b")]),
        ("", "abb", DONE, [(Violation.DUPLICATED, "b")]),
        ("ab", "b", FAILED, [(Violation.ARRIVED, "b")]),
        ("a", "", FAILED, [(Violation.LOST, "b")]),
        ("ab", "", DOUBT, [(Violation.PERHAPS, "a"), (Violation.PERHAPS, "b")]),
    ],
)
def test_what_is_wrong_is_found(source: str, target: str, state: str, expected: list[tuple[Violation, str]]) -> None:
    assert violations(source, target, state) == expected


def test_perhaps_is_true_after_a_fault_alone() -> None:
    assert violations("ab", "", DOUBT, faults=1) == []


def test_a_copy_leaves_all_where_it_was() -> None:
    assert violations("ab", "ab", way="copy") == []
    assert violations("a", "ab", way="copy") == [(Violation.LOST, "b")]


def test_a_risk_excuses_its_own_kind_alone() -> None:
    assert violations("", "b", risks=("it keeps at most 1 message",), loss=RING) == []
    assert violations("", "b", risks=("it is disabled",), loss=RING) == [(Violation.LOST, "a")]
    assert violations("", "b", risks=("it keeps at most 1 message",)) == [(Violation.LOST, "a")]
    assert violations("", "", risks=("it keeps at most 1 message",), loss=RING) == [
        (Violation.LOST, "a"),
        (Violation.LOST, "b"),
    ]
    assert violations("", "", risks=("only the last",), loss=LAST) == [(Violation.LOST, "b")]


def test_what_says_itself_that_it_ends_may_be_gone() -> None:
    assert violations("", "b", parts=("expiration:300",)) == []
    assert violations("", "b", parts=("expiration:600000",)) == [(Violation.LOST, "a")]


def test_another_body_is_a_change() -> None:
    message = drawn("a")
    other = Counted(1, {"a": [b"other"]})
    (found,) = judge(Evidence("move", [message], Reported({"a": MessageOutcome(DONE)}), Counted(0), [other]))
    assert found.violation is Violation.CHANGED


def test_the_counter_of_the_broker_counts_too() -> None:
    message = drawn("a")
    (found,) = judge(
        Evidence("move", [message], Reported({"a": MessageOutcome(DONE)}), Counted(0), [Counted(2, {"a": [b"a"]})])
    )
    assert found.violation is Violation.BROKEN
