"""Named sets of values: what is in the file is used, and what is wrong in it is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stomptui.compose.draft import Draft
from stomptui.compose.library.library import Library
from stomptui.compose.library.value_sets import FILE, read_value_sets
from stomptui.compose.variables.preview import example_of


def test_sets_are_read_and_what_is_wrong_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        'stray = "x"\n[local]\nhost = "localhost"\nport = 61613\nuuid = "mine"\n"a b" = "c"\ntoken = "s3cr3t"\n'
        'url = "https://u:s3cr3t@h/"\nwhen = 2026-01-01\n[staging]\nhost = "staging.example.org"\n'
    )
    found = read_value_sets(tmp_path)
    assert found.sets == {
        "local": {"host": "localhost", "port": "61613"},
        "staging": {"host": "staging.example.org"},
    }
    assert [problem.rpartition(": ")[0] or problem.split()[0] for problem in found.problems] == [
        "stray stands outside of a set",
        "local: uuid",
        "local: a b",
        "local: token: a secret does not belong into a file",
        "local: url: a secret does not belong into a file",
        "local: when",
    ]
    assert "s3cr3t" not in str(found)
    assert Library(tmp_path).entries() == []


@pytest.mark.parametrize("broken", ["[local", "x = " + "[" * 5000, None])
def test_a_broken_file_is_no_end(tmp_path: Path, broken: str | None) -> None:
    if broken is None:
        os.mkfifo(tmp_path / FILE)
    else:
        (tmp_path / FILE).write_text(broken)
    found = read_value_sets(tmp_path)
    assert not found.sets and len(found.problems) == 1
    assert not read_value_sets(tmp_path / "none").problems


def test_the_preview_shows_them_and_names_those_there_are() -> None:
    draft = Draft("/queue/{{host}}", [], "{{port}}", variables=True)
    example = example_of(draft, values={"host": "{{uuid}}", "port": "1"})
    assert (example.draft.destination, example.draft.body) == ("/queue/{{uuid}}", "1")
    problem = example_of(draft, values={"port": "1"}).problem
    assert problem is not None and "host is no variable; there are" in problem.text and "port" in problem.text
