"""Sent drafts come back as they were, bounded, private and without secrets."""

from __future__ import annotations

import stat
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given

from stomptui.compose.checks import problems
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_json import LARGEST_BODY
from stomptui.compose.earlier_drafts import EarlierDrafts
from stomptui.compose.history import History
from stomptui.config.secret_names import MASK, is_secret
from tests.compose.test_draft import DRAFTS


def again(path: Path, limit: int = 200) -> History:
    history = History(path, limit)
    assert history.load() == []
    return history


@given(draft=DRAFTS)
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    if any(is_secret(line.name) for line in draft.headers):
        return
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "deep" / "history.jsonl"
        assert History(path).add(draft) is None
        assert again(path).drafts == [draft]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_private_even_if_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.touch(0o644)
    History(path).add(Draft("/q"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_secrets_are_masked_on_disk_and_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    history = History(path)
    history.add(Draft("/q", [HeaderLine("x-api-token", "hunter2")]))
    assert history.drafts[0].headers[0].value == "hunter2"
    assert b"hunter2" not in path.read_bytes()
    [draft] = again(path).drafts
    assert draft.headers[0].value == MASK
    assert [p.severity for p in problems(draft, "1.2")] == ["error"]


def test_only_so_many_are_kept_in_memory_and_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    history = History(path, limit=3)
    for number in range(20):
        history.add(Draft(f"/q/{number}"))
    assert [d.destination for d in history.drafts] == ["/q/17", "/q/18", "/q/19"]
    assert again(path, 3).drafts == history.drafts
    assert len(path.read_bytes().splitlines()) <= 6


def test_the_same_again_is_kept_once(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")
    draft = Draft("/q")
    history.add(draft)
    history.add(draft)
    draft.destination = "/other"
    assert history.drafts == [Draft("/q")]


def test_a_mark_before_the_first_line_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    History(path).add(Draft("/a"))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    history = History(path)
    assert history.load() == []
    assert [draft.destination for draft in history.drafts] == ["/a"]


def test_lines_that_are_no_drafts_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    History(path).add(Draft("/a"))
    with path.open("ab") as file:
        file.write(b'\xff\n{"destination": 1}\n[]\n"x"\n\n{"destination":"/b","headers":[["a"]],"body":"","rec\n')
    History(path).add(Draft("/c"))
    history = History(path)
    faults = history.load()
    assert [d.destination for d in history.drafts] == ["/a", "/c"]
    assert len(faults) == 1 and "line 2" in faults[0] and faults[0].endswith("left out, and 4 more like it")


def test_a_large_body_is_not_kept_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    History(path).add(Draft("/q", body=b"x" * (LARGEST_BODY + 1)))
    history = History(path)
    assert "too large" in history.load()[0]
    assert history.drafts == [Draft("/q")]


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    history = History(tmp_path / "file" / "history.jsonl")
    assert "cannot be written" in (history.add(Draft("/q")) or "")
    assert history.drafts == [Draft("/q")]
    assert "cannot be read" in History(tmp_path).load()[0]


def test_older_and_newer_lose_nothing() -> None:
    shelf = EarlierDrafts()
    shelf.put([Draft("/1"), Draft("/2")])
    unsent = Draft("/unsent")
    two = shelf.older(unsent)
    assert two == Draft("/2")
    one = shelf.older(two)
    assert one == Draft("/1")
    assert shelf.older(one) is None
    assert shelf.newer(one) == Draft("/2")
    assert shelf.newer(Draft("/2")) == unsent
    assert shelf.newer(unsent) is None


def test_an_older_draft_that_was_changed_is_the_one_to_come_back_to() -> None:
    shelf = EarlierDrafts()
    shelf.put([Draft("/1"), Draft("/2")])
    two = shelf.older(Draft())
    assert two is not None
    two.body = "changed"
    older = shelf.older(two)
    assert older == Draft("/2")
    assert shelf.newer(older) == two


def test_what_was_just_sent_is_not_offered_as_older() -> None:
    shelf = EarlierDrafts()
    shelf.put([Draft("/1"), Draft("/2")])
    assert shelf.older(Draft("/2")) == Draft("/1")


def test_a_draft_set_aside_is_found_again() -> None:
    shelf = EarlierDrafts()
    shelf.set_aside(Draft("/mine"))
    shelf.set_aside(Draft())
    assert shelf.older(Draft()) == Draft("/mine")
