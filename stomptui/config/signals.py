"""The signals that ask the program to end, as far as the system has them."""

from __future__ import annotations

import signal

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
