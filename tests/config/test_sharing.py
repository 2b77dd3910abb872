"""Several consoles that write the same files at once, and one that dies in the middle: nothing of either is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stomptui.compose.draft import Draft, HeaderLine
from stomptui.compose.history import History
from stomptui.config.connection import Connection
from stomptui.config.files import locks
from stomptui.config.files.locks import locked
from stomptui.config.profiles import Profiles
from stomptui.config.settings import load_settings, save_settings

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {
    "profiles": """
from stomptui.config.connection import Connection
from stomptui.config.profiles import Profiles
profiles = Profiles(path)
for number in range(15):
    profiles.save(f"{name}{number}", Connection(host=name))
    profiles.save(f"{name}-gone", Connection())
    profiles.remove(f"{name}-gone")
""",
    "history": """
from stomptui.compose.draft import Draft
from stomptui.compose.history import History
history = History(path, 200)
history.load()
for number in range(60):
    assert history.add(Draft(f"/queue/{name}{number}")) is None
""",
    "settings": """
from stomptui.config.settings import load_settings, save_settings
settings, _ = load_settings(path)
for number in range(20):
    if name == "a":
        settings.theme = f"theme{number}"
    else:
        settings.last_url = f"stomp://host{number}/"
    save_settings(settings, path)
""",
}


def start(kind: str, path: Path, name: str, before: str = "") -> subprocess.Popen[bytes]:
    program = f"import sys, os\nfrom pathlib import Path\npath, name = Path(sys.argv[1]), sys.argv[2]\n{before}"
    return subprocess.Popen([sys.executable, "-c", program + WRITERS.get(kind, ""), str(path), name], cwd=ROOT)


@pytest.fixture(params=["locks of the system", "without"])
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a writer runs first: with the locks of the system, and as where there are none."""
    if request.param == "without":
        monkeypatch.setattr(locks, "fcntl", None)
        return "sys.modules['fcntl'] = None\n"
    return ""


@pytest.mark.parametrize("kind", WRITERS)
def test_two_consoles_lose_nothing_of_each_other(kind: str, before: str, tmp_path: Path) -> None:
    path = tmp_path / "place" / f"{kind}.file"
    writers = [start(kind, path, name, before) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    if kind == "profiles":
        assert sorted(Profiles(path).names()) == sorted(f"{name}{number}" for name in "ab" for number in range(15))
    elif kind == "history":
        history = History(path)
        assert history.load() == []
        found = [draft.destination for draft in history.drafts]
        for name in "ab":
            mine = [place for place in found if place.startswith(f"/queue/{name}")]
            assert mine == [f"/queue/{name}{number}" for number in range(60)]
    else:
        settings, problem = load_settings(path)
        assert (settings.theme, settings.last_url, problem) == ("theme19", "stomp://host19/", None)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name], "something is left over"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_a_console_that_dies_with_the_lock_holds_nobody_up(before: str, tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    wait = "with locked(path):\n    print(flush=True)\n    sys.stdin.read()\n"
    hold = f"from stomptui.config.files.locks import locked\n{wait}"
    program = f"import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{before}{hold}"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(OSError, match="another stomptui is writing it"), locked(path, 0.1):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    Profiles(path).save("a", Connection())
    assert Profiles(path).names() == ["a"]


def test_a_lock_file_of_another_machine_is_left_until_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "fcntl", None)
    path, mark = tmp_path / "x", tmp_path / ".x.lock"
    mark.write_text("1 some-other-machine")
    with pytest.raises(OSError, match="another stomptui"), locked(path, 0.05):
        pass
    old = time.time() - locks.STALE_AFTER - 5
    os.utime(mark, (old, old))
    with locked(path, 0.5):
        assert mark.read_text().startswith(f"{os.getpid()} ")
    assert not mark.exists()


def test_threads_of_one_console_wait_for_each_other(before: str, tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"

    def save(name: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(10):
                Profiles(path).save(f"{name}{number}", Connection())

        return run

    threads = [threading.Thread(target=save(name)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(Profiles(path).names()) == 30


def test_what_another_console_sent_is_among_the_earlier_drafts(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    ours, other = History(path, 3), History(path, 3)
    for history in (ours, other):
        assert history.load() == []
    ours.add(Draft("/queue/1", [HeaderLine("x-api-token", "hunter2")]))
    other.add(Draft("/queue/2"))
    ours.add(Draft("/queue/3"))
    assert [draft.destination for draft in ours.drafts] == ["/queue/1", "/queue/2", "/queue/3"]
    assert ours.drafts[0].headers[0].value == "hunter2", (
        "what this console knows is not replaced by what is on the disk"
    )
    for number in range(4, 20):
        (ours if number % 3 else other).add(Draft(f"/queue/{number}"))
    expected = ["/queue/17", "/queue/18", "/queue/19"]
    assert [draft.destination for draft in ours.drafts] == expected
    again = History(path, 3)
    again.load()
    assert [draft.destination for draft in again.drafts] == expected


def test_a_line_that_a_killed_console_did_not_end_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    History(path).add(Draft("/queue/1"))
    path.write_bytes(path.read_bytes() + b'{"destination": "/que')
    assert History(path).add(Draft("/queue/2")) is None
    history = History(path)
    assert history.load() == [f"line 2 of {path} is no draft: left out"]
    assert [draft.destination for draft in history.drafts] == ["/queue/1", "/queue/2"]


def test_settings_keep_what_the_person_changed_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings, _ = load_settings(path)
    settings.theme = "nord"
    save_settings(settings, path)
    path.write_text("# mine\ntheme = 'gruvbox'\npeek_hold = 20\n")
    settings.last_url = "stomp://h/"
    save_settings(settings, path)
    assert path.read_text() == "# mine\ntheme = 'gruvbox'\npeek_hold = 20\nlast_url = \"stomp://h/\"\n"


def test_settings_that_were_never_saved_hold_what_was_changed_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings, _ = load_settings(path)
    save_settings(settings, path)
    assert not path.exists()
    settings.theme = "nord"
    settings.secret_names.append("customer-number")
    save_settings(settings, path)
    assert path.read_text() == 'theme = "nord"\nsecret_names = ["customer-number"]\n'
