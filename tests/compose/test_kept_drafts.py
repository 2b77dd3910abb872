"""Unsent drafts come back after a console is gone, and one console never takes those of another that lives."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.history import History
from stomptui.compose.kept_drafts import KeptDrafts
from stomptui.config.secret_names import MASK

DRAFT = Draft("/queue/a", [HeaderLine("x", "1"), HeaderLine("off", "", False)], 'body "\n\\ é 😀')


def test_the_draft_of_a_console_that_is_gone_is_taken_up_once(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    gone = KeptDrafts(folder)
    assert gone.keep([Draft("/queue/aside", body=b"\0\xff"), DRAFT]) is None
    gone.close()
    assert KeptDrafts(folder).take_up() == [Draft("/queue/aside", body=b"\0\xff"), DRAFT]


def test_what_was_taken_up_survives_the_next_crash_too(tmp_path: Path) -> None:
    first = KeptDrafts(tmp_path)
    first.keep([DRAFT])
    first.close()
    second = KeptDrafts(tmp_path)
    assert second.take_up() == [DRAFT]
    second.close()
    assert KeptDrafts(tmp_path).take_up() == [DRAFT]


def test_two_consoles_do_not_take_or_overwrite_what_the_other_writes(tmp_path: Path) -> None:
    one, other = KeptDrafts(tmp_path), KeptDrafts(tmp_path)
    one.keep([DRAFT])
    assert other.take_up() == []
    other.keep([Draft("/queue/b")])
    one.keep([Draft("/queue/c")])
    one.close()
    other.close()
    assert sorted(draft.destination for draft in KeptDrafts(tmp_path).take_up()) == ["/queue/b", "/queue/c"]


def test_nothing_is_left_behind_once_nothing_is_unsent(tmp_path: Path) -> None:
    kept = KeptDrafts(tmp_path)
    kept.keep([DRAFT])
    kept.keep([])
    kept.close()
    assert not list(tmp_path.iterdir())


def test_only_the_owner_reads_it_and_secrets_are_not_in_it(tmp_path: Path) -> None:
    kept = KeptDrafts(tmp_path / "new")
    kept.keep([Draft("/queue/a", [HeaderLine("authorization", "Bearer s3cr3t")])])
    files = list((tmp_path / "new").iterdir())
    assert files
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"s3cr3t" not in file.read_bytes()
    kept.close()
    assert MASK in KeptDrafts(tmp_path / "new").take_up()[0].headers[0].value


def test_why_nothing_is_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problem = KeptDrafts(tmp_path / "file").keep([DRAFT])
    assert problem is not None
    assert "not kept on disk" in problem


def test_lines_that_are_no_drafts_cost_none_of_the_others(tmp_path: Path) -> None:
    gone = KeptDrafts(tmp_path)
    gone.keep([DRAFT])
    gone.close()
    (file,) = tmp_path.glob("*.jsonl")
    file.write_bytes(b'{"x": 1}\n[\n\xff\n' + file.read_bytes())
    assert KeptDrafts(tmp_path).take_up() == [DRAFT]


def test_a_process_that_is_killed_lets_go_of_its_drafts(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from stomptui.compose.draft import Draft\n"
        "from stomptui.compose.kept_drafts import KeptDrafts\n"
        f"KeptDrafts(Path({str(tmp_path)!r})).keep([Draft('/queue/killed')]); print('kept', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"kept\n"
        assert KeptDrafts(tmp_path).take_up() == []
        os.kill(process.pid, 9)
        process.wait()
    began = time.monotonic()
    while not (drafts := KeptDrafts(tmp_path).take_up()):
        assert time.monotonic() - began < 10
    assert drafts == [Draft("/queue/killed")]


def test_what_is_kept_is_the_persons_choice(tmp_path: Path) -> None:
    without = KeptDrafts(tmp_path / "without", lambda: "without bodies")
    without.keep([DRAFT])
    without.close()
    assert KeptDrafts(tmp_path / "without").take_up() == [Draft(DRAFT.destination, DRAFT.headers)]
    nothing = KeptDrafts(tmp_path / "nothing", lambda: "not at all")
    nothing.keep([DRAFT])
    assert not list((tmp_path / "nothing").glob("*.jsonl"))
    History(tmp_path / "history.jsonl", wish=lambda: "not at all").add(DRAFT)
    assert not (tmp_path / "history.jsonl").exists()
