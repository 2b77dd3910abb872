"""`stomptui drain URL QUEUE -` and `stomptui refill URL -`, as they stand in a pipeline of a shell."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stomptui.cli.main import main
from stomptui.protocol.jsonl import FileMessage
from stomptui.queues.transfer.file_errors import FileError
from stomptui.queues.transfer.standard_streams import StandardOutput
from tests.support.embedded import EmbeddedBroker
from tests.support.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
QUEUE = "/queue/orders"
PROGRAM = [sys.executable, "-m", "stomptui"]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what came by standard input is kept."""
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "state"


def kept(state: Path) -> list[Path]:
    return sorted(state.glob("refill-*"))


def url(embedded: EmbeddedBroker) -> str:
    return f"stomp://127.0.0.1:{embedded.port}/"


def fill(embedded: EmbeddedBroker, count: int, size: int = 0) -> list[bytes]:
    found = [(b"m%d " % n).ljust(size, b"x") for n in range(count)]

    def publish() -> None:
        for body in found:
            embedded.queues.publish(QUEUE, (), body)

    embedded.call(publish)
    return found


def lines(*bodies: bytes, queue: str = QUEUE) -> bytes:
    return b"".join(FileMessage(queue, (), body).line() for body in bodies)


def bodies(data: bytes) -> list[bytes]:
    return [FileMessage.from_line(line).body for line in data.splitlines(True)]


def drain(embedded: EmbeddedBroker, *more: str) -> list[str]:
    return [*PROGRAM, "drain", "--yes", *more, url(embedded), QUEUE, "-"]


