"""Where brokers that are downloaded are kept, outside the checkout, and how they get there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stomptui-brokers"
NOT_FETCHED = "not downloaded; `make brokers` does that"


def fill(folder: Path, make: Callable[[Path], None]) -> None:
    """Let `make` fill what the folder is to hold, once; two that do it at the same time do not harm each other."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".get.", dir=folder.parent) as work:
        made = Path(work) / "made"
        made.mkdir()
        make(made)
        try:
            made.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
