"""`stomptui drain` and `stomptui refill` as a script or a person runs them."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stomptui.brokers.registry import BROKERS
from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.config.environment import Environment
from stomptui.config.profiles import Profiles
from stomptui.connection.blocking_client import NotReached, RequestRefused
from stomptui.connection.events import ConnectFailed
from stomptui.connection.probe import probe
from stomptui.protocol.jsonl import FileMessage, JsonlError
from stomptui.queues.refusal_texts import in_a_line, reason_of
from tests.faults import servers
from tests.faults.servers import serving
from tests.support.embedded import EmbeddedBroker
from tests.support.raw import RawStomp
from tests.support.terminal import Terminal
from tests.support.transferring import bodies

ROOT = Path(__file__).resolve().parents[2]
QUEUE = "/queue/orders"


@pytest.fixture(autouse=True)
def _no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests keeps the log of the test run."""
    monkeypatch.setattr("stomptui.cli.transfer.runner.start_log", lambda path: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "orders.jsonl"


def url(embedded: EmbeddedBroker) -> str:
    return f"stomp://127.0.0.1:{embedded.port}/"


def fill(embedded: EmbeddedBroker, count: int, body: bytes = b"m%d") -> list[bytes]:
    found = [body % n for n in range(count)]

    def publish() -> None:
        for one in found:
            embedded.queues.publish(QUEUE, (), one)

    embedded.call(publish)
    return found


def spawn(*arguments: str, limit: int = 0) -> subprocess.Popen[str]:
    """Run it as a script does, with files of `limit` bytes at most."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-m", "stomptui", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=limited if limit else None,
    )


def terminal(*arguments: str) -> Terminal:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STOMP_SKIP_HOSTNAME_SCAN": "1"}
    return Terminal([sys.executable, "-m", "stomptui", *arguments], environment, folder=ROOT)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["drain"], "required: URL QUEUE FILE"),
        (["drain", "stomp://h/", "/queue/q"], "what is needed is URL QUEUE FILE"),
        (["drain", "stomp://h/", "/queue/q", "f", "g"], "what is needed is URL QUEUE FILE"),
        (["drain", "/queue/q", "f", "--yes"], "a URL, --profile or STOMPTUI_URL is needed"),
        (["drain", "--profile", "nope", "/queue/q", "f", "--yes"], "no profile nope"),
        (["drain", "amqp://h/", "/queue/q", "f", "--yes"], "amqp:// is not known"),
        (["drain", "stomp://h/", "/queue/q", "f"], "--yes is needed"),
        (["drain", "stomp://h/", "/queue/q", "f", "--yes", "--max", "0"], "--max is a number from 1"),
        (["drain", "stomp://h/", "/queue/q", "f", "--yes", "--wait", "nan"], "--wait is a number of seconds"),
        (["drain", "stomp://h/", "/queue/q", "f", "--yes", "--append", "--overwrite"], "cannot be used together"),
        (["drain", "stomp://h/", "", "f", "--yes"], "a queue is needed"),
        (["drain", "stomp://h/", "/queue/q", __file__, "--yes"], "exists already: use --append or --overwrite"),
        (["drain", "stomp://h/", "/queue/q", "/tmp", "--yes"], "/tmp is a directory: name a file in it"),
        (["drain", "stomp://h/", "/queue/q", "/dev/null", "--yes"], "/dev/null cannot be written: it is a device"),
        (["drain", "stomp://me@h/", "/queue/q", "f", "--yes"], "the password of me is needed"),
        (["drain", "stomp://h/", "/queue/q", "f", "--yes", "--connect-timeout", "0"], "--connect-timeout is a number"),
        (["refill", "stomp://h/"], "what is needed is URL FILE"),
        (["refill", "stomp://h/", "no-such-file"], "there is no file no-such-file"),
        (["refill", "stomp://h/", __file__, "--from-line", "0"], "--from-line is a number from 1"),
        (["refill", "stomp://h/", __file__, "--from-line", "3", "--to-line", "2"], "from that of --from-line, 3"),
        (["refill", "stomp://h/", __file__, "--max", "1"], "--max"),
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


@pytest.mark.parametrize("command", ["drain", "refill"])
def test_help_has_examples_the_format_and_the_status(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"stomptui {command} stomp://" in text and '{"destination": ' in text and "exit status" in text
    assert main(["--help"]) == 0
    assert f"\n  {command} " in capsys.readouterr().out


def test_there_and_back(embedded: EmbeddedBroker, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = fill(embedded, 5)
    assert main(["drain", "--wait", "0.2", url(embedded), QUEUE, "--yes", str(path)]) == 0
    assert capsys.readouterr() == ("5 drained\n", "")
    assert bodies(path) == found
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert main(["refill", url(embedded), str(path)]) == 0
    assert capsys.readouterr() == ("5 sent\n", "")
    assert embedded.bodies("orders") == found
    assert main(["refill", url(embedded), "--to", "/queue/other", "--from-line", "4", str(path)]) == 0
    said = capsys.readouterr()
    assert said.out == "2 sent\n"
    assert said.err == "stomptui: /queue/other: a new queue, it does not exist yet; the broker creates it.\n"
    assert embedded.bodies("other") == found[3:]
    refill = ["refill", url(embedded), "--to", "/queue/some", "--from-line", "2", "--to-line", "3", str(path)]
    assert (main(refill), capsys.readouterr().out, embedded.bodies("some")) == (0, "2 sent\n", found[1:3])
    drain = ["drain", url(embedded), QUEUE, str(path), "--yes", "--max", "2"]
    assert main([*drain, "--append"]) == 0
    assert bodies(path) == [*found, *found[:2]]
    assert main([*drain, "--overwrite"]) == 0
    assert bodies(path) == found[2:4]


def test_by_profile_and_environment(
    embedded: EmbeddedBroker, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(embedded, 2)
    Profiles().save("box", Connection(port=embedded.port, login="guest"))
    monkeypatch.setenv("STOMPTUI_PASSWORD", "guest")
    assert main(["drain", "--profile", "box", QUEUE, str(path), "--yes", "--max", "1"]) == 0
    monkeypatch.setenv("STOMPTUI_URL", url(embedded))
    assert main(["drain", QUEUE, str(path), "--yes", "--append", "--max", "1"]) == 0
    assert main(["refill", str(path)]) == 0
    assert capsys.readouterr() == ("1 drained\n1 drained\n2 sent\n", "")


def test_what_could_not_be_done_is_status_1_with_the_reasons(
    embedded: EmbeddedBroker, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(FileMessage(QUEUE, (), b"one").line() + b"{\x1b[31m}\n")
    assert main(["refill", url(embedded), str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == "1 sent, 1 failed\n"
    assert "stomptui: line 2: column 2: not JSON" in said.err
    assert main(["drain", url(embedded), "/queue/none", str(path), "--append", "--yes"]) == 1
    assert capsys.readouterr() == ("", "stomptui: there is no queue none\n")
    assert main(["drain", url(embedded), "/topic/x", str(path), "--append", "--yes"]) == 1
    assert "only a queue can be drained" in capsys.readouterr().err
    fill(embedded, 3)
    with RawStomp("127.0.0.1", embedded.port) as other:
        other.connect("1.2")
        other.send("SUBSCRIBE", {"id": "1", "destination": QUEUE, "ack": "client-individual", "prefetch-count": "1"})
        other.expect("MESSAGE")
        drain = ["drain", url(embedded), QUEUE, str(path), "--overwrite", "--yes", "--wait", "0.2"]
        assert main([*drain, "--max", "1"]) == 0
        capsys.readouterr()
        assert main(drain) == 1
        said = capsys.readouterr()
        assert said.out.endswith(" drained\n") and "1 of them unacknowledged at other consumers" in said.err
    assert main(["drain", "stomp://127.0.0.1:1/", QUEUE, str(path), "--append", "--yes"]) == 1
    assert capsys.readouterr() == ("", "stomptui: nothing listens on 127.0.0.1 port 1\n")
    assert main(["drain", url(embedded), QUEUE, str(path / "x"), "--yes"]) == 1
    assert "cannot be written" in capsys.readouterr().err


ERROR = b"ERROR\nmessage:Bad CONNECT\n\n%s\0"
REFUSALS = {
    "a wrong password": (
        servers.says(b"ERROR\nmessage:Bad CONNECT\n\nAccess refused for user 'guest'\0"),
        "; the server says: Bad CONNECT",
    ),
    "a wrong vhost": (
        servers.says(b"ERROR\nmessage:Bad CONNECT\n\nVirtual host '/x' access denied\0"),
        "; the server says: Bad CONNECT",
    ),
    "words in a language with no-break spaces": (
        servers.says("ERROR\nmessage:Accès refusé\u00a0: rien\tpour \x1b[1mvous\n\n\0".encode()),
        "; the server says: Accès refusé : rien␉pour ␛[1mvous",
    ),
    "AMQP": (servers.says(b"AMQP\0\0\x09\x01", then_close=True), ""),
    "HTTP": (
        servers.says(b"HTTP/1.1 400 Bad Request\r\n\r\nno", then_close=True),
        "; the server says: HTTP/1.1 400 Bad Request",
    ),
    "mail": (servers.banner(b"220 mail.example ESMTP\r\n"), "; the server says: 220 mail.example ESMTP"),
    "silence": (servers.silent, ""),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_no_connection_has_the_reason_that_the_form_gives(
    kind: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script, quoted = REFUSALS[kind]
    path.write_bytes(FileMessage(QUEUE, (), b"one").line())
    with serving(script) as port:
        form = probe(Connection(port=port, timeout=0.5), BROKERS)
        assert isinstance(form, ConnectFailed)
        place = ["--connect-timeout", "0.5", f"stomp://127.0.0.1:{port}/"]
        assert main(["drain", "--yes", "--append", *place, QUEUE, str(path)]) == 1
        assert main(["refill", *place, str(path)]) == 1
    assert capsys.readouterr() == ("", f"stomptui: {form.reason}{quoted}\n" * 2)


def test_what_a_server_says_is_quoted_beside_the_reason() -> None:
    refused = NotReached("the broker refused the login", "Bad CONNECT\nAccess refused")
    assert in_a_line(refused) == "the broker refused the login; the server says: Bad CONNECT"
    assert reason_of(refused) == "the broker refused the login"
    assert (
        in_a_line(RequestRefused("NOT_FOUND - no queue 'x'", "NOT_FOUND - no queue 'x' in vhost"))
        == "there is no queue x"
    )


def test_it_asks_on_a_terminal_and_no_takes_nothing(embedded: EmbeddedBroker, path: Path) -> None:
    found = fill(embedded, 3)
    with terminal("drain", "--max", "2", url(embedded), QUEUE, str(path)) as screen:
        screen.wait_for("export at most 2 messages of /queue/orders", "[y/N]", "none is lost")
        screen.type_in("\r")
        screen.wait_for("nothing was drained")
        assert screen.wait_end() == 1
    assert embedded.depth("orders") == (3, 0)
    assert not path.exists()
    with terminal("drain", "--wait", "0.2", url(embedded), QUEUE, str(path)) as screen:
        screen.wait_for("all messages of /queue/orders", "[y/N]")
        screen.type_in("y\r")
        screen.wait_for("3 drained")
        assert screen.wait_end() == 0
    assert bodies(path) == found


def test_it_asks_for_the_password_without_showing_it(path: Path) -> None:
    with EmbeddedBroker(users={"me": "s3cret"}) as embedded:
        fill(embedded, 1)
        with terminal("drain", "--yes", f"stomp://me@127.0.0.1:{embedded.port}/", QUEUE, str(path)) as screen:
            screen.wait_for("password of me:")
            screen.type_in("s3cret\r")
            screen.wait_for("1 drained")
            assert screen.wait_end() == 0
            assert b"s3cret" not in screen.raw
        with terminal("refill", f"stomp://me@127.0.0.1:{embedded.port}/", str(path)) as screen:
            screen.wait_for("password of me:")
            screen.type_in("wrong\r")
            screen.wait_for("stomptui: ")
            assert screen.wait_end() == 1


def test_ctrl_c_ends_it_with_the_account(embedded: EmbeddedBroker, path: Path) -> None:
    found = fill(embedded, 3)
    with terminal("drain", "--yes", "--wait", "60", url(embedded), QUEUE, str(path)) as screen:
        screen.wait_for("3 drained, ")
        screen.press("ctrl+c")
        screen.wait_for("3 drained; stopped: by Ctrl+C")
        assert screen.wait_end() == 130
    assert bodies(path) == found
    assert embedded.depth("orders") == (0, 0)


def test_a_signal_ends_it_with_the_account(embedded: EmbeddedBroker, path: Path) -> None:
    fill(embedded, 3)
    with spawn("drain", "--yes", "--wait", "60", url(embedded), QUEUE, str(path)) as process:
        embedded.wait(lambda: embedded.call(embedded.queues.depths)["orders"].ready == 0 and _size(path) > 0)
        embedded.wait(lambda: embedded.depth("orders") == (0, 0))
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert (out, err) == ("3 drained; stopped: by SIGTERM\n", "stomptui: go on with --append\n")
    assert process.returncode == 128 + signal.SIGTERM


def test_a_file_that_may_not_grow(embedded: EmbeddedBroker, path: Path) -> None:
    found = fill(embedded, 4000)
    limit = 400_000
    with spawn("drain", "--yes", url(embedded), QUEUE, str(path), limit=limit) as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "the file may not become larger" in out
    assert "were returned to the queue" in err
    in_file = bodies(path)
    assert path.stat().st_size <= limit
    assert out.startswith(f"{len(in_file):,} drained; stopped: ")
    assert in_file == found[: len(in_file)] and in_file
    embedded.wait(lambda: embedded.depth("orders") == (len(found) - len(in_file), 0))
    assert embedded.bodies("orders") == found[len(in_file) :]


@pytest.mark.parametrize("size", [1, 150_000, 900_000])
def test_a_killed_drain_loses_nothing(embedded: EmbeddedBroker, path: Path, size: int) -> None:
    for _ in range(10):
        path.unlink(missing_ok=True)
        found = fill(embedded, 8000)
        with spawn("drain", "--yes", url(embedded), QUEUE, str(path)) as process:
            embedded.wait(lambda: _size(path) >= size, 30)
            process.kill()
        embedded.wait(lambda: embedded.clients == 0)
        whole = [body for line in path.read_bytes().splitlines(True) if (body := _body(line)) is not None]
        assert whole == found[: len(whole)]
        assert set(whole) | set(embedded.bodies("orders")) == set(found)
        if len(whole) < len(found):
            break
    else:
        pytest.fail("it was never killed in the middle")
    with spawn("drain", "--yes", "--append", url(embedded), QUEUE, str(path)) as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert set(bodies(path)) == set(found)
    assert embedded.depth("orders") == (0, 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _body(line: bytes) -> bytes | None:
    """The body of a line, None if it was cut off."""
    try:
        return FileMessage.from_line(line).body
    except JsonlError:
        return None


def test_over_a_read_only_connection_nothing_is_drained_or_refilled(
    embedded: EmbeddedBroker, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(embedded, 3)
    before = embedded.call(embedded.queues.depths)
    Profiles().save("safe", Connection(port=embedded.port, environment=Environment(read_only=True)))
    assert main(["drain", "--yes", "--profile", "safe", QUEUE, str(path)]) == 1
    assert main(["drain", "--yes", "--read-only", url(embedded), QUEUE, "-"]) == 1
    assert not path.exists()
    path.write_text('{"destination": "/queue/new", "body": "x"}\n')
    assert main(["refill", "--yes", "--profile", "safe", str(path)]) == 1
    assert main(["refill", "--yes", "--read-only", "--to", "/queue/new", url(embedded), str(path)]) == 1
    said = capsys.readouterr()
    assert said.err.count("this connection is read-only: nothing can be sent, acknowledged or changed over it") == 4
    assert not said.out
    assert embedded.call(embedded.queues.depths) == before


def test_a_drain_from_production_wants_the_name_of_the_queue(
    embedded: EmbeddedBroker, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(embedded, 3)
    Profiles().save("prod", Connection(port=embedded.port, environment=Environment(production=True)))
    for arguments, words in (
        (["--yes"], "this is production: --confirm /queue/orders is needed in place of --yes"),
        (["--confirm", "/queue/other"], "--confirm names /queue/other, and the queue is /queue/orders"),
        (["--confirm", ""], "--confirm names nothing"),
        ([], "without a terminal to ask on"),
    ):
        assert main(["drain", *arguments, "--profile", "prod", QUEUE, str(path)]) == 2
        assert words in capsys.readouterr().err
    assert embedded.depth("orders") == (3, 0) and not path.exists()
    with terminal("drain", "--profile", "prod", QUEUE, str(path)) as screen:
        screen.wait_for("PRODUCTION: export all messages of /queue/orders", "type the name of the queue to do it:")
        screen.type_in("yes\r")
        assert screen.wait_end() == 1
    assert embedded.depth("orders") == (3, 0) and not path.exists()
    with terminal("drain", "--max", "1", "--wait", "0.2", "--profile", "prod", QUEUE, str(path)) as screen:
        screen.wait_for("type the name of the queue to do it:")
        screen.type_in("orders\r")
        assert screen.wait_end() == 0
    assert main(["drain", "--append", "--wait", "0.2", "--confirm", QUEUE, "--profile", "prod", QUEUE, str(path)]) == 0
    assert embedded.depth("orders") == (0, 0) and len(bodies(path)) == 3
