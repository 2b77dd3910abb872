"""Suspending with Ctrl+Z, and coming back, as a shell expects."""

from __future__ import annotations

import os
import signal


def stop_job() -> None:
    """Stop this process and what was started together with it, such as `make`; `fg` brings all of it back."""
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGTSTP)
