"""What is remembered, and what only a keyring may remember."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from stomptui.config.connection import Connection
from stomptui.config.files.paths import write_private
from stomptui.config.secrets import Keyring, SecretError, environment_password
from stomptui.config.settings import Settings, load_settings, save_settings


def test_settings_come_back_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\ntheme = 'nord'  # calm\nother = 1\n")
    settings, problem = load_settings(path)
    assert (settings.theme, problem) == ("nord", None)
    settings.last_profile = "staging"
    save_settings(settings, path)
    assert load_settings(path) == (settings, None)
    assert "# calm" in path.read_text() and "other = 1" in path.read_text()


@pytest.mark.parametrize("text", ["theme = 3", "theme = ", "journal_bytes = 1", "journal_frames = true"])
def test_broken_settings_are_told_and_defaults_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    settings, problem = load_settings(path)
    assert settings == Settings()
    assert "settings.toml" in (problem or "")


def test_no_settings_are_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == (Settings(), None)


def test_password_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOMPTUI_PASSWORD", "s3cret")
    assert environment_password() == "s3cret"


class FakeKeyring:
    """A keyring that keeps passwords in memory."""

    def __init__(self, priority: float = 5) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.priority = priority

    def get_keyring(self) -> SimpleNamespace:
        return SimpleNamespace(priority=self.priority)

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def test_keyring_keeps_a_password_per_login_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeKeyring()
    monkeypatch.setitem(sys.modules, "keyring", fake)
    keyring = Keyring()
    assert keyring.unavailable_reason() is None
    keyring.set(Connection(login="a", passcode="s3cret"))
    assert keyring.get(Connection(login="a")) == "s3cret"
    assert keyring.get(Connection(login="b")) == ""
    assert keyring.get(Connection(login="a", host="other")) == ""
    keyring.forget(Connection(login="a"))
    keyring.forget(Connection(login="a"))
    assert not fake.kept


def test_without_keyring_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "not installed" in (Keyring().unavailable_reason() or "")
    with pytest.raises(SecretError, match="not installed"):
        Keyring().get(Connection())


def test_a_locked_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(service: str, name: str) -> str:
        raise OSError("locked")

    fake = FakeKeyring()
    monkeypatch.setattr(fake, "get_password", locked)
    monkeypatch.setitem(sys.modules, "keyring", fake)
    with pytest.raises(SecretError, match="locked"):
        Keyring().get(Connection())


def test_a_keyring_that_cannot_keep_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", FakeKeyring(priority=0))
    assert Keyring().unavailable_reason()


def test_what_changes_while_settings_are_written_is_written_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    settings, _ = load_settings(path)
    settings.wrap_lines = False

    def slow(where: Path, data: bytes) -> None:
        settings.line_numbers = False
        write_private(where, data)

    monkeypatch.setattr("stomptui.config.settings.write_private", slow)
    save_settings(settings, path)
    assert settings.changes() == {"line_numbers": False}
    save_settings(settings, path)
    again, _ = load_settings(path)
    assert (again.wrap_lines, again.line_numbers) == (False, False)


def test_only_what_differs_in_a_table_or_a_list_is_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        'secret_names = [\n  "a",  # first\n  "b",\n]\n\n[keys]  # mine\n"console.peek" = "P"  # loud\n'
        '"log.follow" = "F"\n'
    )
    settings, problem = load_settings(path)
    assert problem is None
    settings.secret_names = ["a", "c"]
    settings.keys = {"console.peek": "P", "console.queues": "Q"}
    settings.peek_hold = 40
    # Somebody edits it meanwhile.
    path.write_text(path.read_text().replace('"log.follow" = "F"\n', '"log.follow" = "F"\n"log.pause" = "0"\n'))
    save_settings(settings, path)
    text = path.read_text()
    assert '"a",  # first' in text and "[keys]  # mine" in text and '"P"  # loud' in text
    found, problem = load_settings(path)
    assert problem is None
    assert (found.secret_names, found.peek_hold) == (["a", "c"], 40)
    assert found.keys == {"console.peek": "P", "console.queues": "Q", "log.pause": "0"}


def test_what_was_edited_by_hand_is_taken_over_unless_it_was_changed_here_too(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("peek_hold = 10\n")
    settings, _ = load_settings(path)
    settings.line_numbers = False
    path.write_text("peek_hold = 20\nline_numbers = true\nwrap_lines = false\n")
    assert settings.adopt(load_settings(path)[0]) == ["peek_hold", "wrap_lines"]
    assert (settings.peek_hold, settings.wrap_lines, settings.line_numbers) == (20, False, False)
    assert settings.changes() == {"line_numbers": False}
