"""Where a draft was saved, or was opened from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stomptui.config.files.paths import messages_dir


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

    @property
    def is_own(self) -> bool:
        """Whether the library is the person's own directory, in which they wrote whatever it asks for."""
        return self.library == messages_dir()
