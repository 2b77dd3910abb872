"""Where the program starts."""

from __future__ import annotations

import sys

from stomptui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
