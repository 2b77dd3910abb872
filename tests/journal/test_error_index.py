"""How long an error counts as open: until somebody looks at it, or what it came from is over."""

from __future__ import annotations

from stomptui.journal.error_index import ErrorIndex, Until


def test_an_error_of_a_session_is_over_with_the_next_session_and_not_before() -> None:
    errors = ErrorIndex()
    errors.add(1)
    errors.connected()
    assert errors.open == 1, "that session may go on"
    errors.session_over()
    errors.add(2, Until.NEXT_SESSION)
    assert errors.open == 2
    errors.connected()
    assert (errors.open, errors.total, errors.last) == (0, 2, 2), "their rows stay"


def test_messages_in_doubt_stay_open_over_a_reconnect() -> None:
    errors = ErrorIndex()
    errors.add(1, Until.SEEN)
    for _ in range(2):
        errors.session_over()
        errors.connected()
    assert errors.open == 1


def test_looking_at_one_counts_it_and_those_before_no_longer() -> None:
    errors = ErrorIndex()
    for number, until in ((1, Until.SEEN), (4, Until.NEXT_SESSION), (6, Until.SESSION_OVER), (9, Until.SESSION_OVER)):
        errors.add(number, until)
    assert not errors.seen(5), "that row is no error"
    assert errors.open == 4
    assert errors.seen(6)
    assert errors.open == 1
    assert not errors.seen(4)
    assert errors.seen(9)
    assert errors.open == 0


def test_who_clears_the_log_has_dealt_with_what_was_in_it() -> None:
    errors = ErrorIndex()
    errors.add(1)
    errors.clear()
    assert errors.open == 0
    errors.restore()
    assert (errors.open, errors.last) == (0, 1)
