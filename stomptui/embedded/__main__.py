"""`python -m stomptui.embedded`: the broker in the box alone."""

from __future__ import annotations

import sys

from stomptui.cli.embedded import main
from stomptui.config.output import guard_process

if __name__ == "__main__":
    guard_process()
    sys.exit(main(sys.argv[1:]))
