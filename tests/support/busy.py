"""Run a command beside processes that never rest, as on a machine that others use too.

Usage: python -m tests.support.busy COMMAND...
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

PROCESSES = 2
LONGEST = 900
"""Seconds after which the command is ended, and has failed."""
# It ends by itself should this one be killed.
SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    for _ in range(1_000_000):\n        pass"


@contextlib.contextmanager
def busy(processes: int = PROCESSES) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many processes that take all the time they get."""
    started = []
    try:
        for _ in range(processes):
            started.append(subprocess.Popen([sys.executable, "-c", SPIN]))
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def run(command: Sequence[str], longest: float = LONGEST) -> int:
    """Its exit status, 124 if it took too long."""
    with busy():
        try:
            return subprocess.run(command, timeout=longest, check=False).returncode
        except subprocess.TimeoutExpired:
            print(f"ended after {longest:g} s: {' '.join(command)}", file=sys.stderr)
            return 124


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
