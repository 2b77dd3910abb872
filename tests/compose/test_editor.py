"""The body goes to the person's own editor and comes back as it was written."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stomptui.compose.editor import BodyFile, EditorError, editor_command


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"VISUAL": "  ", "EDITOR": "'/opt/my editor/ed' -n"}, ["/opt/my editor/ed", "-n"]),
    ],
)
def test_the_editor_is_the_one_the_person_named(environment: dict[str, str], command: list[str]) -> None:
    assert editor_command(environment) == command


def test_without_an_editor_it_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(EditorError, match="EDITOR"):
        editor_command({"PATH": str(tmp_path)})
    with pytest.raises(EditorError, match="VISUAL"):
        editor_command({"VISUAL": "vi 'x"})
    program = tmp_path / "vi"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    assert editor_command({"PATH": str(tmp_path)}) == [str(program)]


def test_an_edited_body_comes_back_and_the_file_is_gone() -> None:
    with BodyFile('{"a": "日本"}', "application/json") as file:
        assert file.path.suffix == ".json"
        if sys.platform != "win32":
            assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
            assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
        program = "import sys; p = sys.argv[1]; b = open(p, 'rb').read(); open(p, 'wb').write(b + b'\\r\\n\\xc3\\xa9')"
        subprocess.run([sys.executable, "-c", program, str(file.path)], check=True)
        assert file.read() == '{"a": "日本"}\r\né'
    assert not file.path.parent.exists()


def test_what_only_has_its_last_line_ended_is_unchanged() -> None:
    with BodyFile("one\ntwo") as file:
        assert file.read() is None
        file.path.write_bytes(b"one\ntwo\n")
        assert file.read() is None
        file.path.write_bytes(b"one\n")
        assert file.read() == "one\n"


def test_bytes_stay_bytes() -> None:
    with BodyFile(b"\xff\0") as file:
        assert file.path.read_bytes() == b"\xff\0"
        file.path.write_bytes(b"\xff\0\1")
        assert file.read() == b"\xff\0\1"
        file.path.unlink()
        with pytest.raises(EditorError):
            file.read()
