"""The command line: what is refused, what is asked for, how it ends."""

from __future__ import annotations

import argparse
import logging
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.config.environment import Environment, EnvironmentColour
from stomptui.config.files.logs import hide_secrets, redacted, start_log, stop_log
from stomptui.config.options import Options
from stomptui.config.output import crash_line
from stomptui.config.profiles import Profiles
from tests.support.command_line import console_options as options


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(tmp_path / "state"))
    for name in ("STOMPTUI_URL", "STOMPTUI_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["amqp://h"], "amqp:// is not known"),
        ([""], "a URL is needed"),
        (["stomp://h:70000"], "1 to 65535"),
        (["stomp://a..b\x01"], "control characters"),
        (["--profile", "nope"], "no profile nope"),
        (["--profile", "a", "stomp://h"], "a URL and --profile cannot be used together"),
        (["--demo", "stomp://h"], "cannot be used together"),
        (["--subscribe", ""], "need a destination"),
        (["--connect-timeout", "0"], "seconds"),
        (["--connect-timeout", "soon"], "invalid float"),
        (["--nonsense"], "--nonsense"),
        (["stomp://h", "extra"], "extra"),
    ],
)
def test_bad_arguments_are_one_line_and_status_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.startswith("stomptui: ") and said.err.count("\n") == 1
    assert not said.out


