"""The same edit of several messages: what it makes of each, and which it leaves alone."""

from __future__ import annotations

from stomptui.queues.actions.edit import Edit


def test_headers_are_set_in_their_place_and_removed_with_all_their_repeats() -> None:
    headers = (("kind", "order"), ("bad", "1"), ("kind", "second"), ("bad", "2"))
    after, changes = Edit((("kind", "fixed"), ("new", "x")), ("bad", "missing")).headers(headers)
    assert after == (("kind", "fixed"), ("new", "x"))
    assert [change.text for change in changes] == ["kind is fixed", "new is x", "bad is removed"]
    assert Edit((("kind", "fixed"),)).headers((("kind", "fixed"),)) == ((("kind", "fixed"),), ())


def test_secrets_that_are_set_are_not_told() -> None:
    after, (change,) = Edit((("authorization", "Bearer s3cr3t"),)).headers(())
    assert after == (("authorization", "Bearer s3cr3t"),)
    assert "s3cr3t" not in change.text


def test_text_is_replaced_wherever_it_stands_and_what_is_no_text_is_left() -> None:
    edit = Edit(find="é", put="")
    assert edit.body("caféé".encode())[0] == b"caf"
    assert edit.body(b"plain") == (b"plain", (), "")
    body, changes, why = edit.body(b"\xff\xc3\xa9")
    assert (body, changes, "not text" in why) == (b"\xff\xc3\xa9", (), True)
