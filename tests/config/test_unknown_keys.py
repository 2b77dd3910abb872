"""Keys of profiles and settings that nothing reads are told, with the name that was probably meant, and stay."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.config.profile_file import KEYS
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.settings import Settings, load_settings, save_settings
from stomptui.config.unknown_keys import MAX_NAMED, nearest, unknown_keys
from tests.support.command_line import console_options as options
from tests.support.console import console
from tests.support.embedded import EmbeddedBroker


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(tmp_path / "state"))
    for name in ("STOMPTUI_URL", "STOMPTUI_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def profiles(folder: Path, text: str) -> Profiles:
    (folder / "profiles.toml").write_text(text)
    return Profiles()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('management_url = "http://h"', "has an unknown key 'management_url': did you mean 'management'?"),
        ('ca-file = "ca.pem"', "has an unknown key 'ca-file': did you mean 'ca_file'?"),
        ("readonly = true", "has an unknown key 'readonly': did you mean 'read_only', which is true or false?"),
        ('color = "red"', "has an unknown key 'color': did you mean 'colour'?"),
        ("heartbeat = [0, 0]", "has an unknown key 'heartbeat': did you mean 'heart_beat'?"),
        ("Timeout = 3", "has an unknown key 'Timeout': did you mean 'timeout'?"),
        ('header = ["a"]', "has an unknown key 'header': did you mean 'headers'?"),
        ('subscriptions = ["/topic/a"]', "has an unknown key 'subscriptions': did you mean 'subscribe'?"),
        ('login = "me"', "has an unknown key 'login': it is part of 'url'"),
        ('password = "s3cret"', "has an unknown key 'password': a password is typed, or comes from STOMPTUI_PASSWORD"),
        ("zork = 1", "has an unknown key 'zork', which nothing reads"),
        ("zork = 1\ntimeuot = 2", "has unknown keys: 'zork', 'timeuot' (did you mean 'timeout'?)"),
        ('headers = [{ name = "a", valeu = "b" }]', "a header of profile 'lab' has an unknown key 'valeu'"),
    ],
)
def test_a_key_that_is_not_read_is_told(tmp_path: Path, line: str, told: str) -> None:
    unknown = profiles(tmp_path, f'[profiles.lab]\nurl = "stomp://h/"\n{line}\n').unknown("lab") or ""
    assert told in unknown and "'lab'" in unknown and "\n" not in unknown and "s3cret" not in unknown


def test_every_known_key_is_known_and_a_slip_in_it_finds_it() -> None:
    assert not unknown_keys("x", KEYS, KEYS)
    for key in KEYS:
        assert nearest(key.upper().replace("_", "-"), KEYS) == key
        assert nearest(f"{key}x", KEYS) == key


def test_a_thousand_are_counted() -> None:
    told = unknown_keys("x", [f"zork{number}" for number in range(1000)], KEYS)
    assert f"and {1000 - MAX_NAMED:,} more" in told and len(told) < 200


def test_a_misspelt_url_or_table_is_told_where_the_profile_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"unknown key 'uri': did you mean 'url'\?"):
        profiles(tmp_path, '[profiles.lab]\nuri = "stomp://h/"\n').profile("lab")
    saved = profiles(tmp_path, '[profile.lab]\nurl = "stomp://h/"\n')
    with pytest.raises(ProfileError, match=r"unknown key 'profile': did you mean 'profiles'\?"):
        saved.profile("lab")
    assert "did you mean 'profiles'?" in (saved.unknown() or "")


def test_nothing_unknown_is_lost_when_a_profile_is_saved(tmp_path: Path) -> None:
    saved = profiles(
        tmp_path,
        """# mine
