"""Every receipt has a deadline where a server may give none; a command that is never confirmed is learnt."""

from __future__ import annotations

import time

import pytest

from stomptui.connection.receipts import NONE_GIVEN_AFTER, NOT_GIVEN_AFTER, PendingReceipts


def heard(since: float) -> bool:
    return True


def waiting(*frames: tuple[str, str]) -> PendingReceipts:
    pending = PendingReceipts()
    for command, receipt in frames:
        pending.sent(command, receipt, receipt, f"/topic/{receipt}")
    return pending


def taken(pending: PendingReceipts, after: float) -> list[str]:
    return [each.receipt for each in pending.take_overdue(time.monotonic() + after, heard)]


def test_what_is_never_confirmed_is_learnt_per_command() -> None:
    pending = waiting(("SEND", "1"), ("SUBSCRIBE", "2"))
    assert pending.receipt("1").request is not None
    assert taken(pending, NONE_GIVEN_AFTER - 1) == []
    assert taken(pending, NONE_GIVEN_AFTER + 1) == ["2"]
    assert (pending.gives("SEND"), pending.gives("SUBSCRIBE")) == (True, False)
    assert pending.unconfirmed() == ()
    assert pending.oldest_since() is None, "the server is not called stuck for it"


def test_what_was_confirmed_before_has_longer_and_stays_asked_for() -> None:
    pending = waiting(("SEND", "1"), ("SEND", "2"))
    pending.receipt("1")
    assert taken(pending, NONE_GIVEN_AFTER + 1) == []
    assert taken(pending, NOT_GIVEN_AFTER + 1) == ["2"]
    assert pending.gives("SEND")


def test_one_that_comes_late_confirms_and_is_learnt_from() -> None:
    pending = waiting(("SEND", "1"))
    assert taken(pending, NONE_GIVEN_AFTER + 1) == ["1"]
    settled = pending.receipt("1")
    assert settled.request is not None
    assert settled.elapsed < NONE_GIVEN_AFTER
    assert pending.gives("SEND")


def test_a_server_that_says_nothing_at_all_is_waited_for() -> None:
    pending = waiting(("SEND", "1"))
    assert pending.take_overdue(time.monotonic() + 60, lambda since: False) == []
    assert pending.unconfirmed() == ("1",)


def test_what_is_withheld_until_commit_is_waited_for() -> None:
    pending = PendingReceipts()
    pending.sent("SEND", "1", transaction="t")
    assert taken(pending, 60) == []
    assert pending.next_deadline() is None


@pytest.mark.parametrize("named", ["1", None])
def test_an_error_after_the_deadline_still_refuses_what_it_names(named: str | None) -> None:
    pending = waiting(("SEND", "1"))
    taken(pending, NONE_GIVEN_AFTER + 1)
    request = pending.error("no", named)
    assert (request is not None) == (named is not None)
