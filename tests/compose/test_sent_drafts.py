"""The history knows when and where a draft was sent, what became of it, and what changed since the one before."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_changes import draft_changes
from stomptui.compose.draft_json import draft_line, without_secrets_of
from stomptui.compose.history import History
from stomptui.compose.sent_draft import Became, Sending
from stomptui.config.secret_names import MASK

WHEN = datetime(2026, 11, 30, 8, 0, tzinfo=timezone.utc)


def told(history: History) -> list[tuple[str, str, str, str, int]]:
    return [
        (each.draft.destination, each.sending.where, each.became.value, each.words, each.times)
        for each in history.entries
    ]


def again(path: Path) -> History:
    history = History(path)
    assert history.load() == []
    return history


def test_what_became_of_each_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    history = History(path)
    one, two, three = (Sending("local", WHEN + timedelta(minutes=minutes)) for minutes in range(3))
    history.add(Draft("/a"), one)
    history.add(Draft("/b"), two)
    history.settle(one, Became.CONFIRMED, "in 3 ms")
    # The answer can be there before it is said that it was sent.
    history.settle(three, Became.REFUSED, "no access")
    history.add(Draft("/b"), three)
    expected = [("/a", "local", "confirmed", "in 3 ms", 1), ("/b", "local", "refused", "no access", 2)]
    assert told(history) == expected
    assert told(again(path)) == expected
    assert again(path).entries[1].sending.when == three.when


def test_lines_of_before_are_read_and_stay_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(draft_line(Draft("/old")))
    history = again(path)
    assert told(history) == [("/old", "", "", "", 1)]
    sending = Sending("local")
    history.add(Draft("/old"), sending)
    history.settle(sending, Became.UNCONFIRMED, "the connection was lost")
    assert [each[2] for each in told(again(path))] == ["", "unconfirmed"]


def test_a_file_that_was_shortened_has_what_became_of_each_and_other_consoles_read_it(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    one, other = History(path, 2), History(path, 2)
    for number in range(12):
        sending = Sending("local")
        one.add(Draft(f"/{number}"), sending)
        one.settle(sending, Became.CONFIRMED, f"in {number} ms")
    other.add(Draft("/other"), Sending("elsewhere"))
    assert [each[3] for each in told(other)] == ["in 11 ms", ""]
    # Many times the same: the file does not grow without end.
    for _ in range(40):
        sending = Sending("local")
        one.add(Draft("/same"), sending)
        one.settle(sending, Became.CONFIRMED, "at last")
    assert len(path.read_bytes().splitlines()) <= 14
    assert told(one)[-1] == ("/same", "local", "confirmed", "at last", 40)
    assert told(again(path))[-1] == ("/same", "local", "confirmed", "at last", 40)


def test_what_is_not_kept_on_disk_is_known_until_the_end(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl", wish=lambda: "not at all")
    sending = Sending("local")
    history.add(Draft("/a"), sending)
    history.settle(sending, Became.CONFIRMED)
    assert told(history) == [("/a", "local", "confirmed", "", 1)]
    assert not (tmp_path / "history.jsonl").exists()


def test_bodies_leave_the_file_after_their_days_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_bytes(draft_line(Draft("/before", body="undated")))
    now = datetime.now(timezone.utc)
    history = History(path)
    for days in (8, 6):
        history.add(Draft(f"/{days}", body="x"), Sending("local", now - timedelta(days=days)))
    brief = History(path, profile_wish=lambda: "1 day")
    brief.add(Draft("/profile", body="x"), Sending("p", now - timedelta(days=2)))
    assert [each.body for each in again(path).drafts] == ["undated", "x", "x", ""]
    week = History(path, wish=lambda: "7 days")
    assert week.load() == []
    assert [(each.destination, each.body) for each in week.drafts] == [
        ("/before", ""),
        ("/8", ""),
        ("/6", "x"),
        ("/profile", ""),
    ]


def test_a_profile_can_ask_that_nothing_is_kept(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl", profile_wish=lambda: "not at all")
    history.add(Draft("/a", body="x"), Sending("production"))
    assert not (tmp_path / "history.jsonl").exists()


def test_what_a_broker_repeats_of_a_secret_is_masked() -> None:
    draft = Draft("/a", [HeaderLine("authorization", "Bearer abcdef123")])
    assert without_secrets_of(draft, "cannot take abcdef123") == f"cannot take {MASK}"


LINES = Draft("/a", [HeaderLine("priority", "4"), HeaderLine("x", "1")], "a\nb\nc\nd")


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (Draft("/a", [HeaderLine("priority", "9"), HeaderLine("x", "1")], "a\nb\nc\nd"), ["priority: 4 → 9"]),
        (Draft("/a", [HeaderLine("priority", "4"), HeaderLine("x", "1")], "a\nB\nC\nd\ne"), ["body: 3 lines"]),
        (Draft("/a", [HeaderLine("x", "1")], "a\nb\nc\nd"), ["without priority"]),
        (Draft("/a", [HeaderLine("x", "1"), HeaderLine("priority", "4")], "a\nb\nc\nd"), ["headers in another order"]),
        (Draft("/a", LINES.headers, "", receipt=False), ["no body", "receipt off"]),
        (
            Draft("/a", [*LINES.headers, HeaderLine("token", "hunter2")], LINES.body),
            [f"token: {MASK}"],
        ),
    ],
)
def test_what_changed_is_said_in_a_few_words(after: Draft, changes: list[str]) -> None:
    assert draft_changes(LINES, after) == changes
    assert draft_changes(after, after) == []
