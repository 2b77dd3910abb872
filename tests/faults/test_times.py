"""Times nobody can mean, wherever they come from: bounded, told, and the connection stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from stomptui.config.connection import LONGEST_BEAT, Connection
from stomptui.config.form import Form
from stomptui.config.profiles import ProfileError, Profiles
from stomptui.config.settings import load_settings
from stomptui.connection.events import Fault
from stomptui.connection.transport.heartbeats import negotiate
from tests.faults import servers
from tests.faults.servers import serving
from tests.support.command_line import console_options
from tests.support.record import Recorder

DAY = LONGEST_BEAT


@pytest.mark.parametrize(
    ("header", "agreed"),
    [
        ("9" * 400 + "," + "9" * 400, (DAY, 0)),
        ("9" * 5000 + "," + "9" * 5000, (DAY, 0)),
        ("99999999999,99999999999", (DAY, 0)),
        (f"{DAY + 1},10000", (10_000, 0)),
        (f"10000,{DAY}", (DAY, 10_000)),
        ("0,99999999999", (DAY, 0)),
        ("00000000000000000000010000,10000", (10_000, 10_000)),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_brokers_heart_beat_of_any_length_is_agreed_within_a_day(header: str, agreed: tuple[int, int]) -> None:
    with serving(servers.says(servers.connected(header))) as port, Recorder(Connection(port=port)) as recorder:
        assert recorder.connected().heart_beat == agreed
        told = [fault.text for fault in recorder.of(Fault)]
        recorder.session.send("SEND", [("destination", "/queue/q")])
    absurd = any(int(part[:100]) > DAY for part in header.split(","))
    assert [("over a day" in text) for text in told] == [True] * absurd
    assert all(len(text) < 250 for text in told)


@pytest.mark.parametrize("header", ["١٠,١٠", "-1,0", "1e3,0", "5", "a" * 9000, "1,2,3"])
def test_what_is_no_heart_beat_is_told_in_few_words(header: str) -> None:
    with pytest.raises(ValueError, match="not two numbers") as caught:
        negotiate((10_000, 10_000), header)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("timeout", [1e308, float("inf"), float("nan"), 10**400, 3601, 0, -1], ids="abcdefg")
def test_a_timeout_nobody_can_mean_is_refused_before_anything_is_tried(timeout: float) -> None:
    with Recorder(Connection(port=1, timeout=timeout)) as recorder:
        failed = recorder.failed()
    assert failed.field == "timeout"
    assert "at most 3600 seconds" in failed.reason


@pytest.mark.parametrize("beats", [(10**400, 0), (0, DAY + 1), (-1, 0)], ids="abc")
def test_a_heart_beat_nobody_can_mean_is_refused_before_anything_is_tried(beats: tuple[int, int]) -> None:
    with Recorder(Connection(port=1, heart_beat=beats)) as recorder:
        failed = recorder.failed()
    assert failed.field == "heart_beat"
    assert "a day" in failed.reason


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("timeout = 1e308", "timeout: a timeout is more than 0 and at most 3600 seconds"),
        ("timeout = 1e309", "timeout: a timeout is more than 0 and at most 3600 seconds"),
        ("timeout = nan", "timeout: a timeout is more than 0 and at most 3600 seconds"),
        ("timeout = " + "9" * 400, "timeout: a timeout is more than 0 and at most 3600 seconds"),
        ("timeout = " + "9" * 5000, "Invalid number"),
        ("heart_beat = [99999999999, 0]", "heart_beat: a heart-beat is 0 (none) or a time of at most 86400 seconds"),
        ("heart_beat = [0, " + "9" * 400 + "]", "heart_beat: a heart-beat is 0 (none)"),
    ],
    ids=lambda value: value[:24],
)
def test_a_profile_with_such_a_time_names_its_line(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(f'[profiles.p]\nurl = "stomp://h/"\n{line}\n')
    with pytest.raises(ProfileError) as caught:
        Profiles(path).load("p")
    assert words in str(caught.value)
    assert "line 3" in str(caught.value)


@pytest.mark.parametrize(
    "line", [f"journal_bytes = {'9' * 400}", f"journal_frames = {'9' * 30}", "peek_hold = 1000000"]
)
def test_such_settings_are_told_and_the_usual_ones_taken(tmp_path: Path, line: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(line + "\n")
    settings, problem = load_settings(path)
    assert line.partition(" ")[0] in (problem or "")
    assert settings == type(settings)()


@pytest.mark.parametrize("seconds", ["1e308", "1e309", "nan", "9" * 400, "0", "-1"], ids="abcdef")
def test_such_a_timeout_on_the_command_line_ends_in_one_line(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        console_options("stomp://h/", f"--connect-timeout={seconds}")
    assert caught.value.code == 2
    assert "--connect-timeout is a number of seconds up to 3600" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["1e308", "inf", "nan", "9" * 400, "9" * 5000], ids="abcde")
@pytest.mark.parametrize("field", ["timeout", "beat_out", "beat_in"])
def test_such_a_time_in_the_form_is_said_beside_its_field(field: str, seconds: str) -> None:
    form = Form.of(Connection())
    setattr(form, field, seconds)
    _, wrong = form.connection()
    assert "a number of seconds up to" in wrong[field]
