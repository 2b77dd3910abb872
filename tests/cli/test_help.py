"""Help, its examples, wrong commands, exit statuses, and how little is imported for them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from stomptui.cli.exit_status import ExitStatus
from stomptui.cli.main import main
from stomptui.cli.registry import NAMED, SUBCOMMANDS, parse
from stomptui.cli.subcommand import Example, Subcommand
from stomptui.config.connection import Connection
from stomptui.config.profiles import Profiles
from stomptui.config.signals import ENDING
from tests.support.embedded import EmbeddedBroker

EXAMPLES = [(command, example) for command in SUBCOMMANDS for example in command.examples]

FIXED = r' *(usage: )?([a-z]+ .*stomptui|stomptui|#|\{|with ")'
"""Lines that are as long as they are: usage, examples and the format of a file."""


def arguments(example: Example) -> list[str]:
    """Those of stomptui in an example, which may be a pipeline."""
    (ours,) = [part for part in example.command.split("|") if "stomptui" in part]
    program, *rest = shlex.split(ours)
    assert program == "stomptui"
    return rest


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=lambda value: getattr(value, "command", None))
def test_each_example_can_be_pasted(command: Subcommand, example: Example) -> None:
    found, _, given = parse(arguments(example))
    assert found is command
    # What is longer is hard to read where it wraps.
    assert len(example.command) <= 80 and len(example.about) <= 76
    for url in [word for word in arguments(example) if "://" in word]:
        assert url in getattr(given, "places", [getattr(given, "url", None)])


def test_the_examples_of_drain_and_refill_do_what_they_say(
    embedded: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STOMPTUI_PASSWORD", "guest")
    for module in ("drain", "transfer.refilling"):
        monkeypatch.setattr(f"stomptui.cli.{module}.on_a_terminal", lambda: True)
    monkeypatch.setattr("stomptui.cli.transfer.runner.ask", lambda question: "y\n")
    Profiles().save("staging", Connection(port=embedded.port, login="guest"))

    def fill() -> None:
        for queue in ("test", "errors"):
            for _ in range(600):
                embedded.queues.publish(f"/queue/{queue}", (), b"m")

    embedded.call(fill)
    for command in ("drain", "refill"):
        for example in NAMED[command].examples:
            if "|" not in example.command:
                line = [part.replace("127.0.0.1/", f"127.0.0.1:{embedded.port}/") for part in arguments(example)]
                more = ["--wait", "0.2"] if command == "drain" else []
                said = main([*line, *more]), capsys.readouterr()
                assert said[0] == 0, said


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", ["", *NAMED])
def test_help_fits_the_terminal(
    name: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main([*filter(None, [name]), "--help"]) == 0
    text = capsys.readouterr().out
    prose = [line for line in text.splitlines() if not re.match(FIXED, line)]
    assert max(map(len, prose)) <= max(min(width, 100), 60)
    for status in ExitStatus:
        assert re.search(rf"^  {status.value} +{status.meaning[:12]}", text, re.MULTILINE)


def test_all_commands_are_listed_in_a_line_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    main(["--help"])
    text = capsys.readouterr().out
    for name, command in NAMED.items():
        assert re.search(rf"^  {name} +{re.escape(command.summary)}$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["drian", "stomp://h/", "/queue/q", "f"],
            "there is no command drian; did you mean drain? See stomptui --help",
        ),
        (
            ["--read-only", "drain", "stomp://h/", "q", "f"],
            "the command comes before its options: stomptui drain OPTIONS; see stomptui --help",
        ),
        (["Refill", "stomp://h/", "f"], "there is no command Refill; did you mean refill? See stomptui --help"),
        (
            ["send", "stomp://h/", "/queue/q"],
            "there is no command send; there are drain, refill, check, web, broker and reference; see",
        ),
        (["h.example", "x"], "unrecognized arguments: x; see stomptui --help"),
        (
            ["drain", "--bogus", "stomp://h/", "/queue/q", "f"],
            "unrecognized arguments: --bogus; see stomptui drain --help",
        ),
        (["refill", "--from-line", "x", "stomp://h/", "f"], "invalid int value: 'x'; see stomptui refill --help"),
        (["broker", "--port", "70000"], "a port is a number from 0 to 65535; see stomptui broker --help"),
        (["dr\x1b[31m", "x"], "unrecognized arguments: x"),
    ],
)
def test_an_error_names_the_command_that_was_meant_and_the_help_to_read(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == ExitStatus.BAD_ARGUMENTS
    said = capsys.readouterr()
    assert words in said.err and said.err.count("\n") == 1 and "\x1b" not in said.err and not said.out


def test_a_host_may_be_called_like_almost_anything() -> None:
    """Such a URL has always been one."""
    for word in ("drian", "console", "broker1", "refill.example"):
        command, _, given = parse([word])
        assert command.default and given.url == word


@pytest.mark.parametrize("number", ENDING)
def test_each_signal_that_ends_a_command_has_a_status(number: int) -> None:
    assert ExitStatus.of_signal(number) == 128 + number


@pytest.mark.parametrize("line", ["--version", "--help", "drain --help", "refill x", "broker --help"])
def test_help_and_errors_need_no_screen_and_no_connection(line: str) -> None:
    heavy = ("textual", "rich", "stomp", "urllib3", "asyncio", "ssl")
    script = (
        f"import sys; from stomptui.cli.main import main; main({line.split()!r}); "
        f"sys.exit(str([name for name in {heavy!r} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "[]"
