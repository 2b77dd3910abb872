"""The command line that starts stomptui once more, in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGES = Path(__file__).resolve().parents[2]
_START = (
    "import sys; sys.path[:] = [*filter(None, sys.path), {place!r}]; "
    "from stomptui.cli.main import main; sys.exit(main())"
)
"""With `-m`, Python would import modules of the current folder before its own."""


def own_command(*arguments: str) -> list[str]:
    """The program and its arguments, as the installed `stomptui` with these arguments."""
    return [sys.executable, "-c", _START.format(place=str(_PACKAGES)), *arguments]
