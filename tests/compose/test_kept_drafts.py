"""Unsent drafts come back after a console is gone, and one console never takes those of another that lives."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.draft_json import draft_line
from stomptui.compose.history import History
from stomptui.compose.kept_drafts import KeptDraft, KeptDrafts
from stomptui.compose.repair import Repair
from stomptui.config.secret_names import MASK
from stomptui.config.settings import DraftsKept
from stomptui.protocol.frame import Frame

DRAFT = Draft("/queue/a", [HeaderLine("x", "1"), HeaderLine("off", "", False)], 'body "\n\\ é 😀')
OPEN = KeptDraft(DRAFT, open=True, active=True)


def test_the_draft_of_a_console_that_is_gone_is_taken_up_once(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    gone = KeptDrafts(folder)
    assert gone.keep([KeptDraft(Draft("/queue/aside", body=b"\0\xff")), OPEN]) is None
    gone.close()
    assert KeptDrafts(folder).take_up() == [KeptDraft(Draft("/queue/aside", body=b"\0\xff")), OPEN]


def test_what_was_taken_up_survives_the_next_crash_too(tmp_path: Path) -> None:
    first = KeptDrafts(tmp_path)
    first.keep([OPEN])
    first.close()
    second = KeptDrafts(tmp_path)
    assert second.take_up() == [OPEN]
    second.close()
    assert KeptDrafts(tmp_path).take_up() == [OPEN]


def test_tabs_come_back_in_their_order_with_the_one_that_was_edited(tmp_path: Path) -> None:
    one, two, three = (Draft(f"/queue/{name}") for name in ("one", "two", "three"))
    tabs = [KeptDraft(one, True, sent=True), KeptDraft(two, True, True), KeptDraft(three, True)]
    gone = KeptDrafts(tmp_path)
    gone.keep([KeptDraft(DRAFT), *tabs])
    gone.close()
    assert KeptDrafts(tmp_path).take_up() == [KeptDraft(DRAFT), *tabs]


def test_a_file_from_before_there_were_tabs_is_read(tmp_path: Path) -> None:
    (tmp_path / "1-old.jsonl").write_bytes(draft_line(Draft("/queue/aside")) + draft_line(DRAFT))
    assert KeptDrafts(tmp_path).take_up() == [KeptDraft(Draft("/queue/aside")), OPEN]


def test_two_consoles_do_not_take_or_overwrite_what_the_other_writes(tmp_path: Path) -> None:
    one, other = KeptDrafts(tmp_path), KeptDrafts(tmp_path)
    one.keep([OPEN])
    assert other.take_up() == []
    other.keep([KeptDraft(Draft("/queue/b"))])
    one.keep([KeptDraft(Draft("/queue/c"))])
    one.close()
    other.close()
    assert sorted(each.draft.destination for each in KeptDrafts(tmp_path).take_up()) == ["/queue/b", "/queue/c"]


def test_nothing_is_left_behind_once_nothing_is_unsent(tmp_path: Path) -> None:
    kept = KeptDrafts(tmp_path)
    kept.keep([OPEN])
    kept.keep([])
    kept.close()
    assert not list(tmp_path.iterdir())


def test_only_the_owner_reads_it_and_secrets_are_not_in_it(tmp_path: Path) -> None:
    kept = KeptDrafts(tmp_path / "new")
    kept.keep([KeptDraft(Draft("/queue/a", [HeaderLine("authorization", "Bearer s3cr3t")]))])
    files = list((tmp_path / "new").iterdir())
    assert files
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"s3cr3t" not in file.read_bytes()
    kept.close()
    assert MASK in KeptDrafts(tmp_path / "new").take_up()[0].draft.headers[0].value


def test_why_nothing_is_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problem = KeptDrafts(tmp_path / "file").keep([OPEN])
    assert problem is not None
    assert "not kept on disk" in problem


def test_lines_that_are_no_drafts_cost_none_of_the_others(tmp_path: Path) -> None:
    gone = KeptDrafts(tmp_path)
    gone.keep([OPEN])
    gone.close()
    (file,) = tmp_path.glob("*.jsonl")
    file.write_bytes(b'{"x": 1}\n[\n\xff\n' + file.read_bytes())
    assert KeptDrafts(tmp_path).take_up() == [OPEN]


def test_a_process_that_is_killed_lets_go_of_its_drafts(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from stomptui.compose.draft import Draft\n"
        "from stomptui.compose.kept_drafts import KeptDraft, KeptDrafts\n"
        f"KeptDrafts(Path({str(tmp_path)!r})).keep([KeptDraft(Draft('/queue/killed'))])\n"
        "print('kept', flush=True); time.sleep(60)"
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
    assert [each.draft for each in drafts] == [Draft("/queue/killed")]


def test_what_is_kept_is_the_persons_choice(tmp_path: Path) -> None:
    without = KeptDrafts(tmp_path / "without", lambda: "without bodies")
    without.keep([OPEN])
    without.close()
    cut = replace(OPEN, draft=Draft(DRAFT.destination, DRAFT.headers), cut=True)
    assert KeptDrafts(tmp_path / "without").take_up() == [cut]
    nothing = KeptDrafts(tmp_path / "nothing", lambda: "not at all")
    nothing.keep([OPEN])
    assert not list((tmp_path / "nothing").glob("*.jsonl"))
    History(tmp_path / "history.jsonl", wish=lambda: "not at all").add(DRAFT)
    assert not (tmp_path / "history.jsonl").exists()


def repaired(*headers: bytes) -> Repair:
    head = b"\n".join([b"MESSAGE", b"message-id:7", *headers])
    return Repair("/queue/DLQ", "host:1", Frame(head + b"\n\nwrong"), 3, (("a", "b"),), ("x-death",), "/queue/orders")


def back(folder: Path, draft: Draft, wish: DraftsKept = "whole") -> Repair:
    kept = KeptDrafts(folder, lambda: wish)
    kept.keep([KeptDraft(draft)])
    kept.close()
    (came,) = KeptDrafts(folder).take_up()
    assert came.draft.repairs is not None
    return came.draft.repairs


def test_a_repair_is_taken_up_whole(tmp_path: Path) -> None:
    repair = repaired(b"kind:order")
    came = back(tmp_path, Draft("/queue/orders", body="right", repairs=repair))
    assert replace(came, message=repair.message) == repair
    assert (came.message.raw, came.find([Frame(b"MESSAGE\nmessage-id:8\n\nwrong"), repair.message])) == (
        repair.message.raw,
        1,
    )


def test_a_repair_that_cannot_be_kept_says_what_has_become_of_it(tmp_path: Path) -> None:
    secret = back(tmp_path / "a", Draft("/queue/orders", repairs=repaired(b"authorization:Bearer s3cr3t")))
    assert "message 7 of /queue/DLQ, which it leaves there: its headers hold secrets" in secret.lapsed_text
    assert "ordinary message" in secret.lapsed_text
    assert b"s3cr3t" not in b"".join(path.read_bytes() for path in (tmp_path / "a").iterdir())
    bodiless = back(tmp_path / "b", Draft("/queue/orders", repairs=repaired()), "without bodies")
    assert "its body was not kept on disk" in bodiless.lapsed
    again = back(tmp_path / "c", Draft("/queue/orders", repairs=bodiless))
    assert again.lapsed_text == bodiless.lapsed_text


def test_bodies_leave_the_disk_after_their_days(tmp_path: Path) -> None:
    day = 86_400.0
    old, new = (KeptDraft(DRAFT, since=time.time() - days * day) for days in (8, 6))
    profile = replace(old, wish="30 days")
    gone = KeptDrafts(tmp_path)
    gone.keep([old, new, profile])
    gone.close()
    taken = KeptDrafts(tmp_path, lambda: "7 days").take_up()
    assert [each.draft.body for each in taken] == ["", DRAFT.body, DRAFT.body]
    assert [each.draft.headers for each in taken] == [DRAFT.headers] * 3


def test_a_draft_is_kept_as_the_profile_says_that_it_was_written_with(tmp_path: Path) -> None:
    kept = KeptDrafts(tmp_path)
    kept.keep([KeptDraft(Draft("/never"), wish="not at all"), KeptDraft(DRAFT, wish="without bodies"), OPEN])
    kept.close()
    taken = KeptDrafts(tmp_path).take_up()
    assert [(each.draft.destination, each.draft.body) for each in taken] == [("/queue/a", ""), ("/queue/a", DRAFT.body)]


def test_a_large_body_is_kept_in_a_file_that_is_written_once(tmp_path: Path) -> None:
    bodies: list[str | bytes] = ["é\ud800" * 200_000, b"\0" * 300_000]
    gone = KeptDrafts(tmp_path)
    gone.keep([KeptDraft(Draft("/queue/a", body=body), True) for body in bodies])
    files = {path: path.stat().st_ino for path in tmp_path.glob("*.body")}
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600] * 2
    wanted = [KeptDraft(Draft("/queue/b", body=body), True) for body in bodies]
    assert gone.keep(wanted) is None
    assert {path: path.stat().st_ino for path in tmp_path.glob("*.body")} == files
    gone.close()
    second = KeptDrafts(tmp_path)
    assert second.take_up() == wanted
    second.close()
    third = KeptDrafts(tmp_path)
    assert third.take_up() == wanted
    third.keep([])
    third.close()
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_read_keeps_nothing_else_from_coming_back(tmp_path: Path) -> None:
    gone = KeptDrafts(tmp_path)
    gone.keep([OPEN])
    gone.close()
    (tmp_path / "0-odd.jsonl").mkdir()
    (tmp_path / "1-odd.jsonl").touch()
    (tmp_path / "1-odd.lock").mkdir()
    kept = KeptDrafts(tmp_path)
    assert kept.take_up() == [OPEN]
    assert len(kept.problems) == 2
    assert all("it is a directory" in problem for problem in kept.problems)


def test_a_console_whose_files_were_removed_keeps_its_own_anew(tmp_path: Path) -> None:
    one = KeptDrafts(tmp_path / "drafts")
    one.keep([OPEN])
    shutil.rmtree(tmp_path / "drafts")
    assert one.keep([OPEN]) is None
    assert KeptDrafts(tmp_path / "drafts").take_up() == [], "its console lives"
    one.close()
    assert KeptDrafts(tmp_path / "drafts").take_up() == [OPEN]


def test_where_a_secret_comes_from_is_kept_and_the_secret_is_not(tmp_path: Path) -> None:
    names, secret = HeaderLine("Authorization", "Bearer {{env TOKEN}}"), HeaderLine("token", "hunter2 {{env X}}")
    gone = KeptDrafts(tmp_path)
    gone.keep([KeptDraft(Draft("/a", [names, secret], variables=True)), KeptDraft(Draft("/b", [names]))])
    gone.close()
    first, second = KeptDrafts(tmp_path).take_up()
    assert first.draft.headers == [names, HeaderLine("token", MASK)]
    assert second.draft.headers == [names], "the name of a variable is no secret, also where variables are off"