top = 1
[profiles.lab]
url = "stomp://h/"  # here
management_url = "http://h"
headers = [{ name = "app-id", value = "A", why = "billing" }, { name = "x", value = "1" }]
[profiles.lab.notes]
owner = "us"
[other]
a = 1
""",
    )
    saved.save("lab", Connection(host="h2", headers=(("x", "2"), ("app-id", "B"))))
    text = saved.path.read_text()
    for kept in ("# mine", "top = 1", 'management_url = "http://h"', 'why = "billing"', 'owner = "us"', "[other]"):
        assert kept in text
    assert saved.load("lab").headers == (("x", "2"), ("app-id", "B"))


def test_unknown_settings_are_told_and_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("jounal_bytes = 1048576\n[secret]\nnames = []\n")
    settings, problem = load_settings()
    assert not problem and settings == Settings()
    assert (settings.unknown or "").startswith(
        f"{path} has unknown keys: 'jounal_bytes' (did you mean 'journal_bytes'?)"
    )
    settings.theme = "nord"
    save_settings(settings)
    assert "jounal_bytes = 1048576" in path.read_text() and "[secret]" in path.read_text()


def test_drain_and_refill_tell_it_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.toml").write_text("secretnames = []\n")
    profiles(tmp_path, '[profiles.lab]\nurl = "stomp://127.0.0.1:1/"\nmanagement_url = "http://h"\n')
    assert main(["drain", "--profile", "lab", "--yes", "/queue/q", str(tmp_path / "f")]) == 1
    told = capsys.readouterr().err.splitlines()
    assert any("did you mean 'secret_names'?" in line for line in told)
    assert "stomptui: profile 'lab' has an unknown key 'management_url': did you mean 'management'?" in told


async def test_the_console_tells_it_and_the_log_keeps_it(tmp_path: Path, embedded: EmbeddedBroker) -> None:
    (tmp_path / "settings.toml").write_text("peekhold = 3\n")
    profiles(tmp_path, f'[profiles.lab]\nurl = "stomp://127.0.0.1:{embedded.port}/"\n"[b]x" = 1\n')
    asked = options("--profile", "lab")
    async with console(connection=asked.connection, autoconnect=True, warnings=asked.warnings) as driver:
        # Notifications go after some seconds, which a busy machine may need to connect.
        wanted = "did you mean 'peek_hold'?", "profile 'lab' has an unknown key '[b]x'"
        await driver.until(lambda: all(any(one in note for note in driver.told) for one in wanted), "both are told")
        await driver.until(lambda: any(wanted[1] in line for line in driver.notes), "it is in the log")


def test_a_start_without_a_word_connects_by_the_last_profile(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('last_profile = "lab"\nlast_url = "stomp://elsewhere/"\n')
    text = '[profiles.lab]\nurl = "stomp://h/"\nsubscribe = ["/topic/a"]\n'
    profiles(tmp_path, text)
    asked = options()
    assert asked.autoconnect and asked.profile == "lab" and asked.subscribe == ("/topic/a",)
    assert asked.connection is not None and asked.connection.host == "h"
    # What takes messages is not begun by a start without a word.
    assert not options("--consume", "/queue/q").autoconnect
    profiles(tmp_path, text + 'consume = ["/queue/q"]\n')
    asked = options()
    assert not asked.autoconnect and asked.profile == "lab" and "takes messages out of queues" in asked.notice
    # Other arguments go before it.
    assert options("stomp://other/").profile == "" and options("--login", "me").profile == ""
    assert options("--demo").profile == ""
    profiles(tmp_path, '[profiles.lab]\nurl = "stomp://me@h/"\n')
    asked = options()
    assert not asked.autoconnect and asked.profile == "lab" and "password of me" in asked.notice
    profiles(tmp_path, "")
    asked = options()
    assert not asked.autoconnect and asked.connection is None and "has no profile lab" in asked.notice


def saved(profile: str) -> bool:
    """Whether a start after this one would go by this profile."""
    settings, _ = load_settings()
    return bool(settings.last_url) and settings.last_profile == profile


async def test_the_last_profile_is_remembered_as_long_as_it_is_what_was_connected_by(
    tmp_path: Path, embedded: EmbeddedBroker
) -> None:
    profiles(tmp_path, f'[profiles.lab]\nurl = "stomp://127.0.0.1:{embedded.port}/"\n')
    options("--profile", "lab")
    for more, remembered in (((), "lab"), (("--vhost", "other"), "")):
        connection = options("--profile", "lab", *more).connection
        async with console(connection=connection, autoconnect=True, profile="lab") as driver:
            await driver.up()
            await driver.until(functools.partial(saved, remembered), "remembered")
