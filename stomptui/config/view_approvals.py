"""Which commands of [views] a person agreed to run, for each profile: views.json in the state folder."""

from __future__ import annotations

from pathlib import Path

from stomptui.config.approvals import Approvals
from stomptui.config.files.paths import state_dir


class ViewApprovals(Approvals):
    """Commands that may be run; without a profile they are remembered until the program ends.

    Args:
        path: The file, views.json in the state folder by default.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path or state_dir() / "views.json")
