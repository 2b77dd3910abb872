"""What is printed: harmless whatever it holds, in whatever encoding, and also where nobody reads it."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import stomptui
from stomptui.cli.main import main
from stomptui.config.connection import Connection
from stomptui.config.output import Stream, fitting, put, put_status, say
from stomptui.config.profiles import Profiles
from stomptui.protocol.clean import clean
from tests.support.embedded import EmbeddedBroker

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(stomptui.__file__).parent
OUTPUT = PACKAGE / "config" / "output.py"
HOSTILE = "\x1b]2;owned\x07\x1b[2J\x9b31m\u202egro.live\r\n\x00\udc9b"
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
PRINTERS = {
    "print", "input", "breakpoint", "print_exc", "print_exception", "print_stack", "print_tb", "StreamHandler",
    "basicConfig", "getpass", "print_help", "print_usage", "pprint",
}  # fmt: skip

SUSPICIOUS = re.compile(
    "|".join((*STREAMS, *PRINTERS, "ArgumentParser", r"\bexit", "SystemExit", r"os\.(write|dup2)", "/dev/"))
)


@pytest.fixture(autouse=True)
def _own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STOMPTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("STOMPTUI_STATE_DIR", str(tmp_path / "state"))
    for name in ("STOMPTUI_URL", "STOMPTUI_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def other_ways(path: Path) -> Iterator[str]:
    """Where a file of the package prints, or could let somebody else print, past the module that does."""
    source = path.read_text()
    if not SUSPICIOUS.search(source):
        return
    for node in ast.walk(ast.parse(source)):
        place = f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute) and node.attr in STREAMS and getattr(node.value, "id", "") == "sys":
            yield f"{place}: sys.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "sys":
            yield from (f"{place}: {name.name}" for name in node.names if name.name in STREAMS)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            whose = getattr(getattr(node.func, "value", None), "id", "")
            first = node.args[0] if node.args else None
            if name in PRINTERS or (name == "ArgumentParser" and path.name != "parser.py"):
                yield f"{place}: {whose}.{name}"
            elif name in ("SystemExit", "exit") and isinstance(first, (ast.JoinedStr, ast.Constant)):
                if not isinstance(getattr(first, "value", None), int):
                    yield f"{place}: {name} with a text"
            elif whose == "os" and name in ("write", "dup2") and isinstance(first, ast.Constant):
                yield f"{place}: os.{name} on a descriptor"
        elif isinstance(node, ast.Constant) and node.value in ("/dev/tty", "/dev/stdout", "/dev/stderr"):
            yield f"{place}: {node.value}"


def test_nothing_prints_in_another_way() -> None:
    # What is painted on the screen was made safe before; it has a way of its own to the terminal.
    ours = (OUTPUT, PACKAGE / "ui" / "terminal" / "output.py")
    found = [way for path in sorted(PACKAGE.rglob("*.py")) if path not in ours for way in other_ways(path)]
    assert found == []
    assert [*other_ways(OUTPUT)], "the search would find one"


def is_harmless(text: str) -> bool:
    """Whether a terminal would paint all of it as it stands, lines apart."""
    return clean(text, "\n") == text


@pytest.mark.parametrize(
    "arguments",
    [
        ["--theme", HOSTILE, HOSTILE],
        [HOSTILE],
        [f"stomp://{HOSTILE}@h/"],
        ["stomp://h/?%1b]2;owned%07=1"],
        ["--profile", HOSTILE],
        ["--profile", "evil\x1b]2;owned\x07"],
        ["--connect-timeout", HOSTILE],
        [f"--{HOSTILE}"],
        ["--log-file", f"/proc/none/{HOSTILE.replace(chr(0), '')}", "stomp://h"],
        ["drain", HOSTILE, HOSTILE, HOSTILE, "--yes"],
        ["drain", "stomp://%1b]2;owned%07@h/", f"/queue/{HOSTILE}", "x", "--yes"],
        ["drain", "stomp://127.0.0.1:1/", f"/queue/{HOSTILE}", "x", "--yes"],
        ["refill", "stomp://h/", HOSTILE],
        ["broker", "--port", HOSTILE],
        ["web", "--tabs", HOSTILE],
        ["web", "--host", HOSTILE.replace("\0", ""), "--port", "0"],
        ["broker", "--host", HOSTILE.replace("\0", ""), "--port", "0"],
        ["broker", HOSTILE],
    ],
)
def test_what_a_terminal_would_obey_is_never_printed(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Profiles().save("evil\x1b]2;owned\x07", Connection(host="h", headers=(("token\x9b", ""),)))
    assert main(arguments) in (1, 2)
    said = capsys.readouterr()
    assert said.err.startswith("stomptui") and said.err.count("\n") >= 1
    assert is_harmless(said.err), said.err
    assert said.out == ""


def test_counts_status_and_questions_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    put(HOSTILE)
    say(HOSTILE)
    put_status(HOSTILE)
    said = capsys.readouterr()
    assert said.out.count("\n") == 1 and is_harmless(said.out)
    assert is_harmless(said.err.replace("\r\x1b[K", ""))


@pytest.mark.parametrize("stream", Stream)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp1252", "utf-16"])
def test_what_an_encoding_lacks_is_replaced(stream: Stream, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, stream.value, io.TextIOWrapper(raw, encoding, "strict"))
    assert put("größe … “名” \ud800", stream)
    written = raw.getvalue().decode(encoding)
    assert re.fullmatch(r'gr(ö|\?)(ß|\?)e (…|\.) (“|")(名|\?)(”|") (�|\?)\n', written)


def test_our_own_signs_stay_as_wide() -> None:
    signs = "─│╭╮╰╯●○…·•←→✓✗⚠█"
    assert len(fitting(signs, "ascii")) == len(signs)
    assert "?" not in fitting(signs, "ascii")


def run(arguments: list[str], shell: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a person types in a shell; `PROGRAM` in it stands for the program and its arguments."""
    line = shell.replace("PROGRAM", '"$@"')
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}", "bash", sys.executable, "-m", "stomptui", *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("shell", "environment"),
    [
        ("PROGRAM >&-", {}),
        ("PROGRAM >&- 2>&- <&-", {}),
        ("PROGRAM | true", {}),
        ("PROGRAM >/dev/full 2>&1", {}),
        ("PROGRAM", {"PYTHONIOENCODING": "ascii:strict"}),
        ("PROGRAM", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    ],
)
def test_streams_of_every_kind(
    shell: str, environment: dict[str, str], embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    """A drain does its work whatever becomes of what it says, of which a name that is hard to encode is a part."""
    queue = "/queue/x" if "LC_ALL" in environment else "/queue/größe "
    embedded.call(lambda: embedded.queues.publish(queue, (), b"x"))
    file = tmp_path / "x.jsonl"
    url = f"stomp://127.0.0.1:{embedded.port}/"
    done = run(["drain", "--yes", "--wait", "0.1", url, queue, str(file)], shell, **environment)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr and "rror:" not in done.stderr
    assert file.read_text().count("\n") == 1, "a message did not go into a stream's place"
    assert embedded.depth(queue.removeprefix("/queue/")) == (0, 0)


@pytest.mark.parametrize(
    ("shell", "arguments", "status"),
    [
        ("PROGRAM >&-", ["--help"], 0),
        ("PROGRAM | head -1", ["--help"], 0),
        ("PROGRAM | true", ["--version"], 0),
        ("PROGRAM 2>&-", ["--größe"], 2),
        ("PROGRAM", ["--größe"], 2),
    ],
)
def test_help_and_errors_without_a_reader(shell: str, arguments: list[str], status: int) -> None:
    done = run(arguments, shell, PYTHONIOENCODING="ascii:strict")
    assert done.returncode == status
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_a_closed_descriptor_is_no_place_for_the_next_file(tmp_path: Path) -> None:
    """The log, a socket or an editor's output would take the number that is free."""
    script = "import os, sys; from stomptui.config.output import guard_process; guard_process(); "
    script += "print(min(os.open('/dev/null', os.O_RDONLY), 9), file=open(sys.argv[1], 'w'))"
    told = tmp_path / "descriptor"
    subprocess.run(
        ["bash", "-c", '"$@" <&- >&- 2>&-', "bash", sys.executable, "-c", script, told], cwd=ROOT, check=True
    )
    assert int(told.read_text()) > 2


@pytest.mark.parametrize("where", ["main", "thread", "finaliser", "log"])
def test_an_exception_nobody_expected_is_one_harmless_line(where: str) -> None:
    script = f"""
import logging, threading, warnings
from stomptui.config.output import guard_process
guard_process()
def fail(): raise ValueError({HOSTILE!r})
class Failing:
    def __del__(self): fail()
def thread():
    one = threading.Thread(target=fail); one.start(); one.join()
warnings.warn({HOSTILE!r})
def log(): logging.getLogger("x").error({HOSTILE!r})
dict(main=fail, thread=thread, finaliser=lambda: Failing() and None, log=log)[{where!r}]()
"""
    done: Any = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False)
    said = done.stderr.decode()
    assert said.startswith("stomptui") and "owned" in said
    assert said.count("\n") == 1 and is_harmless(said)
