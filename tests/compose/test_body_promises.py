"""When a body is checked against its headers: at each key, or once the person has stopped typing."""

from __future__ import annotations

import pytest

from stomptui.compose.body_promises import AT_ONCE, broken_promises
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_model import DraftModel

JSON = "application/json"
LONG = "[" + "1, " * AT_ONCE


def json_draft(body: str, variables: bool = False) -> Draft:
    return Draft("/queue/a", [HeaderLine("content-type", JSON)], body, variables=variables)


def texts(model: DraftModel) -> list[str]:
    return [problem.text for problem in model.problems]


def take_due(model: DraftModel) -> None:
    assert model.promises.due is not None
    edition, whose, promised = model.promises.due
    model.promises.take(edition, whose, broken_promises(promised))


def test_a_short_body_is_checked_at_once() -> None:
    model = DraftModel(json_draft("[1,"))
    model.check()
    assert texts(model) and model.promises.due is None


def test_a_long_body_is_checked_later_and_the_answer_stays_while_it_is_typed_in() -> None:
    model = DraftModel(json_draft(LONG))
    model.check()
    assert texts(model) == []
    take_due(model)
    model.check()
    assert texts(model) and model.promises.due is None
    wrong = texts(model)
    model.draft.body = LONG + "]"
    model.touch()
    model.check()
    assert texts(model) == wrong, "an error does not come and go with each key"
    model.draft.body = LONG + "2]"
    model.touch()
    model.check()
    take_due(model)
    model.check()
    assert texts(model) == []


def test_a_long_body_is_checked_whole_before_it_is_sent() -> None:
    model = DraftModel(json_draft(LONG))
    model.try_to_send()
    assert texts(model)
    assert model.doubts()


def test_the_answer_about_one_draft_is_not_given_for_another() -> None:
    model = DraftModel(json_draft(LONG))
    model.check()
    take_due(model)
    model.load(json_draft("[" + LONG))
    model.check()
    assert texts(model) == [] and model.promises.due is not None
    take_due(model)
    model.add_tab()
    model.set_body("[" + LONG + "  ")
    model.check()
    assert texts(model)[1:] == []


def test_a_body_with_the_time_in_it_is_checked_once() -> None:
    model = DraftModel(json_draft(f'["{{{{now}}}}", {LONG[1:]}2]', variables=True))
    model.check()
    take_due(model)
    model.check()
    assert model.promises.due is None and texts(model) == []


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream"])
def test_a_long_body_of_which_nothing_is_promised_waits_for_nothing(content_type: str) -> None:
    model = DraftModel(Draft("/queue/a", [HeaderLine("content-type", content_type)], LONG))
    model.check()
    assert model.promises.due is None
