"""`stomptui web`: its arguments, what it needs, and what each console is started with."""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from stomptui import __version__
from stomptui.cli.console import add_console_arguments
from stomptui.cli.main import main
from stomptui.cli.registry import parse
from stomptui.cli.web import REPEATED, SINGLE, SWITCHES, console_command, console_environment
from stomptui.config.in_browser import DRIVER

URL = "stomp://guest:sesame-47@h.example/"


def test_a_console_gets_the_arguments_and_no_password_on_its_command_line() -> None:
    _, _, given = parse(
        [
            "web",
            URL,
            "--peek=-odd",
            "--subscribe",
            "/topic/a",
            "--subscribe",
            "/topic/b",
            "--vhost",
            "v",
            "--port",
            "1",
        ]
    )
    command = console_command(given)
    assert command[3:] == [
        "--quiet", "--vhost=v", "--peek=-odd", "--subscribe=/topic/a", "--subscribe=/topic/b",
    ]  # fmt: skip
    assert console_environment(given) == {"TEXTUAL_DRIVER": DRIVER, "STOMPTUI_URL": URL}
    _, _, given = parse(["web", "--demo", "--read-only", "--profile", "p"])
    assert console_command(given)[3:] == ["--quiet", "--demo", "--read-only", "--profile=p"]
    assert console_environment(given) == {"TEXTUAL_DRIVER": DRIVER}
    # What a console begins with is read by the same parser.
    assert parse(command[3:])[2].subscribe == ["/topic/a", "/topic/b"]


def test_a_console_imports_nothing_from_the_folder_it_is_started_in(tmp_path: Path) -> None:
    for name in ("stomptui", "textual", "argparse"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)")
    _, _, given = parse(["web"])
    run = subprocess.run(
        [*console_command(given)[:3], "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, f"stomptui {__version__}\n"), run.stderr


def test_no_argument_of_the_console_is_forgotten() -> None:
    parser = argparse.ArgumentParser()
    add_console_arguments(parser)
    assert {action.dest for action in parser._actions} == {"help", "url", *SINGLE, *REPEATED, *SWITCHES}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "65536"], "a port is a number from 0 to 65535; see stomptui web --help"),
        (["--tabs", "0"], "--tabs is a number from 1 to 100"),
        ([URL, "--demo"], "a URL and --demo cannot be used together"),
        (["--profile", "nobody"], "has no profile nobody"),
        (["bogus://h/"], "bogus:// is not known"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_served(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["web", *arguments]) == 2
    captured = capsys.readouterr()
    assert words in captured.err and not captured.out and "sesame-47" not in captured.err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec

    def found(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "textual_serve" else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", found)
    assert main(["web"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "stomptui web: textual-serve is not installed: pip install 'stomptui[web]'\n"
    assert not captured.out


def test_only_the_driver_of_a_tab_is_let_run_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TEXTUAL_DRIVER", json.dumps("another"))
    assert main([]) == 2
    assert "a terminal is needed" in capsys.readouterr().err