def test_a_broken_profile_file_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "profiles.toml").write_text("[profiles.a]\nurl = nothing\n")
    assert main(["--profile", "a"]) == 2
    assert "profiles.toml, line 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["stomp://guest:s3[cret@h/"],
        ["stomp://guest:s3cret"],
        ["--demo", "--bogus", "stomp://guest:s3cret@h/"],
        ["stomp://h", "stomp://guest:s3/cret@h/"],
        ["stomp://h", "guest:s3cret@h"],
        ["stomp://h", "ws://h/ws?access_token=s3cret"],
        ["--profile", "stomp://guest:s3cret@h/"],
        ["--password", "s3cret", "stomp://h"],
        ["--password=s3cret", "stomp://h"],
        ["--url=stomp://guest:s3cret"],
        ["--theme", "x", "stomp://guest:s3?cret@h"],
        ["drain", "--bogus", "stomp://guest:s3cret@h/", "/queue/q", "f"],
        ["drain", "stomp://guest:s3#cret@h/", "/queue/q", "f", "--yes"],
        ["refill", "f", "stomp://guest:s3cret@h/"],
        ["refill", "stomp://guest:s3cret@h/"],
        ["broker", "--user", "me:s3cret", "stomp://me:s3cret@h"],
        ["broker", "--user", "s3cret"],
    ],
)
def test_no_password_in_an_argument_is_repeated(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("stomptui: ") and "cret" not in said.err and not said.out


def test_no_password_in_the_environment_is_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STOMPTUI_URL", "stomp://guest:s3/cret@h/")
    assert main([]) == 2
    said = capsys.readouterr().err
    assert "cret" not in said and "/ as %2F" in said


def test_help_has_examples_and_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert "stomptui --demo" in text and "STOMPTUI_PASSWORD" in text
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("stomptui ")


def test_a_url_with_its_password_goes_straight_in() -> None:
    asked = options(
        "stomp://guest:s3cret@h:1/",
        "--subscribe",
        "/topic/a",
        "--consume",
        "/queue/b",
        "--peek",
        "/queue/p",
        "--work",
        "/queue/w",
        "--quiet",
    )
    assert asked.connection == Connection(host="h", port=1, login="guest", passcode="s3cret")
    assert asked.autoconnect
    assert (asked.subscribe, asked.consume, asked.quiet) == (("/topic/a",), ("/queue/b",), True)
    assert (asked.peek, asked.work) == ("/queue/p", ("/queue/w",))


def test_a_login_without_password_is_asked_for_it() -> None:
    asked = options("stomp://guest@h:1/")
    assert not asked.autoconnect
    assert "password of guest" in asked.notice


def test_no_login_needs_no_password() -> None:
    assert options("stomp://h").autoconnect


def test_password_and_url_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOMPTUI_URL", "stomp://guest@h:1/")
    monkeypatch.setenv("STOMPTUI_PASSWORD", "s3cret")
    asked = options()
    assert asked.connection == Connection(host="h", port=1, login="guest", passcode="s3cret")
    assert asked.autoconnect
    assert options("stomp://a:own@b").connection == Connection(host="b", login="a", passcode="own")
    assert options("--demo").connection is None


def test_a_bad_url_in_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STOMPTUI_URL", "stomp://")
    assert main([]) == 2
    assert "STOMPTUI_URL: " in capsys.readouterr().err


def test_a_connection_is_read_only_by_its_profile_or_by_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    marked = Environment(EnvironmentColour.RED, production=True)
    Profiles().save("prod", Connection(environment=marked))
    Profiles().save("safe", Connection(environment=replace(marked, read_only=True)))
    for arguments, environment in (
        (["--profile", "prod"], marked),
        (["--profile", "prod", "--read-only"], replace(marked, read_only=True)),
        (["--profile", "safe"], replace(marked, read_only=True)),
        (["--read-only", "stomp://h"], Environment(read_only=True)),
    ):
        found = options(*arguments).connection
        assert found is not None and found.environment == environment
    assert options("--demo", "--read-only").read_only
    for taking in ("--work", "--consume"):
        with pytest.raises(SystemExit) as ended:
            options("--profile", "safe", taking, "/queue/a")
        assert ended.value.code == 2
        assert "this connection is read-only" in capsys.readouterr().err


def test_what_the_broker_is_treated_as_is_said_by_the_profile_or_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    Profiles().save("lab", Connection(dialect="coilmq"))
    for arguments, dialect in (
        (["--profile", "lab"], "coilmq"),
        (["--profile", "lab", "--dialect", "relay"], "relay"),
        (["ws://h/ws", "--dialect", "spring"], "spring"),
        (["ws://h/ws"], ""),
    ):
        found = options(*arguments).connection
        assert found is not None and found.dialect == dialect
    with pytest.raises(SystemExit):
        options("ws://h/ws", "--dialect", "kafka")
    assert "relay" in capsys.readouterr().err


def test_nothing_asked_for_is_the_form() -> None:
    asked = options()
    assert asked.connection is None and not asked.autoconnect


def test_a_profile_brings_its_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    Profiles().save("staging", Connection(host="h", login="guest"), subscribe=("/topic/a",), consume=("/queue/c",))
    monkeypatch.setenv("STOMPTUI_PASSWORD", "s3cret")
    asked = options("--profile", "staging", "--subscribe", "/queue/b", "--vhost", "v", "--connect-timeout", "2")
    assert asked.connection == Connection(host="h", login="guest", passcode="s3cret", vhost="v", timeout=2.0)
    assert asked.autoconnect and asked.profile == "staging"
    assert (asked.subscribe, asked.consume) == (("/topic/a", "/queue/b"), ("/queue/c",))


def test_a_profile_with_a_secret_header_asks_for_it() -> None:
    Profiles().save("spring", Connection(host="h", headers=(("Authorization", "Bearer t0ken"),)))
    asked = options("--profile", "spring")
    assert not asked.autoconnect
    assert "Authorization" in asked.notice


def test_without_a_terminal_it_says_so() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stomptui"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "terminal" in done.stderr and done.stderr.count("\n") == 1


class FakeApp:
    """An app that ends as told."""

    available_themes = {"nord": None}
    crash: BaseException | None = None
    return_code = 0
    error: Exception | None = None
    farewell: tuple[str, ...] = ()
    terminal_reads = True

    def __init__(self, asked: Options) -> None:
        self.asked = asked

    def run(self) -> None:
        if self.error:
            raise self.error

    def summary(self) -> list[str]:
        return ["/queue/test: 3 received"]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> type[FakeApp]:
    class Mine(FakeApp):
        pass

    monkeypatch.setitem(sys.modules, "stomptui.app", SimpleNamespace(StompTUI=Mine))
    monkeypatch.setattr("stomptui.cli.console.on_a_terminal", lambda: True)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    return Mine


def test_the_counts_are_printed_on_leaving(app: type[FakeApp], capsys: pytest.CaptureFixture[str]) -> None:
    app.return_code = 143
    assert main(["--demo"]) == 143
    assert capsys.readouterr().out == "/queue/test: 3 received\n"
    assert main(["--demo", "--quiet"]) == 143
    assert capsys.readouterr().out == ""


def test_a_library_has_to_be_a_directory(
    app: type[FakeApp], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--library", str(tmp_path / "none")]) == 2
    assert "there is no such directory" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["--library", str(tmp_path / "file")]) == 2
    assert "it is no directory" in capsys.readouterr().err


def test_an_unknown_theme_is_refused(app: type[FakeApp], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--theme", "pink"]) == 2
    assert "nord" in capsys.readouterr().err


@pytest.mark.parametrize("inside", [True, False])
def test_a_crash_is_one_line_and_the_log_has_the_rest(
    app: type[FakeApp], inside: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = RuntimeError("no\nluck with s3cret-word")
    hide_secrets(["s3cret-word"])
    if inside:
        app.crash = error
    else:
        app.error = error
    log = tmp_path / "deep" / "er" / "my.log"
    assert main(["--log-file", str(log)]) == 1
    said = capsys.readouterr().err
    assert said == f"stomptui crashed: RuntimeError: no luck with ••••••; the log is at {log}\n"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert inside or "Traceback" in log.read_text()
    assert "s3cret" not in log.read_text()


def test_a_log_that_cannot_be_written_is_refused(app: type[FakeApp], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--log-file", "/proc/none/x.log"]) == 2
    assert "--log-file" in capsys.readouterr().err


def test_without_a_place_for_the_usual_log_it_still_runs(
    app: type[FakeApp], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STOMPTUI_STATE_DIR", "/proc/none")
    app.crash = ValueError()
    assert main([]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["a..b", "a" * 70, "\u202e", "no.such.invalid"])
def test_where_the_broker_cannot_listen_is_one_line(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broker", "--host", host, "--port", "0"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("stomptui broker: ") and said.count("\n") == 1 and "\u202e" not in said
    assert "cannot be the name of a host" in said or "cannot listen on" in said


def test_the_broker_has_a_command_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    async def serve(given: argparse.Namespace) -> None:
        seen.append(given.port)

    monkeypatch.setitem(sys.modules, "stomptui.cli.broker_server", SimpleNamespace(serve=serve))
    assert main(["broker", "--port", "1"]) == 0
    assert main(["broker", "--po", "2"]) == 0, "its options could be abbreviated from the beginning"
    assert seen == [1, 2]


def test_nothing_logged_reaches_the_terminal(
    app: type[FakeApp], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.log"
    start_log(path)
    try:
        logging.getLogger("stomp.py").warning("STOMP frame: {'passcode': 'guest-word', 'login': 'guest'}")
        logging.getLogger("stomp.py").info("Sending frame: passcode:guest-word")
        logging.getLogger("x").error("broken %d", "not a number")

        def fail() -> None:
            raise KeyError("in a thread")

        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    finally:
        stop_log()
    text = path.read_text()
    assert "in a thread" in text and "STOMP frame" in text
    assert "guest-word" not in text
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "passcode:s3cret",
        "b'CONNECT\\npasscode:s3cret\\nhost:/'",
        "{'passcode': 's3cret x'}",
        'Authorization: "s3cret"',
        "x-access-token=s3cret",
    ],
)
def test_what_looks_like_a_secret_is_not_written(text: str) -> None:
    assert "s3cret" not in redacted(text)
    assert "host" not in text or "host" in redacted(text)


def test_a_crash_line_is_harmless_and_short() -> None:
    line = crash_line(ValueError("\x1b[2J" + "x" * 9999), "/l")
    assert "\x1b" not in line and len(line) < 400
