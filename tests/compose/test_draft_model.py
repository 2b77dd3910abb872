"""The model of a draft without a screen: what is changed, what is wrong, what comes back."""

from __future__ import annotations

from stomptui.compose.compose_context import ComposeContext, DraftSwitch
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_model import DraftModel
from stomptui.compose.pasted import Pasted
from stomptui.compose.taking_pasted import take_pasted, take_pasted_frame


def test_every_change_is_reported_once_and_nothing_else() -> None:
    changes: list[Draft] = []
    model = DraftModel(changed=lambda: changes.append(model.draft.copy()))
    model.set_destination("/queue/a")
    model.set_destination("/queue/a")
    model.set_body("x")
    for switch in DraftSwitch:
        before = model.is_on(switch)
        model.switch(switch)
        assert model.is_on(switch) is not before
    assert len(changes) == 6
    assert changes[-1] == Draft("/queue/a", [HeaderLine("persistent", "true")], "x", None, False, False)


def test_an_empty_draft_has_no_errors_before_it_was_tried_to_send_it() -> None:
    model = DraftModel()
    model.check()
    assert model.first_error is None
    error = model.try_to_send()
    assert error is not None
    assert error.field == "destination"
    model.check()
    assert model.first_error == error
    model.load(Draft("/queue/a"))
    assert model.try_to_send() is None


def test_the_draft_in_hand_is_kept_when_another_is_taken_up() -> None:
    model = DraftModel(Draft("/queue/first"))
    model.take_up(Draft("/queue/second"))
    assert model.turn(-1)
    assert model.draft == Draft("/queue/first")
    assert not model.turn(-1)
    assert model.turn(1)
    assert model.draft == Draft("/queue/second")


def test_a_pasted_frame_fills_what_is_missing_and_replaces_nothing() -> None:
    model = DraftModel(Draft(headers=[HeaderLine("destination", "/queue/a"), HeaderLine("a", "1")]))
    assert take_pasted_frame(model, Pasted(body="body")) == ""
    assert model.draft == Draft("/queue/a", [HeaderLine("a", "1")], "body")
    other = Pasted([("destination", "/queue/b")], "another", "SEND")
    assert "left out" in take_pasted_frame(model, other)
    assert model.draft.body == "body"
    # Nothing of it is lost.
    assert model.earlier.drafts[-1].body == "another"


def test_a_pasted_message_is_the_draft_and_what_was_there_is_an_earlier_one() -> None:
    model = DraftModel(Draft("/queue/mine", [HeaderLine("a", "1")], "mine"))
    lines = [("destination", "/queue/x"), ("message-id", "7"), ("b", "2"), ("subscription", "s")]
    told = take_pasted(model, Pasted(lines, "theirs", "MESSAGE"))
    assert model.draft == Draft("/queue/x", [HeaderLine("b", "2")], "theirs")
    assert "earlier drafts" in told and "message-id, subscription" in told
    assert [draft.body for draft in model.earlier.drafts] == ["mine"]
    assert take_pasted(model, Pasted([("c", "3")])) == "1 header line added"
    assert model.draft.headers == [HeaderLine("b", "2"), HeaderLine("c", "3")]


def test_doubts_are_what_the_broker_asks_about() -> None:
    model = DraftModel(Draft("/queue/a", [HeaderLine("ttl", "1")]))
    model.context = ComposeContext(hints=lambda draft: [("header:ttl", "a second?", True), ("body", "short", False)])
    assert [(doubt.where, doubt.about) for doubt in model.doubts()] == [("ttl", "1")]
    notes = model.notes()
    assert [note.severity for note in notes.lines[0]] == ["warning"]
    assert [note.text for note in notes.take("body")] == ["short"]


def test_a_new_draft_has_the_switches_of_the_person_and_not_those_of_a_pasted_frame() -> None:
    model = DraftModel()
    model.load(Draft("/queue/pasted", body="as it was", receipt=False, content_length=False))
    assert model.add_tab()
    assert (model.draft.receipt, model.draft.content_length) == (True, True)
    model.switch(DraftSwitch.RECEIPT)
    model.set_destination("/queue/mine")
    model.begin()
    assert (model.draft.destination, model.draft.receipt) == ("", False)
