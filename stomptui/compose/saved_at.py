"""Where a draft was saved, or was opened from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SavedAt:
    """A message in a library that a draft is saved to again.

    Args:
        library: The directory of the library.
        path: The file in it.
        digest: Of what was in it when it was read or written last, to notice that it was changed meanwhile.
        name: What the message is called.
    """

    library: Path
    path: Path
    digest: str
    name: str
