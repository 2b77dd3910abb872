"""What is no file of ours, or cannot be one: told in one line, never waited for, never written through."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.cli.refill import read
from stomptui.cli.registry import parse
from stomptui.compose.draft import Draft
from stomptui.compose.history import History
from stomptui.config.connection import Connection, Tls, TransportKind
from stomptui.config.files.logs import start_log, stop_log
from stomptui.config.files.paths import make_private_dir, write_private
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.settings import Settings, load_settings, save_settings


def profiles_read(path: Path) -> str:
    try:
        Profiles(path).names()
    except ProfileError as error:
        return str(error)
    return ""


def profiles_save(path: Path) -> str:
    try:
        Profiles(path).save("a", Connection())
    except ProfileError as error:
        return str(error)
    return ""


def settings_save(path: Path) -> str:
    try:
        save_settings(Settings(theme="nord"), path)
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""


def ca_file(path: Path) -> str:
    connection = Connection(transport=TransportKind.TLS, tls=Tls(ca_file=str(path)))
    return connection.problems().get("ca_file", "")


def log(path: Path) -> str:
    try:
        start_log(path)
    except OSError as error:
        return f"{path}: {error.strerror}"
    finally:
        stop_log()
    return ""


def body_file(path: Path) -> str:
    try:
        Draft(body_file=path).body_bytes()
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""


USES: dict[str, Callable[[Path], str]] = {
    "profiles read": profiles_read,
    "profiles saved": profiles_save,
    "history read": lambda path: "".join(History(path).load()),
    "history written": lambda path: History(path).add(Draft("/queue/a")) or "",
    "settings read": lambda path: load_settings(path)[1] or "",
    "settings saved": settings_save,
    "a CA file": ca_file,
    "the log": log,
    "a body's file": body_file,
}
PLACES: dict[str, Callable[[Path], object]] = {
    "a named pipe": lambda path: os.mkfifo(path),
    "a directory": lambda path: path.mkdir(),
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("use", USES)
def test_what_is_no_file_is_told_in_one_line(use: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "there"
    PLACES[place](path)
    before = path.stat().st_mode
    told = USES[use](path)
    assert f"it is {place}" in told and str(path) in told, told
    assert "\n" not in told and "Errno" not in told
    assert path.stat().st_mode == before, "something else is there now"


@pytest.mark.parametrize("use", [use for use in USES if use.startswith(("profiles", "history", "settings"))])
def test_a_file_in_the_place_of_the_folder_is_told(use: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    told = USES[use](tmp_path / "file" / "there")
    assert told and "\n" not in told and "Errno" not in told
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("use", ["profiles read", "profiles saved", "settings read", "settings saved", "a CA file"])
def test_a_huge_file_is_told(use: str, tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(1 << 32)
    told = USES[use](path)
    assert "larg" in told and "\n" not in told
    assert path.stat().st_size == 1 << 32


@pytest.fixture
def not_ours() -> Iterator[Path]:
    """A file that we may neither read nor write, in a folder where we may make none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "there").write_text("")
        (folder / "there").chmod(0)
        (folder / "closed").mkdir(mode=0)
        root = os.geteuid() == 0
        folder.chmod(0o755 if root else 0o500)
        if root:
            os.seteuid(65534)
        try:
            yield folder / "there"
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o700)
            (folder / "closed").chmod(0o700)


@pytest.mark.parametrize("use", USES)
def test_what_may_not_be_read_or_written_is_told(use: str, not_ours: Path) -> None:
    told = USES[use](not_ours)
    assert "ermission" in told and "\n" not in told and "Errno" not in told, told


@pytest.mark.parametrize("use", USES)
def test_what_cannot_even_be_looked_at_is_told(use: str, not_ours: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a folder that is closed to us; and under a name that no file can have."""
    for path in (not_ours.parent / "closed" / "there", not_ours.parent / ("x" * 5000)):
        told = USES[use](path)
        assert told and "\n" not in told and "Errno" not in told, told
        _, parser, given = parse(["refill", "stomp://h/", str(path)])
        with pytest.raises(SystemExit):
            read(parser, given)
        assert f"{path} cannot be read: " in capsys.readouterr().err


def test_what_is_linked_to_the_null_device_keeps_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.symlink_to(os.devnull)
    history = History(path)
    assert history.load() == [] and history.add(Draft("/queue/a")) is None
    assert history.drafts == [Draft("/queue/a")]
    assert log(path) == ""
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_link_whose_folder_is_not_there_makes_none(tmp_path: Path) -> None:
    """As of dotfiles on a disk that is not mounted."""
    path = tmp_path / "profiles.toml"
    path.symlink_to(tmp_path / "unmounted" / "profiles.toml")
    with pytest.raises(OSError, match=r"it is a link to .*where there is no directory"):
        write_private(path, b"")
    assert "is a link to" in profiles_save(path)
    assert not (tmp_path / "unmounted").exists()


def test_new_folders_are_entered_by_their_owner_alone(tmp_path: Path) -> None:
    make_private_dir(tmp_path / "a" / "b")
    for folder in ("a", "a/b"):
        assert stat.S_IMODE((tmp_path / folder).stat().st_mode) == 0o700


@pytest.mark.parametrize("variable", ["STOMPTUI_CONFIG_DIR", "STOMPTUI_STATE_DIR"])
@pytest.mark.parametrize(
    "command", [[], ["drain", "stomp://h/", "/queue/q", "f", "--yes"], ["refill", "stomp://h/", "f"]]
)
def test_a_place_in_nobodys_home_is_one_line(
    variable: str,
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if command[:1] == ["refill"]:
        Path("f").touch()
    monkeypatch.setenv(variable, "~nosuchuser/x")
    assert main(command) == 2
    told = f"stomptui: {variable}=~nosuchuser/x: there is no user nosuchuser with a home directory\n"
    assert capsys.readouterr() == ("", told)
    assert not Path("~nosuchuser").exists()


def test_places_that_are_empty_or_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "usual"))
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", "")
    assert Profiles().path == tmp_path / "usual" / "stomptui" / "profiles.toml"
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", "mine")
    profiles = Profiles()
    monkeypatch.chdir("/")
    profiles.save("a", Connection())
    assert (tmp_path / "mine" / "profiles.toml").is_file()


def test_without_a_home_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "STOMPTUI_CONFIG_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    assert main([]) == 2
    assert capsys.readouterr().err == "stomptui: this user has no home directory: set STOMPTUI_CONFIG_DIR\n"
