"""What a server says is set apart from our words."""

from __future__ import annotations

from stomptui.journal.entry import Note, NoteKind
from stomptui.protocol.server_words import with_server_words


def test_words_of_a_server_have_a_lead() -> None:
    assert with_server_words("no login", "Access refused\n") == "no login; the server says: Access refused"


def test_what_says_the_same_or_nothing_is_left_out() -> None:
    for text in ("", " \n", "no login"):
        assert with_server_words("no login", text) == "no login"


def test_the_log_sets_them_apart_too() -> None:
    for kind in (NoteKind.FAILED, NoteKind.LOST):
        assert Note(kind, "the broker closed", "Session closed.").full_text == (
            "the broker closed; the server says: Session closed."
        )
    assert Note(NoteKind.MALFORMED, "no NUL", "abc").full_text == "no NUL: abc"