def test_a_pipeline_moves_a_queue(embedded: EmbeddedBroker, state: Path, tmp_path: Path) -> None:
    found = fill(embedded, 1200)
    refill = [*PROGRAM, "refill", "--to", "/queue/other", url(embedded), "-"]
    with (
        subprocess.Popen(drain(embedded), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as source,
        subprocess.Popen(
            refill, stdin=source.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
        ) as target,
    ):
        assert source.stdout is not None and source.stderr is not None
        source.stdout.close()
        out, err = target.communicate(timeout=60)
        assert (out, err) == (
            b"1,200 sent\n",
            b"stomptui: /queue/other: a new queue, it does not exist yet; the broker creates it.\n",
        )
        assert source.stderr.read() == b"1,200 drained\n"
        assert (source.wait(20), target.wait(20)) == (0, 0)
    assert embedded.bodies("other") == found
    assert embedded.depth("orders") == (0, 0)
    assert not kept(state), "what was sent is not left on the disk"
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("read", [0, 1, 600_000])
def test_what_a_reader_did_not_take_stays_in_the_queue(
    embedded: EmbeddedBroker, state: Path, tmp_path: Path, read: int
) -> None:
    found = fill(embedded, 3000, 1000)
    with subprocess.Popen(drain(embedded), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None and process.stderr is not None
        taken = os.read(process.stdout.fileno(), read) if read else b""
        while read and len(taken) < read and (more := os.read(process.stdout.fileno(), read - len(taken))):
            taken += more
        process.stdout.close()
        told = process.stderr.read().decode()
        assert process.wait(30) == 1
    assert "stopped: nobody reads standard output any more" in told
    whole = bodies(taken[: taken.rfind(b"\n") + 1])
    embedded.wait(lambda: embedded.clients == 0)
    left = embedded.bodies("orders")
    assert set(whole) | set(left) == set(found), "a message is neither read nor in the queue"
    assert len(left) < len(found) or read < 600_000


def test_the_disk_behind_standard_output_is_full(embedded: EmbeddedBroker, state: Path, tmp_path: Path) -> None:
    found = fill(embedded, 3)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(drain(embedded), stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, timeout=30)
    assert done.returncode == 1
    assert b"0 drained; stopped: standard output cannot be written: the disk is full" in done.stderr
    embedded.wait(lambda: embedded.depth("orders") == (3, 0))
    assert embedded.bodies("orders") == found


def test_closed_standard_streams_are_one_line(embedded: EmbeddedBroker, state: Path, tmp_path: Path) -> None:
    fill(embedded, 1)
    told = {}
    for command, redirection in ((drain(embedded), ">&-"), ([*PROGRAM, "refill", url(embedded), "-"], "<&-")):
        shell = ["sh", "-c", f'"$@" {redirection}', "sh", *command]
        done = subprocess.run(shell, stderr=subprocess.PIPE, cwd=tmp_path, timeout=30)
        told[redirection] = (done.returncode, done.stderr)
    assert told[">&-"] == (2, b"stomptui: standard output is closed\n")
    assert told["<&-"] == (2, b"stomptui: standard input is closed\n")
    assert embedded.depth("orders") == (1, 0)


@pytest.fixture
def process(embedded: EmbeddedBroker, state: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A refill from a pipe that stays open."""
    pipe = subprocess.PIPE
    command = [*PROGRAM, "refill", url(embedded), "-"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=tmp_path) as running:
        yield running
        running.kill()


def test_ctrl_c_loses_nothing_that_came(
    embedded: EmbeddedBroker, state: Path, process: subprocess.Popen[bytes]
) -> None:
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(lines(b"one"))
    process.stdin.flush()
    embedded.wait(lambda: [path.stat().st_size for path in kept(state)] == [len(lines(b"one"))])
    process.send_signal(signal.SIGINT)
    assert b"read to its end" in process.stderr.readline()
    out, err = process.communicate(lines(b"two"), timeout=20)
    (path,) = kept(state)
    assert process.returncode == 130 and out == b""
    assert err.decode().splitlines() == [
        "stomptui: nothing was sent: stopped by Ctrl+C",
        f"stomptui: what came is kept in {path}",
    ]
    assert path.read_bytes() == lines(b"one", b"two")
    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["refill", url(embedded), str(path)]) == 0
    assert embedded.bodies("orders") == [b"one", b"two"]


def test_what_could_not_be_sent_is_kept(
    embedded: EmbeddedBroker, state: Path, process: subprocess.Popen[bytes]
) -> None:
    out, err = process.communicate(lines(b"one") + b"nonsense\n" + lines(b"three"), timeout=20)
    (path,) = kept(state)
    assert (process.returncode, out) == (1, b"2 sent, 1 failed\n")
    assert f"what came is kept in {path}" in err.decode()
    assert path.read_bytes().splitlines()[1] == b"nonsense"


def test_a_broker_that_does_not_answer_reads_nothing(state: Path, tmp_path: Path) -> None:
    """Whoever writes into the pipe is not relieved of messages that go nowhere."""
    read, write = os.pipe()
    os.write(write, lines(b"one"))
    command = [*PROGRAM, "refill", "stomp://127.0.0.1:1/", "-"]
    done = subprocess.run(command, stdin=read, capture_output=True, cwd=tmp_path, timeout=30)
    assert done.stderr == b"stomptui: nothing listens on 127.0.0.1 port 1\n"
    assert os.read(read, 1000) == lines(b"one") and not kept(state)
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("source", ["redirected", "substituted", "named pipe"])
def test_other_ways_to_hand_lines_over(embedded: EmbeddedBroker, state: Path, tmp_path: Path, source: str) -> None:
    fill(embedded, 1)
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + lines(b"one").replace(b"\n", b"\r\n"))
    scripts = {
        "redirected": '"$@" - < in.jsonl',
        "substituted": '"$@" <(cat in.jsonl)',
        "named pipe": 'mkfifo pipe; cat in.jsonl > pipe & "$@" pipe',
    }
    shell = ["bash", "-c", scripts[source], "bash", *PROGRAM, "refill", url(embedded)]
    done = subprocess.run(shell, capture_output=True, cwd=tmp_path, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"1 sent\n", b"")
    assert embedded.bodies("orders") == [b"m0 ", b"one"] and not kept(state)


def test_a_file_of_that_name(
    embedded: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = fill(embedded, 1)
    assert main(["drain", "--yes", url(embedded), QUEUE, "./-"]) == 0
    assert bodies(Path("./-").read_bytes()) == found
    assert main(["refill", url(embedded), "./-"]) == 0
    assert capsys.readouterr() == ("1 drained\n1 sent\n", "")
    assert main(["drain", "--yes", "--append", url(embedded), QUEUE, "-"]) == 2
    problem = "--append and --overwrite are about a file, and - is standard output"
    assert capsys.readouterr().err == f"stomptui: {problem}; see stomptui drain --help\n"


def test_a_terminal_is_asked_about(embedded: EmbeddedBroker, state: Path, tmp_path: Path) -> None:
    fill(embedded, 2)
    environment = dict(os.environ)
    command = [*PROGRAM, "drain", "--wait", "0.2", url(embedded), QUEUE, "-"]
    with Terminal(command, environment, folder=tmp_path) as screen:
        screen.wait_for("print all messages of /queue/orders", "on this terminal, where nothing keeps them", "[y/N]")
        screen.type_in("y\r")
        screen.wait_for('"body": "m1 "', "2 drained")
        assert screen.wait_end() == 0
    with Terminal([*PROGRAM, "refill", url(embedded), "-"], environment, folder=tmp_path) as screen:
        screen.wait_for("Ctrl+D ends them")
        screen.type_in('{"destination": "/queue/orders", "body": "typed"}\r')
        screen.type_in("\x04")
        screen.wait_for("1 sent")
        assert screen.wait_end() == 0
    assert embedded.bodies("orders") == [b"typed"] and not kept(state)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{}".encode("utf-16"), "is UTF-16, and messages are UTF-8: iconv"),
        ("{}".encode("utf-16-le"), "is UTF-16"),
        ("{}".encode("utf-16-be"), "is UTF-16"),
        (b"\x1f\x8b\x08\x00", "is compressed by gzip: gunzip unpacks it"),
    ],
)
def test_what_is_no_utf_8_is_told_plainly(
    embedded: EmbeddedBroker, tmp_path: Path, data: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(data)
    assert main(["refill", url(embedded), str(path)]) == 1
    said = capsys.readouterr()
    assert words in said.err and said.err.count("\n") == 1 and not said.out


def test_a_mark_before_any_line_is_nothing(embedded: EmbeddedBroker, tmp_path: Path) -> None:
    """Files that editors have put one into, one after the other."""
    path = tmp_path / "in.jsonl"
    mark = b"\xef\xbb\xbf"
    path.write_bytes(mark + lines(b"one") + mark + lines(b"two") + mark + b"\n")
    assert main(["refill", url(embedded), str(path)]) == 0
    assert embedded.bodies("orders") == [b"one", b"two"]
    fill(embedded, 1)
    assert main(["drain", "--yes", "--append", "--max", "3", url(embedded), QUEUE, str(path)]) == 0


@pytest.mark.parametrize("kind", ["a named pipe", "a directory", "a device"])
def test_what_is_no_file_is_told_and_never_waited_for(
    embedded: EmbeddedBroker, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(embedded, 1)
    path = tmp_path / "there"
    if kind == "a named pipe":
        os.mkfifo(path)
    elif kind == "a directory":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    for command in (["refill", url(embedded)], ["drain", "--yes", "--append", url(embedded), QUEUE]):
        assert main([*command, str(path)]) == 1
        said = capsys.readouterr()
        assert f"it is {kind}" in said.err and said.err.count("\n") == 1 and not said.out
    assert embedded.depth("orders") == (1, 0)


def test_a_link_to_nothing_is_not_written_through(
    embedded: EmbeddedBroker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(embedded, 1)
    path = tmp_path / "link"
    path.symlink_to(tmp_path / "elsewhere")
    assert main(["drain", "--yes", "--append", url(embedded), QUEUE, str(path)]) == 1
    assert capsys.readouterr().err == f"stomptui: {path} is a link to {tmp_path / 'elsewhere'}, which is not there\n"
    assert not (tmp_path / "elsewhere").exists()


def test_a_reader_that_never_reads_does_not_keep_it_from_ending() -> None:
    read, write = os.pipe()
    asked: list[str] = []

    def stopped() -> str:
        asked.append("")
        return "by Ctrl+C" if len(asked) > 1 else ""

    sink = StandardOutput(write, stopped)
    sink.write(b"x" * 200_000)
    with pytest.raises(FileError, match="standard output is not read"):
        sink.sync()
    with pytest.raises(FileError, match="takes nothing back"):
        sink.cut(0)
    os.close(read)
    os.close(write)
